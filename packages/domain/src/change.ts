/**
 * Kinds that bring an image to a service. A `promotion` brings what was verified in a lower environment; an `exercise`
 * brings to a recovery environment what was verified in the one that it recovers, and is timed.
 */
export const DELIVERY_KINDS = ['deploy', 'rollback', 'promotion', 'exercise'] as const;

/** Kinds that make, change or take down a part of an environment. They are about a signed contract and no image. */
export const PROVISIONING_KINDS = ['provision', 'withdrawal'] as const;

export const CHANGE_KINDS = [...DELIVERY_KINDS, ...PROVISIONING_KINDS] as const;

export type DeliveryKind = (typeof DELIVERY_KINDS)[number];
export type ProvisioningKind = (typeof PROVISIONING_KINDS)[number];
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What one provisioning change covers. Its events name the part where those of a delivery name the service. */
export const PARTS = ['foundation', 'network', 'services'] as const;

export type Part = (typeof PARTS)[number];

export function isPart(name: string): name is Part {
  return PARTS.some((part) => part === name);
}

export function isProvisioning(kind: ChangeKind): kind is ProvisioningKind {
  return PROVISIONING_KINDS.some((each) => each === kind);
}

/** The step that brings the image in: built, or taken over by references that verify. `undefined` where there is no image. */
export function imageEntersAt(kind: ChangeKind): 'built' | 'gated' | undefined {
  if (isProvisioning(kind)) return undefined;
  return kind === 'deploy' ? 'built' : 'gated';
}

/** Whether the version comes from another environment of the tenant, with that environment's record of it. */
export function comesFromElsewhere(kind: ChangeKind): kind is 'promotion' | 'exercise' {
  return kind === 'promotion' || kind === 'exercise';
}

/** Whether the kind is the approval: what it brings was approved and verified before, here or in what it recovers. */
export function isPreApproved(kind: ChangeKind): boolean {
  return kind === 'rollback' || kind === 'exercise';
}

export const CHANGE_STATES = [
  'proposed',
  'built',
  'gated',
  'planned',
  'approved',
  'deploying',
  'verified',
  'closed',
  'denied',
  'rejected',
  'withdrawn',
  'expired',
  'unchanged',
  'abandoned',
  'failed',
  'rolled-back',
] as const;

export type ChangeState = (typeof CHANGE_STATES)[number];

const BEFORE_DEPLOYING = ['withdrawn', 'abandoned'] as const;

/** Where a change may go from each state; an empty list is an end. */
export function nextStates(kind: ChangeKind, from: ChangeState | undefined): readonly ChangeState[] {
  switch (from) {
    case undefined:
      return ['proposed'];
    case 'proposed':
      return imageEntersAt(kind) === 'built'
        ? ['built', ...BEFORE_DEPLOYING]
        : ['gated', 'denied', ...BEFORE_DEPLOYING];
    case 'built':
      return ['gated', 'denied', ...BEFORE_DEPLOYING];
    case 'gated':
      return ['planned', 'unchanged', ...BEFORE_DEPLOYING];
    case 'planned':
      return isPreApproved(kind)
        ? ['deploying', ...BEFORE_DEPLOYING]
        : ['approved', 'rejected', 'expired', ...BEFORE_DEPLOYING];
    case 'approved':
      return ['deploying', 'expired', ...BEFORE_DEPLOYING];
    case 'deploying':
      return ['verified', 'failed', 'rolled-back', 'abandoned'];
    case 'verified':
      return ['closed', 'failed'];
    default:
      return [];
  }
}

/** Nothing follows: the record is complete. */
export function isEnd(state: ChangeState): boolean {
  return nextStates('deploy', state).length === 0;
}
