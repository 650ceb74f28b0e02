/** A fault to come. It counts the requests of its operation from the moment it was set. */
export interface Fault {
  readonly service: string;
  readonly operation: string;
  /** 1-based: the request at which it begins. */
  readonly nth: number;
  /** How many requests in a row; 1 when absent. */
  readonly times?: number;
  readonly kind: FaultKind;
  /** For `slow`: how much later the answer comes, in virtual milliseconds. A minute when absent. */
  readonly milliseconds?: number;
}

/**
 * `throttle`, `denied`, `expired`, `server-error`: refused before the effect. `reset-after-effect`: the effect
 * happens, then the connection breaks. `empty-reply`: the effect happens, then a 200 that says nothing. `truncated`: the
 * effect happens, then half of the answer's body comes as if it were all. `slow`: the effect happens, then the answer
 * takes its time.
 */
export type FaultKind =
  | 'throttle'
  | 'denied'
  | 'reset-after-effect'
  | 'server-error'
  | 'empty-reply'
  | 'expired'
  | 'slow'
  | 'truncated';

export interface Faults {
  set(fault: Fault): void;
  /** Forgets every fault. */
  clear(): void;
  /** Counts one request and says what goes wrong with it, if anything. */
  next(service: string, operation: string): Fault | undefined;
}

export function faultList(): Faults {
  const pending: { readonly fault: Fault; seen: number }[] = [];
  return {
    set: (fault) => void pending.push({ fault, seen: 0 }),
    clear: () => void pending.splice(0),
    next: (service, operation) => {
      let found: Fault | undefined;
      for (const entry of pending) {
        const { fault } = entry;
        if (fault.service !== service || fault.operation !== operation) continue;
        entry.seen += 1;
        if (entry.seen >= fault.nth && entry.seen < fault.nth + (fault.times ?? 1)) found ??= fault;
      }
      return found;
    },
  };
}
