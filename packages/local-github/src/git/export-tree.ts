import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { git } from './git.ts';

/** Writes the tree of a commit into a folder, as a checkout without history would. */
export async function exportTree(path: string, commit: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { output } = await git(path, ['archive', '--format=tar', commit]);
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  const complaints: Buffer[] = [];
  tar.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  tar.stdin.on('error', () => {}); // tar's exit code tells what happened
  tar.stdin.end(output);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  tar.on('error', reject);
  tar.on('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`tar failed (${code}): ${Buffer.concat(complaints).toString().trim()}`);
}
