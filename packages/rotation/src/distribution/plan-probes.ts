import { DAY, MINUTE } from '@tenant-delivery/domain';
import type { Ended } from '../journal-entry.ts';
import type { Move } from '../plan.ts';
import { wait } from '../steps-taken.ts';
import { answersInItsTime } from '../switching.ts';
import type { DeliveryStep, Probed } from './facts.ts';
import { judgeAnswer, neverSent } from './plan-proof.ts';
import { consumerProgress } from './progress.ts';
import { hold } from './reasons.ts';
import { act, consumersOf, type DeliverySight } from './sight.ts';
import type { ObservedConsumer } from './snapshot.ts';

/**
 * Consumers that can be asked show that they do without the old key, which was taken away at `awayAt`: one that cannot
 * brings it back at once, by `bringBack`. `undefined`: all of them can, for now.
 */
export function planProbes<Step>(
  sight: DeliverySight,
  { awayAt, grace }: { readonly awayAt: number; readonly grace: number },
  bringBack: (consumer: string) => Move<Step, never>,
): Move<DeliveryStep | Step, Probed> | undefined {
  const { progress, policy, now } = sight;
  for (const consumer of consumersOf(sight)) {
    if (answersInItsTime(consumer.switching)) continue; // asked once
    const { asked, probes, staged } = consumerProgress(progress, consumer.id);
    const since = asked.filter((one) => one.when === 'disabled' && one.at >= awayAt);
    const last = since.at(-1);
    if (last && neverSent(sight, consumer, last)) return askAgain(sight, consumer, last.place, last.proof);
    const told = last && probes.get(last.proof);
    if (told && !told.ok && !progress.compromised) return bringBack(consumer.id);
    if (last && !told) {
      const judged = judgeAnswer(sight, consumer, last, consumer.proofs[last.proof]);
      if (judged === 'pending') return wait(now + MINUTE / 2, `${consumer.id} has not yet shown its key`);
      return { kind: 'note', note: { kind: 'probed', consumer: consumer.id, proof: last.proof, ...judged } };
    }
    if (told && !told.ok && now < told.at + DAY)
      return hold('ROTATION_PROOF_FAILED', `${consumer.id} fails; the leaked key does not come back.`);
    const place = staged?.place ?? '';
    const same = last?.mark === (consumer.written[place] ?? '');
    if (last && told?.ok && same && now < last.at + Math.min(policy.probeEvery, grace)) continue;
    return askAgain(sight, consumer, place, `${progress.created?.version ?? ''}.after.${asked.length + 1}`);
  }
  return undefined;
}

function askAgain(
  sight: DeliverySight,
  { id, written }: ObservedConsumer,
  place: string,
  proof: string,
): Move<DeliveryStep, never> {
  const mark = written[place] ?? '';
  return act(sight, { do: 'ask-proof', consumer: id, place, proof, mark, when: 'disabled' });
}

/** When the next consumer is asked, and not later than `until`. */
export function nextProbe(sight: DeliverySight, until: number): number {
  const asked = consumersOf(sight).flatMap(({ id, switching }) =>
    answersInItsTime(switching) ? [] : (consumerProgress(sight.progress, id).asked.at(-1)?.at ?? []),
  );
  return Math.min(until, ...asked.map((at) => at + sight.policy.probeEvery));
}

/** Removes what consumers still have of the old key, and our label in escrow. `undefined` if nothing is left. */
export function planEmptying(sight: DeliverySight): Move<DeliveryStep, Ended<DeliveryStep>> | undefined {
  const { seen, progress } = sight;
  const { created } = progress;
  if (!created || seen.escrow.kind !== 'usable') throw new TypeError('escrow was looked at before');
  for (const { id, switching, current, written } of consumersOf(sight)) {
    if (switching !== 'staged') continue;
    const mine = consumerProgress(progress, id).staged?.place;
    const left = Object.keys(written).find((place) => place !== mine && place !== current);
    if (left !== undefined && !progress.blanked.has(`${id} ${left}`))
      return act(sight, { do: 'blank', consumer: id, place: left });
  }
  if (seen.escrow.pending === created.version && !progress.settled)
    return act(sight, { do: 'settle', version: created.version });
  return undefined;
}
