/** Where a command reads and writes: handed in, so that tests can listen. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  out(line: string): void;
  err(line: string): void;
  /** Aborted when the reader interrupts the command; a second interruption ends the process at once. */
  readonly interrupted: AbortSignal;
  /** Asks the person at the terminal; absent where nobody could answer. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Present when `out` is a terminal that can be drawn over. */
  readonly terminal?: { readonly columns: number; write(text: string): void };
}

/** A command: its words after the name, and its exit code. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
