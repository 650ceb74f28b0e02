import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Seen } from '@tenant-delivery/isolation/observed';

/** What was seen, or why nothing was: an observation that failed is unknown, and never absent. */
export async function looked<T>(action: string, look: Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'seen', value: await look };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { kind: 'unseen', action, why: thrown.message, denied: thrown.code === 'AWS_DENIED' };
  }
}
