import { DAY, HOUR, SECOND } from '@tenant-delivery/domain';
import type { Answer, Consumer, ConsumerState, ProofAnswer } from '@tenant-delivery/rotation/ports';
import {
  brokenBecause,
  firstPlace,
  type ModelConsumer,
  type ModelState,
  type Pair,
  recordUse,
  startRun,
} from '../iam-access-key/model-state.ts';

/** Calls of one process to the servers of the world. */
export interface Calls {
  readonly read: <T>(name: string, effect: () => T) => Promise<T>;
  readonly change: (name: string, effect: () => Answer | undefined) => Promise<Answer>;
}

const SWITCHING = { slots: 'staged', pair: 'in-place', secret: 'replaced', people: 'acknowledged' } as const;
/** People answer once they have installed the key. */
const ANSWERS_AFTER = { slots: 45 * SECOND, pair: 45 * SECOND, secret: 2 * HOUR, people: 400 * DAY } as const;

/** One consumer as one process sees it. `fingerprint`: what it tells of the key that it used. */
export function modelConsumer(
  state: ModelState,
  id: string,
  { read, change }: Calls,
  fingerprint: (keyId: string) => string,
): Consumer {
  const it = (): ModelConsumer => {
    const found = state.consumers.find((one) => one.id === id);
    if (!found) throw new TypeError(`there is no consumer ${id}`);
    return found;
  };
  const { kind, cadence } = it();
  return {
    id,
    cadence,
    switching: SWITCHING[kind],
    observe: (proofs) => read(`observe ${id}`, () => stateOf(state, it(), proofs, fingerprint)),
    stage: async (place, key) => {
      const pair = { id: key.id, secret: key.secret.reveal() };
      if (kind === 'people') return change(`tell ${id}`, () => told(it(), pair));
      if (kind === 'secret')
        return change(`replace ${id}`, () => {
          write(state, it(), place, pair);
          return undefined;
        });
      // two writes, as GitHub has it: the secret first
      const half = await change(`write secret of ${id}`, () => {
        const old = it().slots[place];
        write(state, it(), place, { id: old?.id ?? '', secret: pair.secret });
        return undefined;
      });
      if (half !== 'done') return half;
      return change(`write id of ${id}`, () => {
        write(state, it(), place, pair);
        return undefined;
      });
    },
    askProof: (place, proof) =>
      change(`dispatch at ${id}`, () => {
        const answeredAt = state.now + ANSWERS_AFTER[kind];
        it().proofs[proof] ??= { answeredAt, place, outcome: undefined };
        if (kind === 'people') it().installAt ??= state.now + 3 * HOUR;
        return undefined;
      }),
    point: (place) =>
      change(`point ${id}`, () => {
        // the worst moment: a run is queued just before, waits for an approval, and uses what it has read
        startRun(it(), state.now, [HOUR, 30 * HOUR]);
        it().pointer = place;
        it().pointedAt = state.now;
        return undefined;
      }),
    blank: (place) =>
      change(`blank ${id}`, () => {
        if (it().pointer === place) state.violations.push(`the place that ${id} reads was blanked`);
        delete it().slots[place];
        return undefined;
      }),
  };
}

function told(consumer: ModelConsumer, pair: Pair): Answer {
  consumer.slots['new'] = { ...pair, mark: 1 };
  return 'done';
}

/** In the pair that is read, somebody reads between any two writes. */
function write(state: ModelState, consumer: ModelConsumer, place: string, pair: Pair): void {
  state.marks += 1;
  consumer.slots[place] = { ...pair, mark: state.marks };
  if (consumer.pointer === place) startRun(consumer, state.now, [SECOND]);
}

function stateOf(
  state: ModelState,
  consumer: ModelConsumer,
  proofs: readonly string[],
  fingerprint: (keyId: string) => string,
): ConsumerState {
  const { kind, slots, pointer, pointedAt, runs } = consumer;
  const holding = runs.filter(({ readAt }) => readAt <= pointedAt);
  return {
    obstacles: [],
    current: slots[pointer] ? pointer : undefined,
    idle: kind === 'slots' && pointer === 'A' ? 'B' : kind === 'people' ? 'new' : firstPlace(kind),
    written: Object.fromEntries(
      Object.entries(slots)
        .filter(([, { id, secret }]) => id && secret)
        .map(([place, { mark }]) => [place, String(mark)]),
    ),
    proofs: Object.fromEntries(
      proofs.flatMap((name) => {
        const asked = consumer.proofs[name];
        return asked ? [[name, answerOf(state, consumer, asked, fingerprint)]] : [];
      }),
    ),
    holders: { count: kind === 'slots' ? holding.length : 0, examples: [] },
  };
}

/** The consumer's own run reads the place when it runs, and uses what it finds. */
function answerOf(
  state: ModelState,
  consumer: ModelConsumer,
  asked: ModelConsumer['proofs'][string],
  fingerprint: (keyId: string) => string,
): ProofAnswer {
  if (state.now < asked.answeredAt) return { kind: 'pending' };
  if (asked.outcome === undefined) {
    const pair = consumer.slots[asked.place];
    const why = pair ? brokenBecause(state, pair) : 'absent';
    asked.outcome = why ? `failed ${why}` : (pair?.id ?? '');
    if (!why && pair) recordUse(state, pair.id);
  }
  const { outcome } = asked;
  return outcome.startsWith('failed')
    ? { kind: 'failed', why: outcome }
    : { kind: 'used', fingerprint: fingerprint(outcome), by: `run of ${consumer.id}` };
}
