/** One call of a client, retries included: they carry the same invocation id. */
export interface RecordedCall {
  /** Milliseconds since the epoch, on the world's clock. */
  readonly time: number;
  /** When each of its requests came; the first one at `time`. */
  readonly times: readonly number[];
  /** As in the credential scope: `ecs`. */
  readonly service: string;
  readonly operation: string;
  /** `undefined` for unsigned operations and for requests that were refused before the caller was known. */
  readonly principal: string | undefined;
  readonly account: string;
  readonly region: string;
  /** As the handler gets it; `undefined` when the request was refused before it was read. */
  readonly input?: unknown;
  /** How many requests the client sent for it. */
  readonly attempts: number;
  /** How many of them took effect: the handler ran to its end, whatever the client then saw. */
  readonly effects: number;
  /** The code of the last error that the client was sent; absent when the last attempt succeeded. */
  readonly error?: string;
}

export interface CallLog {
  readonly calls: readonly RecordedCall[];
  record(
    invocation: string | undefined,
    call: Omit<RecordedCall, 'times' | 'input' | 'attempts' | 'effects' | 'error'>,
  ): OpenCall;
}

/** A call whose answer is still being made. */
export interface OpenCall {
  read(input: unknown): void;
  tookEffect(): void;
  refused(code: string): void;
}

type Writable = { -readonly [Key in keyof RecordedCall]: RecordedCall[Key] } & { readonly times: number[] };

/** An empty log. A retry is added to the call that it repeats. */
export function callLog(): CallLog {
  const calls: Writable[] = [];
  const byInvocation = new Map<string, Writable>();
  return {
    calls,
    record: (invocation, facts) => {
      const known = invocation === undefined ? undefined : byInvocation.get(invocation);
      const call: Writable = known ?? { ...facts, times: [], attempts: 0, effects: 0 };
      if (!known) calls.push(call);
      if (invocation !== undefined) byInvocation.set(invocation, call);
      call.attempts += 1;
      call.times.push(facts.time);
      delete call.error;
      return {
        read: (input) => {
          call.input = input;
        },
        tookEffect: () => {
          call.effects += 1;
        },
        refused: (code) => {
          call.error = code;
        },
      };
    },
  };
}
