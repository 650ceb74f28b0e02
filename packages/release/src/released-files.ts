import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';

/** Folders that are released with all that is in them, dot folders too. */
const FOLDERS = ['docs', 'templates', 'trust'];

/** Pages for people who change the code. Nobody who runs a release reads them, so they are on the branch main alone. */
const OF_THE_CODE = /^docs\/(?:decisions\/|(?:adding-an-action|assumptions|state)\.md$)/;

const FILES = [
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'actions/*/README.md',
  'actions/*/action.yml',
  'packages/release/CHANGELOG.md',
];

/**
 * What a released commit holds: what a runner starts, what it trusts, and the pages and templates of that version.
 * Neither sources nor tests nor local servers, because a runner downloads the whole commit for each `uses:`; and none of
 * our own workflows that start by themselves, because GitHub would start them for a push to a branch of releases.
 */
export function releasedFiles(root: string): readonly string[] {
  return [...filesBelow(root, 'dist'), ...reviewedFiles(root)].sort();
}

/** All of it but dist/: what somebody has reviewed as it stands. */
export function reviewedFiles(root: string): readonly string[] {
  return [
    ...FOLDERS.flatMap((folder) => filesBelow(root, folder)).filter((file) => !OF_THE_CODE.test(file)),
    ...FILES.flatMap((pattern) => globSync(pattern, { cwd: root })),
    ...globSync('.github/workflows/*.yml', { cwd: root }).filter((file) => isCalled(root, file)),
  ];
}

/** Every file below a folder of the repository. `globSync` does not enter folders whose name begins with a dot. */
export function filesBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function isCalled(root: string, file: string): boolean {
  const { on } = parse(readFileSync(join(root, file), 'utf8')) as { on: object }; // checked by the workflow tests
  return 'workflow_call' in on;
}
