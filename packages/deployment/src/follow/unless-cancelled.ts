/**
 * The result of `work`, or `cancelled` as soon as `signal` is aborted. A cancelled job has only seconds, and a request that
 * is on its way may take longer, so its answer is dropped.
 */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'cancelled'> {
  if (signal.aborted) {
    work.catch(() => {}); // nobody waits for it
    return 'cancelled';
  }
  const { promise, resolve } = Promise.withResolvers<'cancelled'>();
  const stop = () => resolve('cancelled');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) work.catch(() => {});
  }
}
