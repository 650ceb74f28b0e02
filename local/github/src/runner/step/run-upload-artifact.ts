import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import type { Strings } from '../value.ts';
import type { Doing } from './prepared-step.ts';
import { inputsNamed, warnOfUnexpected } from './unexpected-inputs.ts';

const INPUTS = inputsNamed(
  'name path if-no-files-found retention-days compression-level overwrite include-hidden-files archive',
);
const ABSENT = ['warn', 'error', 'ignore'];

/** The built-in equivalent of actions/upload-artifact: keeps the files with the run. Patterns are not supported. */
export async function runUploadArtifact(
  job: JobState,
  given: Strings,
  { outputs }: Doing,
): Promise<'success' | 'failure'> {
  warnOfUnexpected(job, 'actions/upload-artifact', given, INPUTS);
  const name = given['name'] || 'artifact';
  if (/[":<>|*?\r\n\\/]/.test(name)) throw new Error(`The artifact name is not valid: ${name}.`);
  const absent = given['if-no-files-found'] || 'warn';
  if (!ABSENT.includes(absent)) throw new Error(`Unrecognized if-no-files-found input: ${absent}`);
  const paths = (given['path'] ?? '')
    .split('\n')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  if (paths.length === 0) throw new Error('Input required and not supplied: path');
  const patterns = paths.filter((path) => /[*?[!]/.test(path));
  if (patterns.length > 0)
    throw new Error(`actions/upload-artifact is built in, without patterns: ${patterns.join(', ')}.`);
  const found = (
    await Promise.all(paths.map((path) => filesIn(resolve(job.folders.workspace, path))))
  ).flat();
  if (found.length === 0) {
    const message = `No files were found with the provided path: ${paths.join(', ')}. No artifacts will be uploaded.`;
    if (absent === 'error') throw new Error(message);
    if (absent === 'warn') job.log.annotate('warning', message);
    return 'success';
  }
  if (job.artifacts.has(name) && given['overwrite'] !== 'true')
    throw new Error(`Conflict: an artifact with this name already exists on the workflow run: ${name}`);
  const root = commonFolder(found);
  const files = await Promise.all(
    found.map(async (file) => [relative(root, file), await readFile(file)] as const),
  );
  job.artifacts.set(name, new Map(files));
  job.log.line(`Artifact ${name} has been successfully uploaded with ${files.length} file(s)`);
  outputs.set('artifact-id', String([...job.artifacts.keys()].indexOf(name) + 1));
  return 'success';
}

async function filesIn(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined; // a path that is not there holds no files
    throw cause;
  });
  if (!found) return [];
  if (found.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Inside an artifact paths begin below the folder that all its files have in common. */
function commonFolder(files: readonly string[]): string {
  return files.map(dirname).reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(`${shared}/`)) shared = dirname(shared);
    return shared;
  });
}
