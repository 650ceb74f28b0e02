import { type ChangeKind, type ChangeState, isProvisioning } from './change.ts';

/** What a signing key is for. One key per duty, so that no job can speak for another. */
export const DUTIES = [
  'contract',
  'build',
  'gate',
  'approve',
  'deploy',
  'rotate',
  'review',
  'provision',
] as const;

export type Duty = (typeof DUTIES)[number];

/** The duties whose keys are the provider's own and speak to all of its tenants. Every other key is one environment's. */
const PROVIDER_DUTIES = ['contract', 'review'] as const satisfies readonly Duty[];

/** What a key of one environment may be for. A contract may name such keys, and no others. */
export type EnvironmentDuty = Exclude<Duty, (typeof PROVIDER_DUTIES)[number]>;

export const ENVIRONMENT_DUTIES: readonly EnvironmentDuty[] = DUTIES.filter(isEnvironmentDuty);

export function isEnvironmentDuty(duty: Duty): duty is EnvironmentDuty {
  return !PROVIDER_DUTIES.some((own) => own === duty);
}

/** The roles of one tenant environment: `/td/<environment>/td-<environment>-<role>`. `evidence` writes what deliveries record, `journal` what rotations and grants do. The two that provision and `verify` write their own; `observe` writes and signs nothing. */
export const ROLES = [
  'pull-request',
  'read',
  'build',
  'gate',
  'approve',
  'deploy',
  'redeploy',
  'rotate',
  'rotate-secret',
  'rotate-registry',
  'rotate-vpn',
  'access',
  'report',
  'evidence',
  'journal',
  'provision-plan',
  'provision',
  'verify',
  'observe',
] as const;

export type Role = (typeof ROLES)[number];

type Signed = Readonly<Partial<Record<Duty, readonly ChangeState[]>>>;

/** The contract and review keys sign no events, and the rotate key journals alone. */
const OF_DELIVERIES: Signed = {
  // It ends open changes of runs that are over, and what a rollback supersedes.
  build: ['proposed', 'built', 'abandoned'],
  // A rejected job never starts, so its own key cannot say so; saying no only stops things.
  gate: ['gated', 'denied', 'planned', 'unchanged', 'rejected', 'withdrawn', 'abandoned'],
  approve: ['approved', 'rejected', 'expired'],
  deploy: ['deploying', 'verified', 'failed', 'rolled-back', 'closed', 'abandoned'],
};

/** One key plans and applies, because no customer's code runs in either job. People still approve by another. */
const OF_PROVISIONING: Signed = {
  approve: ['approved', 'rejected', 'expired'],
  provision: [
    'proposed',
    'gated',
    'denied',
    'planned',
    'unchanged',
    'deploying',
    'verified',
    'closed',
    'rejected',
    'withdrawn',
    'abandoned',
    'failed',
    'rolled-back',
  ],
};

/** Into which states a duty's key may move a change of this kind. */
export function statesSignedBy(duty: Duty, kind: ChangeKind): readonly ChangeState[] {
  return (isProvisioning(kind) ? OF_PROVISIONING : OF_DELIVERIES)[duty] ?? [];
}

/** The duties whose keys may move a change of this kind into a state. */
export function dutiesFor(kind: ChangeKind, to: ChangeState): readonly Duty[] {
  return DUTIES.filter((duty) => statesSignedBy(duty, kind).includes(to));
}
