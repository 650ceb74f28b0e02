import { spawn } from 'node:child_process';
import type { Answered, Asked, Command, CommandEnd } from './command.ts';

/** The process behind `runCommand`: starts programs, and ends when nobody has asked for a while. */
const IDLE_MS = 3_000;

let running = 0;
let idle = setTimeout(end, IDLE_MS);

process.on('message', async ({ id, command }: Asked) => {
  clearTimeout(idle);
  running += 1;
  const answer: Answered = await run(command).then(
    (end) => ({ id, end }),
    (thrown: unknown) => ({ id, failed: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
  running -= 1;
  process.send?.(answer);
  if (running === 0) idle = setTimeout(end, IDLE_MS);
});

function end(): void {
  if (running === 0 && process.connected) process.disconnect();
}

async function run({ program, args, env, input }: Command): Promise<CommandEnd> {
  const child = spawn(program, args, { ...(env && { env }), stdio: ['pipe', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  // A program may end before it has read everything; its exit code tells what happened.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? -1));
  return { code: await promise, output: Buffer.concat(output), complaints: Buffer.concat(complaints) };
}
