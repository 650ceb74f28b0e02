import { Failure, headlineOf } from '@tenant-delivery/action-kit/failure';
import { nearest } from '@tenant-delivery/domain';
import type { Io } from '../io.ts';

/** The words of a command were wrong; its usage is printed with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command. A failure is printed with its details and remedy, a container engine that is missing in one sentence
 * (exit 1), a wrong word with the usage (exit 2); who asks for help gets the usage alone (exit 0).
 */
export async function explain(
  args: readonly string[],
  io: Io,
  usage: string,
  command: () => Promise<number>,
): Promise<number> {
  if (args.some((word) => word === '--help' || word === '-h')) {
    io.out(usage);
    return 0;
  }
  try {
    return await command();
  } catch (thrown) {
    if (thrown instanceof Failure) {
      io.err(`${thrown.code}: ${headlineOf(thrown)}`);
      for (const detail of thrown.details) io.err(`  - ${detail}`);
      io.err(`What to do: ${thrown.remedy}`);
      return 1;
    }
    if (isNoEngine(thrown)) {
      io.err(thrown.message);
      return 1;
    }
    if (thrown instanceof UsageError || isParseArgs(thrown)) {
      io.err(thrown instanceof UsageError ? thrown.message : optionIn(thrown, usage));
      io.err(usage);
      return 2;
    }
    throw thrown;
  }
}

/** What local-aws throws; by its name, because a release has commands and no local servers. */
function isNoEngine(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === 'NoEngineError';
}

/** What node:util's parseArgs throws; by its code, because it may come from another realm. */
function isParseArgs(thrown: unknown): thrown is Error {
  return String(Object(thrown).code).startsWith('ERR_PARSE_ARGS');
}

/** Node's first sentence, which names the option, and the nearest option of the usage. */
function optionIn({ message }: Error, usage: string): string {
  const [, option] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (option === undefined) return message.replace(/\. .*$/s, '.');
  const near = nearest(option, usage.match(/--[a-z0-9-]+/g) ?? []);
  return `There is no option ${option}${near ? `; did you mean ${near}?` : '.'}`;
}
