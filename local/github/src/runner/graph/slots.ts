/** At most so many at a time; the others wait in order. */
export interface Slots {
  /** Gives the function that frees the slot; undefined when the signal aborts first. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createSlots(size: number): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const once = () => {
    let freed = false;
    return () => {
      if (!freed) release();
      freed = true;
    };
  };
  return {
    take: async (signal) => {
      if (signal.aborted) return undefined;
      if (free > 0) {
        free -= 1;
        return once();
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const turn = () => resolve(true);
      const giveUp = () => {
        waiting.splice(waiting.indexOf(turn), 1);
        resolve(false);
      };
      waiting.push(turn);
      signal.addEventListener('abort', giveUp, { once: true });
      const taken = await promise;
      signal.removeEventListener('abort', giveUp);
      return taken ? once() : undefined;
    },
  };
}
