import { gitText } from './git.ts';

/** The commit of a branch, tag, full ref or (abbreviated) id; undefined when there is none. */
export async function resolveCommit(path: string, name: string): Promise<string | undefined> {
  return resolveObject(path, `${name}^{commit}`);
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
    if (await resolveObject(path, candidate)) return candidate;
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
