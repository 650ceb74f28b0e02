import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  reportUnusable: failure(
    'REPORT_UNUSABLE',
    (digest: string, problems: readonly string[]) => ({
      message: `The deployment report ${digest} cannot be verified: ${problems.join('; ')}.`,
      details: problems,
    }),
    'Pass the `report` output of deploy-ecs-service of this run, in the same job, and only when it succeeded.',
  ),
  balancerNotInternal: failure(
    'LOAD_BALANCER_NOT_INTERNAL',
    (name: string, scheme: string | undefined) =>
      scheme === undefined
        ? `There is no load balancer ${name} in this account and region.`
        : `The load balancer ${name} is ${scheme}; the contract agrees on an internal one.`,
    'Call the provider: an internet-facing balancer exposes the service. The provider corrects the balancer or the contract.',
  ),
  targetGroupForeign: failure(
    'TARGET_GROUP_FOREIGN',
    (why: string) => `The service's target group is not the agreed one: ${why}.`,
    'The provider compares the service, the target group and its listener with the contract, and corrects the one that is wrong.',
  ),
};

/** Reason codes of outcomes; each has its page beside the failures. */
export const REASON_OF = {
  verified: 'OK',
  unhealthy: 'TARGETS_NOT_HEALTHY',
  'wrong-image': 'IMAGE_DIGEST_MISMATCH',
  superseded: 'DEPLOYMENT_SUPERSEDED',
  late: 'TARGETS_NOT_HEALTHY_IN_TIME',
  cancelled: 'VERIFICATION_CANCELLED',
} as const;
