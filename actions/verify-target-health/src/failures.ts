import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  reportUnusable: failure(
    'REPORT_UNUSABLE',
    (digest: string, problems: readonly string[]) => ({
      message: `The deployment report ${digest} cannot be verified: ${problems.join('; ')}.`,
      details: problems,
    }),
    'Pass the `report` output of deploy-ecs-service of this run, in the same job, and only when it succeeded. Leave it out only to conclude a bake.',
  ),
  balancerNotInternal: failure(
    'LOAD_BALANCER_NOT_INTERNAL',
    (name: string, scheme: string | undefined) =>
      scheme === undefined
        ? `There is no load balancer ${name} in this account and region.`
        : `The load balancer ${name} is ${scheme}; the contract agrees on an internal one.`,
    'Call the provider, who corrects the balancer or the contract. An internet-facing balancer exposes the service.',
  ),
  targetGroupForeign: failure(
    'TARGET_GROUP_FOREIGN',
    (why: string) => `The service's target group is not the agreed one: ${why}.`,
    'The provider compares the service, the target group and its listener with the contract, and corrects the one that is wrong.',
  ),
  targetGroupUnused: failure(
    'TARGET_GROUP_UNUSED',
    (name: string) =>
      `The service registers with the target group ${name}, but no listener sends to it, so its tasks would never be healthy there.`,
    'Add the group to a listener or a rule of the balancer, or remove it from the service.',
  ),
  withoutTargets: failure(
    'SERVICE_WITHOUT_TARGETS',
    (service: string) =>
      `${service} registers its tasks with no target group, so there is no health at a load balancer to verify.`,
    'Rely on the health checks of its containers and on its alarms. This action looks at targets.',
  ),
  serviceNotActive: failure(
    'SERVICE_NOT_ACTIVE',
    (service: string, cluster: string, found: string) => `The service ${service} of ${cluster} ${found}.`,
    'Correct `cluster`, `service` and the region; a service is verified where it runs.',
  ),
  deploymentInProgress: failure(
    'DEPLOYMENT_IN_PROGRESS',
    (service: string, status: string, deployment: string) =>
      `A deployment of ${service} has not ended within the time limit: ${deployment} is ${status}.`,
    'Start this again when that deployment has ended, or give more `timeout-minutes`.',
  ),
};

/** Reason codes of outcomes; each has its page beside the failures. */
export const REASON_OF = {
  verified: 'OK',
  unhealthy: 'TARGETS_NOT_HEALTHY',
  unverifiable: 'TARGETS_UNVERIFIABLE',
  'at-rest': 'SERVICE_WITHOUT_TASKS',
  'wrong-image': 'IMAGE_DIGEST_MISMATCH',
  superseded: 'DEPLOYMENT_SUPERSEDED',
  late: 'TARGETS_NOT_HEALTHY_IN_TIME',
  cancelled: 'VERIFICATION_CANCELLED',
  baking: 'BAKE_NOT_OVER',
  'probed-badly': 'PROBE_UNHEALTHY',
  'probed-unproven': 'PROBE_INCONCLUSIVE',
  'baked-badly': 'BAKE_UNHEALTHY',
  'baked-unproven': 'BAKE_INCONCLUSIVE',
  nothing: 'NOTHING_BAKES',
} as const;
