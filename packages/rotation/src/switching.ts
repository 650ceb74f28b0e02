/**
 * `staged`: the key is written beside the one in use, proven there, and then pointed at by one write.
 * `in-place`: two writes over the pair in use, between which a reader finds halves of two keys.
 * `replaced`: one write over the key in use. The next reader gets the new one, and shows it in its own time.
 * `acknowledged`: people install the key and say so; nothing is written or pointed at by us.
 */
export type Switching = 'staged' | 'in-place' | 'replaced' | 'acknowledged';

/** Whether writing the key to the consumer is what turns it over. */
export function turnsByWriting(switching: Switching): boolean {
  return switching === 'in-place' || switching === 'replaced';
}

/** Whether the consumer answers in its own time: it is not hurried, and not asked again and again. */
export function answersInItsTime(switching: Switching): boolean {
  return switching === 'replaced' || switching === 'acknowledged';
}
