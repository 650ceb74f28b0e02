import { Failure } from '@tenant-delivery/action-kit/failure';

/** What could not be observed is unknown, with why; a defect of ours is thrown on. */
export async function orUnknown<T>(
  look: () => Promise<T>,
): Promise<{ readonly seen: T } | { readonly unseen: string }> {
  try {
    return { seen: await look() };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { unseen: `${thrown.code}, ${thrown.message}` };
  }
}
