/** A program to run to its end. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; the machine's own when absent. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

/** How it ended. */
export interface CommandEnd {
  /** -1 when a signal ended it. */
  readonly code: number;
  readonly output: Buffer;
  readonly complaints: Buffer;
}

/** What the broker is told, and what it answers. `failed`: the program did not start. */
export interface Asked {
  readonly id: number;
  readonly command: Command;
}
export type Answered = { readonly id: number } & (
  | { readonly end: { readonly code: number; readonly output: Uint8Array; readonly complaints: Uint8Array } }
  | { readonly failed: string }
);
