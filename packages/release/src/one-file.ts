import { isAbsolute, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { type BundledPackage, noticesOf, packagesOf } from './notices.ts';
import { repositoryName, root, versionHere } from './this-repository.ts';

/** A program of one file, and the packages of others that are in it. */
export interface OneFile {
  readonly text: string;
  readonly packages: readonly BundledPackage[];
}

/**
 * A command that a repository needs once, as one file beside the released commit: every job downloads that commit, and nobody's
 * job needs this. It has the licences of what is in it at its end. The same sources give the same bytes.
 */
export async function oneFile(entry: string): Promise<OneFile> {
  const release = { repository: repositoryName(), version: versionHere() };
  const made = await rolldown({
    cwd: root,
    input: entry,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { define: { BUNDLED_RELEASE: JSON.stringify(release) } },
  });
  const { output } = await made.generate({ format: 'esm', codeSplitting: false, comments: false });
  const [program] = output;
  const sources = program.moduleIds.filter((id) => isAbsolute(id)).map((id) => relative(root, id));
  const packages = packagesOf(root, sources);
  const notices = noticesOf(packages)
    .split('\n')
    .map((line) => `// ${line}`.trimEnd());
  return { text: `#!/usr/bin/env node\n${program.code}\n${notices.join('\n')}\n`, packages };
}

/** `migrate` as it is released. */
export const MIGRATE = join('packages', 'cli', 'src', 'released-migrate.ts');
