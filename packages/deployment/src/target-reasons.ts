import type { TargetState } from './observed.ts';

/** What a target's state means for verifying. */
export type TargetMeaning =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'wait' }
  /** Bad news that may pass: fails when a second sample says the same. */
  | { readonly kind: 'bad'; readonly advice: string }
  /** Will never become healthy by waiting. */
  | { readonly kind: 'hopeless'; readonly advice: string };

const BY_REASON: Readonly<Record<string, TargetMeaning>> = {
  'Elb.RegistrationInProgress': { kind: 'wait' },
  'Elb.InitialHealthChecking': { kind: 'wait' },
  'Elb.InternalError': { kind: 'wait' },
  'Target.NotRegistered': { kind: 'wait' },
  'Target.ResponseCodeMismatch': {
    kind: 'bad',
    advice: 'The service answers with another code than the matcher wants: check the path and what it needs.',
  },
  'Target.Timeout': {
    kind: 'bad',
    advice:
      'Nothing came back in time: check security groups, the port, and whether the service is overloaded.',
  },
  'Target.FailedHealthChecks': {
    kind: 'bad',
    advice:
      'The connection was refused or reset: check that the process listens on 0.0.0.0 and on this port.',
  },
  'Target.DeregistrationInProgress': {
    kind: 'bad',
    advice: 'A task of this deployment is being taken out of the target group; look for a later change.',
  },
  'Target.NotInUse': {
    kind: 'hopeless',
    advice:
      "Attach the target group to a listener of the balancer, and enable the balancer in the task's zone; the task will never be healthy otherwise.",
  },
  'Target.InvalidState': { kind: 'hopeless', advice: 'The target is stopped or terminated.' },
  'Target.IpUnusable': {
    kind: 'hopeless',
    advice: "The address belongs to a load balancer and can't be a target.",
  },
  'Target.HealthCheckDisabled': {
    kind: 'hopeless',
    advice: 'Health checks are off on this target group, so nothing can be verified: switch them on.',
  },
};

/** States without a reason that is known to us ("TargetHealth", Elastic Load Balancing API Reference). */
const BY_STATE: Readonly<Record<string, TargetMeaning>> = {
  healthy: { kind: 'healthy' },
  initial: { kind: 'wait' },
  unavailable: { kind: 'wait' },
  unused: { kind: 'wait' },
  draining: BY_REASON['Target.DeregistrationInProgress'] ?? { kind: 'wait' },
};

/** A state that AWS may add is bad news: only the word `healthy` is good. */
const UNHEALTHY: TargetMeaning = { kind: 'bad', advice: "Read the target's reason in the target group." };

export function meaningOf({ state, reason }: Pick<TargetState, 'state' | 'reason'>): TargetMeaning {
  if (state === 'healthy') return { kind: 'healthy' };
  return own(BY_REASON, reason) ?? own(BY_STATE, state) ?? UNHEALTHY;
}

function own(meanings: Readonly<Record<string, TargetMeaning>>, word: string | undefined) {
  return word !== undefined && Object.hasOwn(meanings, word) ? meanings[word] : undefined;
}
