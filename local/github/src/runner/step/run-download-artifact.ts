import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import type { Strings } from '../value.ts';
import type { Doing } from './prepared-step.ts';
import { inputsNamed, warnOfUnexpected } from './unexpected-inputs.ts';

const INPUTS = inputsNamed(
  'name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch',
);
/** Inputs by which the real one looks for other artifacts than that of the name, in this run or another. */
const UNSUPPORTED = ['artifact-ids', 'pattern', 'github-token', 'run-id', 'skip-decompress'];

/** The built-in equivalent of actions/download-artifact: one artifact of this run, by its name. */
export async function runDownloadArtifact(
  job: JobState,
  given: Strings,
  { outputs }: Doing,
): Promise<'success' | 'failure'> {
  warnOfUnexpected(job, 'actions/download-artifact', given, INPUTS);
  const refused = UNSUPPORTED.filter((name) => (given[name] ?? '') !== '' && given[name] !== 'false');
  const name = given['name'] ?? '';
  if (refused.length > 0 || name === '')
    throw new Error(
      `actions/download-artifact is built in, by name alone: ${refused.join(', ') || 'no name'}.`,
    );
  const files = job.artifacts.get(name);
  if (!files) throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  const folder = resolve(job.folders.workspace, given['path'] ?? '');
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  job.log.line(`Artifact ${name} has been successfully downloaded with ${files.size} file(s)`);
  outputs.set('download-path', folder);
  return 'success';
}
