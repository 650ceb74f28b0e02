import { MINUTE } from '@tenant-delivery/domain';
import { planDrain } from '@tenant-delivery/rotation/distribution/plan-drain';
import { nextProbe, planEmptying, planProbes } from '@tenant-delivery/rotation/distribution/plan-probes';
import { freshProof } from '@tenant-delivery/rotation/distribution/plan-proof';
import { act, closedWindow } from '@tenant-delivery/rotation/distribution/sight';
import { MOST_RETURNS, SETTLE } from '@tenant-delivery/rotation/policy';
import { found, wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import type { PublicHalf, Step } from './facts.ts';
import type { ObservedDeployKey } from './observe.ts';
import { AFTERMATH } from './policy.ts';
import { hold } from './reasons.ts';
import { type GithubDeployKeyMove, halfOf, isAway, keyOf, type Sight, windowOf } from './sight.ts';

/** The old key's end: drained, deleted, ready to come back for the grace, forgotten. */
export function planRetirement(sight: Sight): GithubDeployKeyMove {
  const { progress, now } = sight;
  const { old } = progress.opened;
  if (old === null) return close(sight, []);
  const there = keyOf(sight, old);
  const touchedAt = Math.max(progress.deleted.at(-1) ?? 0, progress.returned.at(-1) ?? 0);
  const settling = now < touchedAt + SETTLE; // GitHub's lists may be a little behind
  const { taken } = progress;
  if (isAway(sight) && taken) {
    if (there && settling) return wait(touchedAt + SETTLE, 'GitHub may still list the old key');
    return there ? foundAgain(sight, there) : keep(sight, taken);
  }
  if (there) return retire(sight, there);
  const begun = progress.unended.get('delete');
  if (begun) return found(begun);
  if (settling) return wait(touchedAt + SETTLE, 'GitHub may not yet list the old key again');
  return close(sight, ['the old key was deleted by somebody else']);
}

function foundAgain({ progress }: Sight, there: ObservedDeployKey): GithubDeployKeyMove {
  const begun = progress.unended.get('restore');
  if (begun) return found(begun);
  return hold('ROTATION_INTERFERED', `Somebody added the old key ${there.fingerprint} again.`);
}

function retire(sight: Sight, old: ObservedDeployKey): GithubDeployKeyMove {
  const { progress, now } = sight;
  if (progress.returned.length >= MOST_RETURNS)
    return hold('ROTATION_PROOF_FAILED', 'Each time that the old key was deleted, a consumer failed.');
  if (!progress.compromised) {
    const used = old.lastUse === 'never' ? 0 : old.lastUse;
    const since = Math.max(progress.cutOverAt ?? now, used, progress.returned.at(-1) ?? 0);
    const facts = used > (progress.cutOverAt ?? now) ? [`GitHub saw it used at ${iso(used)}`] : [];
    const undrained = planDrain(sight, { key: old.fingerprint, since, window: windowOf(sight), facts });
    if (undrained) return undrained;
    if (progress.drainedAt === undefined || progress.drainedAt < since) {
      const lastUse = old.lastUse === 'never' ? 'never' : iso(old.lastUse);
      return { kind: 'note', note: { kind: 'drained', key: old.fingerprint, lastUse } };
    }
    const closed = closedWindow(sight);
    if (closed) return closed;
  }
  return freshProof(sight) ?? act(sight, { do: 'delete', ...halfOf(old) });
}

/** Consumers show that they work without the old key. If one cannot, the key comes back; in the end it is forgotten. */
function keep(sight: Sight, taken: PublicHalf): GithubDeployKeyMove {
  const { progress, policy, now } = sight;
  const awayAt = progress.deleted.at(-1) ?? 0;
  const grace = progress.compromised ? AFTERMATH : policy.grace;
  const probe = planProbes<Step>(sight, { awayAt, grace }, (because) => ({
    kind: 'act',
    step: { do: 'restore', ...taken, because },
  }));
  if (probe) return probe;
  const until = awayAt + grace;
  if (now >= until) return close(sight, []);
  const next = Math.max(nextProbe(sight, until), now + MINUTE);
  return wait(next, 'the old key is deleted, and comes back if a consumer needs it within the grace');
}

function close(sight: Sight, deviations: readonly string[]): GithubDeployKeyMove {
  const { created } = sight.progress;
  if (!created) throw new TypeError('the new key is there by then');
  const access = keyOf(sight, created.key)?.access ?? sight.policy.access;
  return (
    planEmptying(sight) ?? { kind: 'note', note: { kind: 'closed', key: created.key, access, deviations } }
  );
}
