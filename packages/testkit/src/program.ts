import { spawnSync } from 'node:child_process';

/**
 * Whether a program that only some machines have works here, by a command that proves that it starts.
 * A suite that needs it is left out otherwise, and says so; named in REQUIRE (a comma list), it may not be left out.
 */
export function hasProgram(name: string, ...proof: readonly string[]): boolean {
  const [command = name, ...args] = proof;
  const works = spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  if (works) return true;
  if ((process.env['REQUIRE'] ?? '').split(',').includes(name)) {
    throw new Error(`${name} is required by REQUIRE and does not start here`);
  }
  process.stderr.write(`left out: what needs ${name}, which is not installed or does not start here\n`);
  return false;
}
