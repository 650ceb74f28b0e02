import { readCommit } from '../../git/commits.ts';
import { resolveObject } from '../../git/resolve.ts';
import { type NewEntry, writeCommit, writeTree } from '../../git/write-objects.ts';
import { authorOf as commitAuthorOf } from '../../world/activity.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';
import { showGitCommit } from '../show/commit.ts';
import { repositoryUrl } from '../show/repository.ts';

const MODES: readonly unknown[] = ['100644', '100755', '040000', '160000', '120000'];
const ID = /^[0-9a-f]{40}$/;

/** Trees and commits, made and read without a clone (GitHub, "REST API endpoints for Git database"). */
export const gitObjects: readonly Route[] = [
  write('POST', ['contents'], '/git/trees', makeTree),
  write('POST', ['contents'], '/git/commits', makeCommit),
  read(['contents'], '/git/commits/{sha}', async (call) => {
    const { world, repository, parameters } = call;
    const sha = await objectIn(call, `${parameters['sha']}^{commit}`);
    if (sha === undefined) throw notFound();
    return ok(showGitCommit(world, repository, await readCommit(repository.path, sha)));
  }),
];

async function makeTree(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body } = call;
  const base = bodyOf(call, 'Tree').optionalText('base_tree');
  const on = base === undefined ? undefined : await objectIn(call, `${base}^{tree}`);
  if (base !== undefined && on === undefined) throw unprocessable('base_tree is not a valid tree oid');
  const entries = Array.isArray(body['tree']) ? body['tree'].map(entryOf) : [];
  if (entries.length === 0) throw unprocessable('Invalid tree info');
  const sha = await writeTree(repository.path, on, entries);
  if (sha === undefined) throw unprocessable('tree.sha is not a valid object');
  return ok(
    { sha, url: `${repositoryUrl(world, repository)}/git/trees/${sha}`, tree: [], truncated: false },
    201,
  );
}

/** GitHub, "Create a tree": an entry has `sha`, which is null for a file that goes, or `content`, never both. */
function entryOf(given: unknown): NewEntry {
  const { path, mode, sha, content } = Object(given);
  const isText = typeof content === 'string';
  const isKnown = sha === null || (typeof sha === 'string' && ID.test(sha));
  if (typeof path !== 'string' || !MODES.includes(mode) || (isText ? sha !== undefined : !isKnown))
    throw unprocessable('Must supply either tree.sha or tree.content, and a path and mode with it');
  if (path.split('/').some((part: string) => part === '' || part === '.' || part === '..' || part === '.git'))
    throw unprocessable('tree.path contains a malformed path component');
  return { path, mode, sha: isText ? null : sha, ...(isText ? { content } : {}) };
}

/** Without an author the commit is the caller's, and GitHub signs it when the caller is a bot. */
async function makeCommit(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const body = bodyOf(call, 'Commit');
  const tree = await objectIn(call, `${body.text('tree')}^{tree}`);
  if (tree === undefined) throw unprocessable('Tree SHA does not exist');
  const parents = Array.isArray(call.body['parents']) ? call.body['parents'].map(String) : [];
  for (const parent of parents)
    if (!ID.test(parent) || (await objectIn(call, `${parent}^{commit}`)) === undefined)
      throw unprocessable('Parent SHA does not exist or is not a commit object');
  if (call.body['author'] !== undefined || call.body['committer'] !== undefined)
    throw unprocessable('local-github makes commits of the caller alone: without author and committer');
  const author = commitAuthorOf(authorOf(call));
  const sha = await writeCommit(repository.path, {
    tree,
    parents,
    message: body.text('message'),
    author,
    at: world.clock.now(),
  });
  return ok(showGitCommit(world, repository, await readCommit(repository.path, sha)), 201);
}

function objectIn({ repository }: RepositoryCall, expression: string): Promise<string | undefined> {
  return resolveObject(repository.path, expression);
}
