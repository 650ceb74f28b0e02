import { mkdir } from 'node:fs/promises';
import { git } from './git.ts';
import { runCommand } from './run-command.ts';

/** Writes the tree of a commit into a folder, as a checkout without history would. */
export async function exportTree(path: string, commit: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { output } = await git(path, ['archive', '--format=tar', commit]);
  const { code, complaints } = await runCommand({
    program: 'tar',
    args: ['-x', '-C', folder],
    input: output,
  });
  if (code !== 0) throw new Error(`tar failed (${code}): ${complaints.toString().trim()}`);
}
