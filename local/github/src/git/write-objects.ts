import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, gitText } from './git.ts';
import { type Author, commitTree } from './write.ts';

/** One entry of a tree: a file that is there by its id, new text, or null for a file that goes. */
export interface NewEntry {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
  readonly content?: string;
}

const NO_OBJECT = '0'.repeat(40);

/** Writes a tree, upon another one if it is given. Undefined when an entry names an object that isn't there. */
export async function writeTree(
  path: string,
  base: string | undefined,
  entries: readonly NewEntry[],
): Promise<string | undefined> {
  const room = await mkdtemp(join(tmpdir(), 'local-github-tree-'));
  const env = { GIT_INDEX_FILE: join(room, 'index') };
  try {
    const written = await writeBlobs(path, room, entries);
    if (base !== undefined) await git(path, ['read-tree', base], { env });
    const lines = entries.map((entry) => {
      const sha = written.get(entry) ?? entry.sha;
      return sha === null ? `0 ${NO_OBJECT}\t${entry.path}` : `${entry.mode} ${sha}\t${entry.path}`;
    });
    await git(path, ['update-index', '-z', '--index-info'], { env, input: `${lines.join('\0')}\0` });
    const tree = await git(path, ['write-tree'], { env, allow: [128] });
    return tree.code === 0 ? tree.output.toString().trim() : undefined;
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** The ids of new texts. */
async function writeBlobs(
  path: string,
  room: string,
  entries: readonly NewEntry[],
): Promise<ReadonlyMap<NewEntry, string>> {
  const fresh = entries.filter(({ content }) => content !== undefined);
  if (fresh.length === 0) return new Map();
  const files = fresh.map((_, index) => join(room, `blob-${index}`));
  await Promise.all(fresh.map(({ content = '' }, index) => writeFile(files[index] ?? '', content)));
  const ids = await gitText(path, ['hash-object', '-w', '--no-filters', '--stdin-paths'], {
    input: `${files.join('\n')}\n`,
  });
  const list = ids.split('\n');
  return new Map(fresh.map((entry, index) => [entry, list[index] ?? '']));
}

/** A commit of a tree, on no branch yet. */
export async function writeCommit(
  path: string,
  given: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Author;
    readonly at: number;
  },
): Promise<string> {
  return commitTree(path, given.tree, given.parents, given);
}

export async function deleteRef(path: string, ref: string): Promise<void> {
  await git(path, ['update-ref', '-d', ref]);
}
