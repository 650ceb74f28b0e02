import { turnsByWriting } from '../switching.ts';
import { planProof } from './plan-proof.ts';
import { MOST_PROOFS } from './policy.ts';
import { consumerProgress } from './progress.ts';
import { hold } from './reasons.ts';
import {
  type AccessKeyMove,
  act,
  alarmed,
  closedWindow,
  consumersOf,
  found,
  isDisabled,
  type Sight,
} from './sight.ts';
import type { ObservedConsumer } from './snapshot.ts';

/** From the key in escrow to the last consumer that uses it. `undefined`: all do, and each has shown it. */
export function planDistribution(sight: Sight): AccessKeyMove | undefined {
  const { progress, seen } = sight;
  const { created } = progress;
  if (!created) throw new TypeError('nothing is distributed before it is created');
  if (progress.deleted) return undefined; // the old key is gone: what follows only tidies up
  if (progress.provedAt === undefined) return { kind: 'prove', version: created.version };
  const consumers = consumersOf(sight);
  if (consumers.length < progress.opened.consumers.length) {
    const gone = progress.opened.consumers.filter((id) => !seen.consumers.some((one) => one.id === id));
    return hold('ROTATION_INTERFERED', 'A consumer is no longer named by the credential.', gone);
  }
  const ahead = consumers.filter(({ switching }) => !turnsByWriting(switching));
  const late = consumers.filter(({ switching }) => turnsByWriting(switching));
  return (
    first(ahead, (consumer) => bring(sight, consumer)) ??
    cutOver(sight, consumers) ??
    first(late, (consumer) => unbegun(sight, consumer) ?? bring(sight, consumer)) ??
    promote(sight)
  );
}

/** Where writing the key turns the consumer over, that waits for the window, unless another has been turned already. */
function unbegun(sight: Sight, { id }: ObservedConsumer): AccessKeyMove | undefined {
  const { stageBegun } = consumerProgress(sight.progress, id);
  return stageBegun === undefined && sight.progress.cutOverAt === undefined ? closedWindow(sight) : undefined;
}

function first(
  consumers: readonly ObservedConsumer[],
  move: (consumer: ObservedConsumer) => AccessKeyMove | undefined,
): AccessKeyMove | undefined {
  for (const consumer of consumers) {
    const next = move(consumer);
    if (next) return next;
  }
  return undefined;
}

/** The key to its place at one consumer, and the consumer's own proof that it works there. */
function bring(sight: Sight, consumer: ObservedConsumer): AccessKeyMove | undefined {
  const { progress } = sight;
  const { created } = progress;
  if (isDisabled(sight)) return undefined; // from then on its probes tell
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
  return planProof(sight, consumer, at, 'before-cutover');
}

/** The place does not hold what was written there, or not whole. */
function showedAnother(sight: Sight, consumer: ObservedConsumer, proof: string): boolean {
  const answer = consumer.proofs[proof];
  if (answer?.kind === 'failed') return true;
  return answer?.kind === 'used' && answer.fingerprint !== sight.progress.created?.key;
}

/** One write for each consumer that reads a pointer, and the label in escrow. */
function cutOver(sight: Sight, consumers: readonly ObservedConsumer[]): AccessKeyMove | undefined {
  const { progress } = sight;
  const begun = progress.cutOverAt !== undefined;
  for (const { id, switching, current } of consumers) {
    if (switching !== 'staged') continue;
    const so = consumerProgress(progress, id);
    const place = so.staged?.place ?? '';
    const step = { do: 'point', consumer: id, place } as const;
    if (so.pointedAt === undefined && current === place) return found(step);
    if (so.pointedAt !== undefined && current !== place)
      return alarmed(
        sight,
        hold('ROTATION_INTERFERED', `${id} was pointed at ${place} and reads ${current ?? 'nothing'}.`),
      );
    if (so.pointedAt !== undefined) continue;
    // what has begun is ended, window or not: two consumers on two keys are no state to leave
    return (begun ? undefined : closedWindow(sight)) ?? act(sight, step);
  }
  return undefined;
}

function promote(sight: Sight): AccessKeyMove | undefined {
  const { seen, progress } = sight;
  const { created, opened } = progress;
  if (!created || seen.escrow.kind !== 'usable') throw new TypeError('escrow was looked at before');
  const { current } = seen.escrow;
  if (progress.promotedAt !== undefined) {
    if (current?.version === created.version) return undefined;
    const said = current?.version ?? 'nothing';
    return hold('ROTATION_INTERFERED', `Escrow was promoted to ${created.version} and says ${said}.`);
  }
  const step = { do: 'promote', version: created.version, from: current?.version ?? null } as const;
  if (current?.version === created.version) return found({ ...step, from: null });
  const expected = opened.reason === 'adopted' || opened.old === null ? undefined : opened.old;
  if (current && expected !== undefined && current.key !== expected)
    return hold(
      'ROTATION_INTERFERED',
      'Somebody put another key into escrow while this rotation was under way.',
    );
  return act(sight, step);
}
