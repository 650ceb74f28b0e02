import { nearest } from '@tenant-delivery/domain';
import type { Command, Io } from './io.ts';
import { CLEAR } from './terminal/terminal.ts';

interface Entry {
  readonly says: string;
  readonly load: () => Promise<Command>;
}

/** Commands by name. Each is loaded when it is called. */
export type Commands = Readonly<Record<string, Entry>>;

/** Runs the command that the first word names. */
export async function runNamed(commands: Commands, args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  const entry = name === undefined ? undefined : commands[name];
  if (entry) {
    const command = await entry.load();
    return command(rest, io).catch((thrown: unknown) => {
      io.terminal?.write(CLEAR); // what was shown in place when it ended
      if (!io.interrupted.aborted) throw thrown;
      io.err('Interrupted.');
      return 130; // as a shell answers for SIGINT
    });
  }
  const help = name === undefined || name === 'help' || name === '--help' || name === '-h';
  const say = help ? io.out : io.err;
  if (!help) {
    const near = nearest(name, Object.keys(commands));
    say(`tenant-delivery has no command ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : '.'}`);
  }
  say('Usage: tenant-delivery COMMAND');
  for (const [command, { says }] of Object.entries(commands)) say(`  ${command.padEnd(16)} ${says}`);
  return help ? 0 : 2;
}
