import { spawn } from 'node:child_process';
import type { Answered, Asked, Command, CommandEnd } from './command.ts';

/**
 * The process behind `runCommand`: starts programs until its server lets go of it or is gone. A signal to all processes
 * of a terminal reaches it too, and the server decides what that means.
 */
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.on('message', async ({ id, command }: Asked) => {
  const answer: Answered = await run(command).then(
    (end) => ({ id, end }),
    (thrown: unknown) => ({ id, failed: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
  process.send?.(answer, () => {}); // the server may be gone, which `disconnect` tells
});

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
