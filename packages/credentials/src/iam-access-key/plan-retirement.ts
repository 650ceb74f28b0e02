import { MINUTE } from '@tenant-delivery/domain';
import { planDrain } from '@tenant-delivery/rotation/distribution/plan-drain';
import { nextProbe, planProbes } from '@tenant-delivery/rotation/distribution/plan-probes';
import { freshProof } from '@tenant-delivery/rotation/distribution/plan-proof';
import { act, closedWindow } from '@tenant-delivery/rotation/distribution/sight';
import { MOST_RETURNS, SETTLE } from '@tenant-delivery/rotation/policy';
import { found, wait } from '@tenant-delivery/rotation/steps-taken';
import { iso } from '@tenant-delivery/rotation/times';
import { planTidying } from './plan-tidying.ts';
import { COARSE, FORENSICS } from './policy.ts';
import { hold } from './reasons.ts';
import { type IamAccessKeyMove, isDisabled, keyOf, type Sight, urgent, windowOf } from './sight.ts';
import type { ObservedKey } from './snapshot.ts';

/** Retires the old key: it is drained, disabled, kept for the grace, and deleted. */
export function planRetirement(sight: Sight): IamAccessKeyMove {
  const { progress, now } = sight;
  const old = keyOf(sight, progress.opened.old);
  if (!old) return planTidying(sight);
  const disabledAt = progress.disabled.at(-1) ?? 0;
  const touchedAt = Math.max(disabledAt, progress.returned.at(-1) ?? 0);
  const settling = now < touchedAt + SETTLE; // IAM's lists may be a little behind
  if (!isDisabled(sight))
    return old.status === 'Active' || settling ? retire(sight, old) : foundInactive(sight, old);
  if (settling)
    return wait(disabledAt + SETTLE, 'IAM may not yet have told everybody that the key is Inactive');
  if (old.status === 'Active') return foundActive(sight, old);
  return probe(sight, old, disabledAt) ?? keep(sight, old, disabledAt);
}

/** The old key is Inactive, and no entry says that we did it: a run of ours died, or somebody else did it. */
function foundInactive({ progress }: Sight, old: ObservedKey): IamAccessKeyMove {
  const step = { do: 'disable', key: old.fingerprint } as const;
  if (progress.unended.has('disable')) return found(step);
  return hold('ROTATION_INTERFERED', `Somebody else made the old key ${old.fingerprint} Inactive.`);
}

function foundActive({ progress }: Sight, old: ObservedKey): IamAccessKeyMove {
  const begun = progress.unended.get('enable');
  if (begun) return found(begun);
  return hold('ROTATION_INTERFERED', `Somebody made the old key ${old.fingerprint} Active again.`);
}

function retire(sight: Sight, old: ObservedKey): IamAccessKeyMove {
  const { progress } = sight;
  if (progress.returned.length >= MOST_RETURNS)
    return hold('ROTATION_PROOF_FAILED', 'Each time that the old key was disabled, a consumer failed.');
  if (!urgent(sight)) {
    const undrained = drain(sight, old) ?? closedWindow(sight);
    if (undrained) return undrained;
  }
  return freshProof(sight) ?? act(sight, { do: 'disable', key: old.fingerprint });
}

/** Nobody holds the old key any more: no run from before the cut-over, and no use for as long as users may be silent. */
function drain(sight: Sight, old: ObservedKey): IamAccessKeyMove | undefined {
  const { seen, progress, now } = sight;
  const cutOverAt = progress.cutOverAt ?? now;
  const used = old.lastUse === 'never' ? 0 : old.lastUse.at + COARSE;
  const since = Math.max(cutOverAt, used, progress.returned.at(-1) ?? 0, ...seen.uses.map(({ at }) => at));
  const facts = seen.uses.map(
    (use) => `${iso(use.at)} ${use.service} in ${use.region} from ${use.sourceAddress} by ${use.userAgent}`,
  );
  const undrained = planDrain(sight, { key: old.fingerprint, since, window: windowOf(sight), facts });
  if (undrained) return undrained;
  if (progress.drainedAt !== undefined && progress.drainedAt >= since) return undefined;
  const lastUse = old.lastUse === 'never' ? 'never' : iso(old.lastUse.at);
  const note = { kind: 'drained', key: old.fingerprint, lastUse, stragglers: seen.uses.length } as const;
  return { kind: 'note', note };
}

/** A consumer that cannot do without the old key brings it back at once. */
function probe(sight: Sight, old: ObservedKey, disabledAt: number): IamAccessKeyMove | undefined {
  return planProbes(sight, { awayAt: disabledAt, grace: graceOf(sight) }, (consumer) => ({
    kind: 'act',
    step: { do: 'enable', key: old.fingerprint, because: consumer },
  }));
}

function graceOf(sight: Sight): number {
  return urgent(sight) ? FORENSICS : sight.policy.grace;
}

/** Waits for the grace, asks the consumers from time to time, and then deletes the old key. */
function keep(sight: Sight, old: ObservedKey, disabledAt: number): IamAccessKeyMove {
  const { progress, now } = sight;
  if (urgent(sight) && !progress.sessionsDenied)
    return act(sight, { do: 'deny-sessions', before: iso(disabledAt) });
  const until = disabledAt + graceOf(sight);
  if (now < until) {
    const next = Math.max(nextProbe(sight, until), now + MINUTE);
    return wait(next, 'the old key is Inactive and kept for the grace');
  }
  return closedWindow(sight) ?? freshProof(sight) ?? act(sight, { do: 'delete', key: old.fingerprint });
}
