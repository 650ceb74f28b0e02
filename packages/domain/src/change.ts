export const CHANGE_KINDS = ['deploy', 'rollback'] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

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

/**
 * Where a change may go from each state; an empty list is an end.
 * A rollback enters at `gated` by references that verify, and needs no approval: it is pre-approved by its kind.
 */
export function nextStates(kind: ChangeKind, from: ChangeState | undefined): readonly ChangeState[] {
  switch (from) {
    case undefined:
      return ['proposed'];
    case 'proposed':
      return kind === 'rollback' ? ['gated', 'denied', ...BEFORE_DEPLOYING] : ['built', ...BEFORE_DEPLOYING];
    case 'built':
      return ['gated', 'denied', ...BEFORE_DEPLOYING];
    case 'gated':
      return ['planned', 'unchanged', ...BEFORE_DEPLOYING];
    case 'planned':
      return kind === 'rollback'
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
