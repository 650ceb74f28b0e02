/** A failure that a test arranges. */
export interface Fault {
  readonly method?: string;
  /** Below the API's base, exact or as a pattern. */
  readonly path: string | RegExp;
  /** Which of the matching calls, from now, counted from 1; the first unless told. */
  readonly nth?: number;
  /** How many calls fail from there; one unless told. */
  readonly times?: number;
  readonly kind:
    | 'server-error'
    /** GitHub's secondary limit: 403 with `retry-after`. */
    | 'secondary-limit'
    /** The connection breaks before anything happens. */
    | 'reset'
    /** The connection breaks after the call has taken effect. */
    | 'reset-after-effect'
    /** 200 with an empty object. */
    | 'empty-reply';
}

/** Decides for every call whether a fault strikes. */
export interface Faults {
  add(fault: Fault): void;
  strike(method: string, path: string): Fault['kind'] | undefined;
}

export function createFaults(): Faults {
  const active: { readonly fault: Fault; seen: number }[] = [];
  return {
    add: (fault) => active.push({ fault, seen: 0 }),
    strike: (method, path) => {
      for (const entry of active) {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (typeof fault.path === 'string' ? fault.path !== path : !fault.path.test(path)) continue;
        entry.seen += 1;
        const first = fault.nth ?? 1;
        if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) return fault.kind;
      }
      return undefined;
    },
  };
}
