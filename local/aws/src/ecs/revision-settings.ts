import type { RevisionSettings } from './state.ts';

/** Fargate's latest platform version for Linux: a service says LATEST, and its revisions and tasks say this. */
const LATEST = '1.4.0';

/** What a revision keeps of its service's settings. */
export function revisionSettings({
  taskDefinition,
  containers,
  subnets,
  securityGroups,
  assignPublicIp,
  loadBalancers,
  platformVersion,
}: RevisionSettings): RevisionSettings {
  return {
    taskDefinition,
    containers,
    subnets,
    securityGroups,
    assignPublicIp,
    loadBalancers,
    platformVersion: platformVersion === 'LATEST' ? LATEST : platformVersion,
  };
}
