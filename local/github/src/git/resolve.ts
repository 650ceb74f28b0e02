import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitText } from './git.ts';

const ID = /^[0-9a-f]{40}$/;
const PLAIN_REF = /^refs\/(?:heads|tags)\/[\w./-]+$/;

/** The commit of a branch, tag, full ref or (abbreviated) id; undefined when there is none. */
export async function resolveCommit(path: string, name: string): Promise<string | undefined> {
  const read = await readRef(path, name);
  if (read === 'absent') return undefined;
  if (read?.type === 'branch') return read.id;
  const named = read?.id ?? name;
  return ID.test(named) ? commitBehind(path, named) : resolveObject(path, `${named}^{commit}`);
}

/** Commits behind ids that were found, by repository: what an id names never changes. */
const behind = new Map<string, string>();
const BEHIND = 1_000; // that are remembered; with more, all are forgotten

async function commitBehind(path: string, id: string): Promise<string | undefined> {
  const key = `${path} ${id}`;
  const known = behind.get(key);
  if (known !== undefined) return known;
  const found = await resolveObject(path, `${id}^{commit}`);
  if (found === undefined) return undefined;
  if (behind.size >= BEHIND) behind.clear();
  behind.set(key, found);
  return found;
}

/** A full ref of a bare repository as its file says, without a process; undefined where only git can tell. */
async function readRef(
  path: string,
  ref: string,
): Promise<{ readonly type: 'branch' | 'tag'; readonly id: string } | 'absent' | undefined> {
  if (!PLAIN_REF.test(ref) || ref.includes('..') || !existsSync(join(path, 'HEAD'))) return undefined;
  try {
    const id = (await readFile(join(path, ref), 'utf8')).trim();
    if (!ID.test(id)) return undefined;
    return { type: ref.startsWith('refs/heads/') ? 'branch' : 'tag', id };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException; // of fs
    return code === 'ENOENT' && !existsSync(join(path, 'packed-refs')) ? 'absent' : undefined;
  }
}

/** The object that an expression such as `v1.0.0^{tree}` names; of a bare tag name, the tag object itself. */
export async function resolveObject(path: string, expression: string): Promise<string | undefined> {
  if (expression.startsWith('-')) return undefined;
  const found = await gitText(path, ['rev-parse', '--verify', '--quiet', '--end-of-options', expression], {
    allow: [1, 128],
  });
  return found === '' ? undefined : found;
}

/** `main` or `v0.1.0` as its full ref; a full ref stays, if it exists. Branches come before tags. */
export async function fullRef(path: string, name: string): Promise<string | undefined> {
  const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  for (const candidate of candidates) {
    const read = await readRef(path, candidate);
    if (read === 'absent') continue;
    if (read ?? (await resolveObject(path, candidate))) return candidate;
  }
  return undefined;
}

export interface Ref {
  readonly ref: string;
  readonly sha: string;
  /** `tag` for an annotated tag: its object, not the commit behind it. */
  readonly type: 'commit' | 'tag';
}

/** Refs whose names begin with a prefix, such as `refs/tags/v`. */
export async function refsBeginningWith(path: string, prefix: string): Promise<readonly Ref[]> {
  const lines = await gitText(path, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  return lines
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line) => {
      const [ref = '', sha = '', type = ''] = line.split(' ');
      return { ref, sha, type: type === 'tag' ? 'tag' : 'commit' };
    });
}
