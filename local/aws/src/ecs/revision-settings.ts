import type { RevisionSettings } from './state.ts';

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
    platformVersion,
  };
}
