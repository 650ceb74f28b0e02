import { isAncestor } from '../git/history.ts';
import { refsBeginningWith, resolveCommit } from '../git/resolve.ts';
import { type Author, commitFiles, type NewCommit, setRef } from '../git/write.ts';
import type { Repository } from './repository.ts';
import { type User, userNamed } from './user.ts';
import type { World } from './world.ts';

/** A branch was made or moved: an entry of `GET /activity` (GitHub, "List repository activities"). */
export interface Activity {
  readonly id: number;
  /** `refs/heads/main`. */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge';
  /** Null where nobody says who it was: what was written to the git repository behind this server's back. */
  readonly actor: User | null;
  readonly at: number;
}

/** Where a branch is that does not exist. */
export const NOTHING = '0'.repeat(40);

/** Commits to a branch as somebody who pushes: the author is the one that the commit names. */
export async function push(
  world: World,
  repository: Repository,
  { by, ...commit }: NewCommit & { /** Login. */ readonly by: string },
): Promise<string> {
  const actor = userNamed(world, by);
  await noticeMoves(world, repository);
  const sha = await commitFiles(repository.path, commit);
  await record(world, repository, { ref: `refs/heads/${commit.branch}`, after: sha, actor });
  return sha;
}

/** Moves a branch to a commit that is there, by force where it has to be. */
export async function pushCommit(
  world: World,
  repository: Repository,
  { branch, sha, by }: { readonly branch: string; readonly sha: string; readonly by: string },
): Promise<void> {
  const actor = userNamed(world, by);
  await noticeMoves(world, repository);
  const ref = `refs/heads/${branch}`;
  await setRef(repository.path, ref, sha);
  await record(world, repository, { ref, after: sha, actor });
}

/** Records where a branch went. `noticeMoves` comes before whatever moves it. */
export async function record(
  world: World,
  repository: Repository,
  {
    ref,
    after,
    actor,
    type,
  }: Pick<Activity, 'ref' | 'after' | 'actor'> & { readonly type?: Activity['type'] },
): Promise<void> {
  const before = repository.activities.findLast((each) => each.ref === ref)?.after ?? NOTHING;
  const kind = type ?? (await kindOf(repository, before, after));
  const at = world.clock.now();
  repository.activities.push({ id: world.nextId(), ref, before, after, type: kind, actor, at });
}

/** Branches that have moved without anybody telling this server get an entry that names nobody. */
export async function noticeMoves(world: World, repository: Repository): Promise<void> {
  for (const { ref, sha } of await refsBeginningWith(repository.path, 'refs/heads/')) {
    const known = repository.activities.findLast((each) => each.ref === ref)?.after;
    if (known !== sha) await record(world, repository, { ref, after: sha, actor: null });
  }
}

async function kindOf({ path }: Repository, before: string, after: string): Promise<Activity['type']> {
  if (before === NOTHING) return 'branch_creation';
  if (after === NOTHING) return 'branch_deletion';
  const known = await resolveCommit(path, before);
  return known !== undefined && (await isAncestor(path, before, after)) ? 'push' : 'force_push';
}

/** Whom git calls a user who commits. */
export function authorOf({ login, emails: [email = ''] }: User): Author {
  return { name: login, email };
}
