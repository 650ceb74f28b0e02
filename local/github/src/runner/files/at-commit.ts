import { gitText } from '../../git/git.ts';
import { resolveCommit } from '../../git/resolve.ts';
import { readFileAt } from '../../git/tree.ts';

export interface ResolvedRef {
  readonly sha: string;
  /** In full for a branch or tag, otherwise the commit. */
  readonly ref: string;
}

/** A full ref, a tag, a branch or a full commit; a tag wins over a branch of the same name, as in `uses`. */
export async function resolveRef(repository: string, ref: string): Promise<ResolvedRef | undefined> {
  const isCommit = /^[0-9a-f]{40}$/.test(ref);
  const candidates = ref.startsWith('refs/') || isCommit ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  for (const candidate of candidates) {
    const sha = await resolveCommit(repository, candidate);
    if (sha !== undefined) return { sha, ref: candidate };
  }
  return undefined;
}

/** The text of a file at a commit; undefined when the commit has no such file. */
export async function fileAt(repository: string, sha: string, path: string): Promise<string | undefined> {
  return (await readFileAt(repository, sha, path))?.toString();
}

export function subjectAt(repository: string, sha: string): Promise<string> {
  return gitText(repository, ['log', '-1', '--format=%s', sha]);
}
