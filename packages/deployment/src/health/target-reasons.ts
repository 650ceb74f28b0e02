import type { TargetState } from '../observed.ts';

/** What a target's state means for verifying. */
export type TargetMeaning =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'wait' }
  /** Bad news that may pass: fails when a second sample says the same, and is only news inside a grace period. */
  | { readonly kind: 'bad'; readonly asked: HealthCheckPart; readonly advice: string }
  /** Will never become healthy by waiting. */
  | { readonly kind: 'hopeless'; readonly advice: string }
  /** Neither healthy nor unhealthy can be proven. */
  | { readonly kind: 'unverifiable'; readonly advice: string };

/** What of the health check explains a reason: all of it for a wrong answer, its port and time limit for silence. */
export type HealthCheckPart = 'request' | 'port and time' | 'port' | 'nothing';

const DEREGISTERED: TargetMeaning = {
  kind: 'bad',
  asked: 'nothing',
  advice: 'A task of this deployment is being taken out of the target group; look for a later change.',
};

/** Every row of deploying-to-ecs §3.11 ("TargetHealth", Elastic Load Balancing API Reference). */
const BY_REASON: Readonly<Record<string, TargetMeaning>> = {
  'Elb.RegistrationInProgress': { kind: 'wait' },
  'Elb.InitialHealthChecking': { kind: 'wait' },
  'Elb.InternalError': { kind: 'wait' }, // the balancer's own trouble, in whatever state it says so
  'Target.NotRegistered': { kind: 'wait' },
  'Target.ResponseCodeMismatch': {
    kind: 'bad',
    asked: 'request',
    advice: 'The service answers with another code than the matcher wants: check the path and what it needs.',
  },
  'Target.Timeout': {
    kind: 'bad',
    asked: 'port and time',
    advice:
      'Nothing came back in time: check security groups, the port, and whether the service is overloaded.',
  },
  'Target.FailedHealthChecks': {
    kind: 'bad',
    asked: 'port',
    advice:
      'The connection was refused or reset: check that the process listens on 0.0.0.0 and on this port.',
  },
  'Target.DeregistrationInProgress': DEREGISTERED,
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
    kind: 'unverifiable',
    advice: 'Health checks are off on this target group, so nothing can be verified: switch them on.',
  },
};

/** States without a reason that is known to us. */
const BY_STATE: Readonly<Record<string, TargetMeaning>> = {
  healthy: { kind: 'healthy' },
  initial: { kind: 'wait' },
  unavailable: { kind: 'wait' },
  unused: { kind: 'wait' },
  draining: DEREGISTERED,
};

/** A state that AWS may add is bad news: only the word `healthy` is good. */
const UNHEALTHY: TargetMeaning = {
  kind: 'bad',
  asked: 'request',
  advice: "Read the target's reason in the target group.",
};

export function meaningOf({ state, reason }: Pick<TargetState, 'state' | 'reason'>): TargetMeaning {
  if (state === 'healthy') return { kind: 'healthy' };
  return own(BY_REASON, reason) ?? own(BY_STATE, state) ?? UNHEALTHY;
}

/**
 * What is wrong with the target group or the balancer, so neither time nor another task fixes it;
 * `undefined` for anything else.
 */
export function neverHealthy({
  reason,
}: Pick<TargetState, 'reason'>): { readonly advice: string } | undefined {
  const says = reason === 'Target.NotInUse' || reason === 'Target.IpUnusable' ? BY_REASON[reason] : undefined;
  return says?.kind === 'hopeless' ? says : undefined;
}

function own(meanings: Readonly<Record<string, TargetMeaning>>, word: string | undefined) {
  return word !== undefined && Object.hasOwn(meanings, word) ? meanings[word] : undefined;
}
