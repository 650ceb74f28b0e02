import { Failure } from '@tenant-delivery/action-kit';
import type { Io } from '../io.ts';

/** The words of a command were wrong; its usage is printed with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a command: a failure is printed with its details and remedy (exit 1), a wrong word with the usage (exit 2). */
export async function explain(io: Io, usage: string, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (thrown) {
    if (thrown instanceof Failure) {
      io.err(`${thrown.code}: ${thrown.message}`);
      for (const detail of thrown.details) io.err(`  - ${detail}`);
      io.err(`What to do: ${thrown.remedy}`);
      return 1;
    }
    if (thrown instanceof UsageError || isParseArgs(thrown)) {
      io.err(thrown.message);
      io.err(usage);
      return 2;
    }
    throw thrown;
  }
}

/** What node:util's parseArgs throws; by its code, because it may come from another realm. */
function isParseArgs(thrown: unknown): thrown is Error {
  return String(Object(thrown).code).startsWith('ERR_PARSE_ARGS');
}
