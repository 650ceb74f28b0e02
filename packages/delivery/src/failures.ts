import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  contractChanged: failure(
    'CONTRACT_CHANGED',
    (change: string, began: string, now: string) =>
      `${change} was proposed under the contract ${began}; ${now} is in force now.`,
    'Start a new run: the change is proposed, gated and approved under the contract that is in force.',
  ),
  changeSuperseded: failure(
    'CHANGE_SUPERSEDED',
    (change: string, note: string) => `${change} is not delivered any more: ${note}`,
    'Look at the change that replaced it; its run shows its plan. To deliver this version anyway, start a new run once that one has ended.',
  ),
  notApproved: failure(
    'PLAN_NOT_APPROVED',
    (change: string, why: string) => `${change} may not be deployed: ${why}.`,
    'Start a new run and have its plan approved; the approval names the plan by its digest.',
  ),
  resolvedMismatch: failure(
    'RESOLVED_MISMATCH',
    (change: string, why: string) =>
      `The configuration that ${change} was proposed with does not follow from its manifest and the contract: ${why}.`,
    'Start a new run. If it happens again, tell the provider: the build key signed something that open-change does not record.',
  ),
  rollbackTargetNotFound: failure(
    'ROLLBACK_TARGET_NOT_FOUND',
    (why: string) => `There is no change to go back to: ${why}.`,
    'Name a change of this service that was verified in this environment in `to`, or deliver a corrected version.',
  ),
  rollbackTargetDisputed: failure(
    'ROLLBACK_TARGET_DISPUTED',
    (change: string, why: string) => `The record says that ${change} was deployed and verified; ECS ${why}.`,
    'First find out which of the two is right. Name another change in `to`, or deliver a corrected version.',
  ),
  promotionNotAgreed: failure(
    'PROMOTION_NOT_AGREED',
    (environment: string, kind: 'promotion' | 'exercise') =>
      kind === 'promotion'
        ? `The contract does not say from which environment versions are promoted into ${environment}.`
        : `The contract does not say that ${environment} recovers another environment, so there is nothing to exercise.`,
    'Ask the provider to agree on it in the contract: `promotion: { from: ENVIRONMENT }`, or `dr: { recovers: ENVIRONMENT, rtoMinutes: … }`.',
  ),
  promotionUnverified: failure(
    'PROMOTION_UNVERIFIED',
    (environment: string, why: string) => `Nothing from ${environment} can be promoted here: ${why}.`,
    'Name a change that was verified there in `from`, or deliver to that environment first until it is verified.',
  ),
};
