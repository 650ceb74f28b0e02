/** A fault to come. It counts the requests of its operation from the moment it was set. */
export interface Fault {
  readonly service: string;
  readonly operation: string;
  /** 1-based: the request at which it begins. */
  readonly nth: number;
  /** How many requests in a row; 1 when absent. */
  readonly times?: number;
  readonly kind: FaultKind;
}

/**
 * `throttle`, `denied`, `expired`, `server-error`: refused before the effect. `reset-after-effect`: the effect
 * happens, then the connection breaks. `empty-reply`: the effect happens, then a 200 that says nothing.
 */
export type FaultKind =
  | 'throttle'
  | 'denied'
  | 'reset-after-effect'
  | 'server-error'
  | 'empty-reply'
  | 'expired';

export interface Faults {
  set(fault: Fault): void;
  /** Counts one request and says what goes wrong with it, if anything. */
  next(service: string, operation: string): FaultKind | undefined;
}

export function faultList(): Faults {
  const pending: { readonly fault: Fault; seen: number }[] = [];
  return {
    set: (fault) => void pending.push({ fault, seen: 0 }),
    next: (service, operation) => {
      let kind: FaultKind | undefined;
      for (const entry of pending) {
        const { fault } = entry;
        if (fault.service !== service || fault.operation !== operation) continue;
        entry.seen += 1;
        if (entry.seen >= fault.nth && entry.seen < fault.nth + (fault.times ?? 1)) kind ??= fault.kind;
      }
      return kind;
    },
  };
}
