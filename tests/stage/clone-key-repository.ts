import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';

const PROBE = 'verify-clone-key.yml';

/** Makes a repository with the workflow that shows a clone key. Answers where, and the commit. */
export async function cloneKeyRepository(
  folder: string,
): Promise<{ readonly path: string; readonly sha: string }> {
  const path = join(folder, 'orders.git');
  await createGitRepository(path);
  const templates = join(import.meta.dirname, '../../templates/workflow-templates');
  const files = { [`.github/workflows/${PROBE}`]: await readFile(join(templates, PROBE), 'utf8') };
  const author = { name: 'Ana', email: 'ana@example.com' };
  return { path, sha: await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author }) };
}
