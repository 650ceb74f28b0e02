import type { SecretState } from '../escrow.ts';
import type { Reason } from '../plan.ts';
import { reason } from './reasons.ts';
import type { ObservedConsumer } from './snapshot.ts';

interface Seen {
  readonly escrow: SecretState<object>;
  readonly consumers: readonly ObservedConsumer[];
}

interface Own {
  /** Of its policy. */
  readonly mistakes: readonly string[];
  /** What else this kind refuses. */
  readonly refused: readonly Reason[];
  /** What the escrow is called in a sentence. */
  readonly escrow: string;
}

/** Every reason for which no key can be brought to its consumers, all at once. */
export function refusals({ escrow, consumers }: Seen, own: Own): readonly Reason[] {
  const says = own.mistakes.map((mistake) => reason('ROTATION_POLICY', mistake));
  says.push(...own.refused);
  if (escrow.kind === 'absent') says.push(reason('ROTATION_ESCROW', `${own.escrow} does not exist.`));
  if (escrow.kind === 'unusable') says.push(reason('ROTATION_ESCROW', `${own.escrow} ${escrow.why}.`));
  if (consumers.length === 0) says.push(reason('ROTATION_NO_CONSUMERS', 'The credential has no consumer.'));
  for (const { id, obstacles } of consumers)
    for (const obstacle of obstacles) says.push(reason('ROTATION_CONSUMER', `${id}: ${obstacle}`));
  return says;
}
