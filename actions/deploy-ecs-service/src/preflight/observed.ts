import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Seen } from '@tenant-delivery/isolation';

/** What could not be observed is told with the IAM action that it takes; a defect of ours is thrown on. */
export async function observed<T>(action: string, asking: Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'seen', value: await asking };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const denied = thrown.code === 'AWS_DENIED';
    const named = /^AWS denied ([a-z0-9-]+:\w+)/.exec(thrown.message)?.[1];
    return { kind: 'unseen', action: named ?? action, why: thrown.message, denied };
  }
}
