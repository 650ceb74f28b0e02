import type { Ended } from '../journal-entry.ts';
import type { Move } from '../plan.ts';
import { MOST_PROOFS } from '../policy.ts';
import { found } from '../steps-taken.ts';
import { turnsByWriting } from '../switching.ts';
import type { Attested, DeliveryStep } from './facts.ts';
import { planProof } from './plan-proof.ts';
import { consumerProgress } from './progress.ts';
import { hold } from './reasons.ts';
import { act, closedWindow, consumersOf, type DeliverySight, type Ends } from './sight.ts';
import type { ObservedConsumer } from './snapshot.ts';

type DeliveryMove = Move<DeliveryStep, Attested | Ended<DeliveryStep>>;

/** Brings the key from escrow to every consumer. `undefined` if all use it and each has shown it. */
export function planDistribution<Step, Note>(
  sight: DeliverySight,
  ends: Ends<Step, Note>,
): DeliveryMove | Move<Step, Note> | undefined {
  const { progress } = sight;
  if (!progress.created) throw new TypeError('nothing is distributed before it is created');
  if (ends.gone) return undefined;
  if (progress.provedAt === undefined) return { kind: 'prove', version: progress.created.version };
  const missing = missingConsumers(sight);
  if (missing) return missing;
  const consumers = consumersOf(sight);
  const ahead = consumers.filter(({ switching }) => !turnsByWriting(switching));
  const late = consumers.filter(({ switching }) => turnsByWriting(switching));
  return (
    bringAll(sight, ahead, ends) ??
    cutOver(sight, consumers, ends) ??
    bringAll(sight, late, ends) ??
    promote(sight, ends)
  );
}

export function missingConsumers({ seen, progress }: DeliverySight): Move<never, never> | undefined {
  const gone = progress.opened.consumers.filter((id) => !seen.consumers.some((one) => one.id === id));
  if (gone.length === 0) return undefined;
  return hold('ROTATION_INTERFERED', 'A consumer is no longer named by the credential.', gone);
}

/** The key to each of these consumers, one after the other. */
export function bringAll(
  sight: DeliverySight,
  consumers: readonly ObservedConsumer[],
  ends: Pick<Ends<never, never>, 'away'>,
): DeliveryMove | undefined {
  for (const consumer of consumers) {
    const next = unbegun(sight, consumer) ?? bring(sight, consumer, ends);
    if (next) return next;
  }
  return undefined;
}

/**
 * If writing the key changes the consumer over, it waits for the window, unless another consumer has changed over
 * already.
 */
function unbegun(sight: DeliverySight, { id, switching }: ObservedConsumer): Move<never, never> | undefined {
  const { stageBegun } = consumerProgress(sight.progress, id);
  if (!turnsByWriting(switching) || stageBegun !== undefined || sight.progress.cutOverAt !== undefined)
    return undefined;
  return closedWindow(sight);
}

/** The key to its place at one consumer, and the consumer's own proof that it works there. */
function bring(
  sight: DeliverySight,
  consumer: ObservedConsumer,
  { away }: Pick<Ends<never, never>, 'away'>,
): DeliveryMove | undefined {
  const { progress } = sight;
  const { created } = progress;
  if (away) return undefined; // probes tell from now on
  const { id, idle, current, written, obstacles, switching } = consumer;
  const so = consumerProgress(progress, id);
  const at = so.staged?.place;
  if (at !== undefined && so.attested?.place === at && so.attested.mark === written[at]) return undefined;
  if (obstacles.length > 0) return hold('ROTATION_CONSUMER', `${id} cannot be reached.`, obstacles);
  const stale = at === undefined || written[at] === undefined || so.staged?.version !== created?.version;
  // a place that is read already is never written: its reader could get halves of two keys
  if (stale && at !== undefined && at === current && switching === 'staged')
    return hold('ROTATION_INTERFERED', `${id} reads ${at}, where the new key is no longer.`);
  const wrong = so.asked.filter((asked) => asked.place === at && showedAnother(sight, consumer, asked.proof));
  if (stale || (so.stages <= wrong.length && at !== current)) {
    if (so.stages >= MOST_PROOFS + 2)
      return hold('ROTATION_PROOF_FAILED', `${id} does not keep what is written there.`);
    const place = so.stageBegun !== undefined && so.stageBegun !== current ? so.stageBegun : idle;
    return act(sight, { do: 'stage', consumer: id, place, version: created?.version ?? '' });
  }
  return planProof(sight, consumer, at);
}

/** Whether the consumer showed that the place does not hold the new key, or not all of it. */
function showedAnother({ progress }: DeliverySight, { proofs }: ObservedConsumer, proof: string): boolean {
  const answer = proofs[proof];
  if (answer?.kind === 'failed') return true;
  return answer?.kind === 'used' && answer.fingerprint !== progress.created?.key;
}

/** Points each consumer that reads a pointer at the new key, and moves the label in escrow. */
function cutOver<Step, Note>(
  sight: DeliverySight,
  consumers: readonly ObservedConsumer[],
  ends: Ends<Step, Note>,
): DeliveryMove | Move<Step, Note> | undefined {
  const { progress } = sight;
  const begun = progress.cutOverAt !== undefined;
  for (const { id, switching, current } of consumers) {
    if (switching !== 'staged') continue;
    const so = consumerProgress(progress, id);
    const place = so.staged?.place ?? '';
    const step = { do: 'point', consumer: id, place } as const;
    if (so.pointedAt === undefined && current === place) return found(step);
    if (so.pointedAt !== undefined && current !== place)
      return ends.alarmed(
        hold('ROTATION_INTERFERED', `${id} was pointed at ${place} and reads ${current ?? 'nothing'}.`),
      );
    if (so.pointedAt !== undefined) continue;
    // a cut-over that has begun goes on outside the window: consumers must not stay on two different keys
    return (begun ? undefined : closedWindow(sight)) ?? act(sight, step);
  }
  return undefined;
}

/** Moves the label in escrow to the new key. `undefined` if it is there. */
export function promote(
  sight: DeliverySight,
  { inEscrow }: Pick<Ends<never, never>, 'inEscrow'>,
): DeliveryMove | undefined {
  const { seen, progress } = sight;
  const { created } = progress;
  if (!created || seen.escrow.kind !== 'usable') throw new TypeError('escrow was looked at before');
  const { current } = seen.escrow;
  if (progress.promotedAt !== undefined) {
    if (current?.version === created.version) return undefined;
    const said = current?.version ?? 'nothing';
    return hold('ROTATION_INTERFERED', `Escrow was promoted to ${created.version} and says ${said}.`);
  }
  const step = { do: 'promote', version: created.version, from: current?.version ?? null } as const;
  if (current?.version === created.version) return found({ ...step, from: null });
  if (current && inEscrow !== undefined && current.key !== inEscrow)
    return hold(
      'ROTATION_INTERFERED',
      'Somebody put another key into escrow while this rotation was under way.',
    );
  return act(sight, step);
}
