import { HOUR, MINUTE } from '@tenant-delivery/domain';
import type { Move } from '../plan.ts';
import { FRESH, MOST_PROOFS, PROOF_PATIENCE } from '../policy.ts';
import type { ProofAnswer } from '../ports.ts';
import { wait } from '../steps-taken.ts';
import { answersInItsTime } from '../switching.ts';
import type { Attested, DeliveryStep } from './facts.ts';
import { type Asked, consumerProgress } from './progress.ts';
import { hold } from './reasons.ts';
import { act, type DeliverySight } from './sight.ts';
import type { ObservedConsumer } from './snapshot.ts';

/** What the answer to a proof means, at this moment. */
export function judgeAnswer(
  { progress, now }: DeliverySight,
  { switching }: ObservedConsumer,
  asked: Asked,
  answer: ProofAnswer | undefined,
): { readonly ok: boolean; readonly said: string } | 'pending' {
  if (!answer || answer.kind === 'pending') {
    if (answersInItsTime(switching) || now < asked.at + PROOF_PATIENCE) return 'pending';
    return { ok: false, said: 'it gave no answer' };
  }
  if (answer.kind === 'failed') return { ok: false, said: answer.why };
  return answer.fingerprint === progress.created?.key
    ? { ok: true, said: answer.by }
    : { ok: false, said: `it used the key ${answer.fingerprint}` };
}

/** The run that wanted to ask died, and the consumer never got the question. */
export function neverSent(
  { progress }: DeliverySight,
  { id, proofs }: ObservedConsumer,
  { proof }: Asked,
): boolean {
  const unended = progress.unended.get(`ask-proof ${id}`);
  return unended !== undefined && Reflect.get(unended, 'proof') === proof && proofs[proof] === undefined;
}

/** Asks a consumer to show the key at `place`, waits for its answer, and writes a good one down. */
export function planProof(
  sight: DeliverySight,
  consumer: ObservedConsumer,
  place: string,
): Move<DeliveryStep, Attested> {
  const { progress, now } = sight;
  const { id, written, proofs, switching } = consumer;
  const mark = written[place] ?? '';
  const asked = consumerProgress(progress, id).asked.filter(({ when }) => when === 'before-cutover');
  const last = asked.at(-1);
  const ask = (proof = `${progress.created?.version ?? ''}.${asked.length + 1}`) =>
    act(sight, { do: 'ask-proof', consumer: id, place, proof, mark, when: 'before-cutover' });
  if (!last || last.place !== place || last.mark !== mark) return ask();
  if (neverSent(sight, consumer, last)) return ask(last.proof);
  const judged = judgeAnswer(sight, consumer, last, proofs[last.proof]);
  if (judged === 'pending')
    return wait(
      now + (answersInItsTime(switching) ? HOUR : MINUTE / 2),
      `${id} has not yet shown that it has the key ${progress.created?.key ?? ''}`,
    );
  if (judged.ok)
    return { kind: 'note', note: { kind: 'attested', consumer: id, place, mark, by: judged.said } };
  if (asked.length < MOST_PROOFS) return ask();
  return hold('ROTATION_PROOF_FAILED', `${id} could not show that it has the new key.`, [judged.said]);
}

/** Proves the new key again if its last proof is too old. The old key is only touched while the new one works. */
export function freshProof({
  progress,
  now,
}: Pick<DeliverySight, 'progress' | 'now'>): Move<never, never> | undefined {
  const { provedAt, created } = progress;
  if (provedAt !== undefined && now < provedAt + FRESH / 2) return undefined;
  return { kind: 'prove', version: created?.version ?? '' };
}
