import { DAY } from '@tenant-delivery/domain';
import { openGeneration } from '@tenant-delivery/rotation/change-window';
import { PENDING } from '@tenant-delivery/rotation/escrow';
import { iso } from '@tenant-delivery/rotation/times';
import type { Opened, Round } from './facts.ts';
import type { SecretsManagerPolicy } from './policy.ts';
import { type Progress, roundOf } from './progress.ts';
import { hold, reason } from './reasons.ts';
import type { SecretsManagerMove } from './sight.ts';
import { currentOf, labelled, needsRevision, type Snapshot, type UsableSecret } from './snapshot.ts';
import { outage } from './window.ts';

/** Whether a rotation begins. `last`: the newest generation, which is closed. */
export function planOpening(
  seen: Snapshot,
  last: Progress | undefined,
  policy: SecretsManagerPolicy,
  now: number,
): SecretsManagerMove {
  const reasons = refusals(seen, policy);
  const { secret } = seen;
  if (reasons.length > 0 || secret.kind !== 'usable') return { kind: 'refuse', reasons };
  const current = currentOf(secret);
  if (!current)
    return { kind: 'refuse', reasons: [reason('ROTATION_SECRET', 'The secret has no current version.')] };
  const pending = labelled(secret, 'AWSPENDING');
  if (secret.managed && pending && pending !== current)
    return hold('ROTATION_STUCK', 'An earlier rotation did not end.', [
      `AWSPENDING is on the version ${pending.id}`,
    ]);
  const begin = opening(seen, secret, last, policy, now);
  return policy.strategy === 'provider-set'
    ? ofOwner(secret, begin, policy, now)
    : ofFunction(begin, seen, policy, now);
}

interface Opening {
  open(why: Opened['reason'], rounds: readonly Round[]): SecretsManagerMove;
  readonly dueAt: number;
  /** Somebody else changed the value, and a service still names an older one. */
  readonly behind: boolean;
}

function ofFunction(
  { open, dueAt, behind }: Opening,
  seen: Snapshot,
  policy: SecretsManagerPolicy,
  now: number,
): SecretsManagerMove {
  const { strategy, wish } = policy;
  const why = wish ?? (now >= dueAt ? ('due' as const) : undefined);
  if (why === undefined) return behind ? open('behind', ['follow']) : { kind: 'rest', dueAt };
  const failing = strategy === 'single-user' ? outage(policy, seen, now, why === 'compromise') : undefined;
  if (failing) return failing.kind === 'hold' ? { kind: 'refuse', reasons: [failing.reason] } : failing;
  const twice = why === 'compromise' && strategy === 'alternating-users';
  return open(why, twice ? ['rotate', 'rotate'] : ['rotate']);
}

function ofOwner(
  secret: UsableSecret,
  { open, dueAt, behind }: Opening,
  { wish }: SecretsManagerPolicy,
  now: number,
): SecretsManagerMove {
  const staged = labelled(secret, PENDING);
  if (staged && staged !== currentOf(secret))
    return open(wish === 'compromise' ? 'compromise' : 'staged', ['provided']);
  if (behind) return open('behind', ['follow']);
  if (wish === undefined && now < dueAt) return { kind: 'rest', dueAt };
  const old = now < dueAt ? 'A new value was requested' : `The value is too old since ${iso(dueAt)}`;
  return hold('ROTATION_VALUE_AWAITED', `${old}, and its owner has staged none.`);
}

/** Every reason for which nothing may begin, all at once. */
function refusals({ secret, services }: Snapshot, { strategy }: SecretsManagerPolicy) {
  const says = services.flatMap(({ id, obstacles }) =>
    obstacles.map((obstacle) => reason('ROTATION_SERVICE', `${id}: ${obstacle}`)),
  );
  if (secret.kind === 'absent') says.push(reason('ROTATION_SECRET', 'The secret does not exist.'));
  if (secret.kind === 'unusable') says.push(reason('ROTATION_SECRET', `The secret ${secret.why}.`));
  if (secret.kind === 'usable' && secret.managed !== (strategy !== 'provider-set'))
    says.push(
      reason(
        'ROTATION_SECRET',
        secret.managed
          ? 'The contract says that its owner sets the value, and a rotation function does.'
          : 'The contract says that a rotation function sets the value, and the secret has none that is on.',
      ),
    );
  if (services.length === 0)
    says.push(reason('ROTATION_NO_SERVICES', 'No service of the cluster is given the secret.'));
  return says;
}

function opening(
  seen: Snapshot,
  secret: UsableSecret,
  last: Progress | undefined,
  policy: SecretsManagerPolicy,
  now: number,
): Opening {
  const current = currentOf(secret);
  if (!current) throw new TypeError('a secret without a current version was refused before');
  const ours = last && roundOf(last).version === current.id ? roundOf(last).promotedAt : undefined;
  const { pinning } = policy;
  const stale = seen.services.some(
    ({ uses }) =>
      uses.pins.length > 0 && needsRevision(uses, { version: current.id, since: undefined }, pinning),
  );
  return {
    // somebody rolled this service back; it stays so until the next rotation
    behind: ours === undefined && stale,
    dueAt: current.createdAt + policy.maxAge,
    open: (why, rounds) =>
      openGeneration(policy, now, {
        reason: why,
        strategy: policy.strategy,
        secret: secret.arn,
        account: seen.caller.account,
        before: secret.versions.filter(({ stages }) => stages.length > 0).map(({ id }) => id),
        current: current.id,
        since: iso(ours ?? secret.changedAt),
        consumers: seen.services.map(({ id }) => id),
        rounds,
        maxAgeDays: Math.round(policy.maxAge / DAY),
      }),
  };
}
