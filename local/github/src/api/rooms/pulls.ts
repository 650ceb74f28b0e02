import { readCommits } from '../../git/commits.ts';
import { diffTrees, type FileChange } from '../../git/diff.ts';
import { isAncestor, mergeBase } from '../../git/history.ts';
import { resolveCommit } from '../../git/resolve.ts';
import { mergePullRequest } from '../../world/merge-pull-request.ts';
import { addReview, openPullRequest, type PullRequest, type Review } from '../../world/pull-request.ts';
import { lackingCheck } from '../../world/ruleset.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, unprocessable, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showCommit, showFile } from '../show/commit.ts';
import { showFullPullRequest, showPullRequest, showReview } from '../show/pull-request.ts';

const STATE_OF = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;
const EVENTS = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;

export const pulls: readonly Route[] = [
  read(['pull-requests'], '/pulls', (call) => {
    const { query, repository, world } = call;
    const state = query.get('state') ?? 'open';
    const head = query.get('head');
    const base = query.get('base');
    const found = repository.pulls
      .filter((pull) => state === 'all' || pull.state === state)
      .filter((pull) => base === null || pull.baseRef === base)
      .filter((pull) => head === null || `${pull.headRepository.owner.login}:${pull.headRef}` === head);
    return page(call, found.toReversed(), (some) => some.map((pull) => showPullRequest(world, pull)));
  }),
  read(['pull-requests'], '/pulls/{number}', async (call) => ok(await full(call, pullIn(call)))),
  read(['pull-requests'], '/pulls/{number}/files', async (call) => {
    const pull = pullIn(call);
    return page(call, await filesOf(pull), (some) =>
      some.map((file) => showFile(call.world, pull.headRepository, pull.headSha, file)),
    );
  }),
  read(['pull-requests'], '/pulls/{number}/commits', async (call) => {
    const commits = await commitsOf(pullIn(call));
    return page(call, commits, (some) =>
      some.map((commit) => showCommit(call.world, call.repository, commit)),
    );
  }),
  read(['pull-requests'], '/pulls/{number}/reviews', (call) => {
    const pull = pullIn(call);
    return page(call, pull.reviews, (some) => some.map((each) => showReview(call.world, pull, each)));
  }),
  write('POST', ['pull-requests'], '/pulls', open),
  write('PATCH', ['pull-requests'], '/pulls/{number}', edit),
  write('POST', ['pull-requests'], '/pulls/{number}/reviews', review, 'read'),
  // "Permissions required for GitHub Apps": merging is a matter of the contents
  write('PUT', ['contents'], '/pulls/{number}/merge', merge),
];

async function full({ world }: RepositoryCall, pull: PullRequest) {
  const [files, commits] = await Promise.all([filesOf(pull), commitsOf(pull)]);
  const sum = (count: (file: FileChange) => number) => files.reduce((total, file) => total + count(file), 0);
  return showFullPullRequest(world, pull, {
    commits: commits.length,
    changedFiles: files.length,
    additions: sum(({ additions }) => additions),
    deletions: sum(({ deletions }) => deletions),
  });
}

/** Commits of the head that the base doesn't have, oldest first. */
function commitsOf({ repository, baseSha, headSha }: PullRequest) {
  return readCommits(repository.path, ['--reverse', `${baseSha}..${headSha}`]);
}

async function filesOf({ repository, baseSha, headSha }: PullRequest): Promise<readonly FileChange[]> {
  const base = await mergeBase(repository.path, baseSha, headSha);
  return diffTrees(repository.path, base ?? baseSha, headSha);
}

async function open(call: RepositoryCall): Promise<Reply> {
  const { world, repository, principal } = call;
  // GitHub, "Managing GitHub Actions settings for a repository": whether jobs may, and it is off at first
  if (principal?.kind === 'job' && !repository.actionsOpenPullRequests)
    throw new ApiError(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  const body = bodyOf(call, 'PullRequest');
  const [head, base, text] = [body.text('head'), body.text('base'), body.optionalText('body')];
  const custom = (message: string) =>
    validationFailed({ resource: 'PullRequest', field: 'head', code: 'custom', message });
  if (
    repository.pulls.some((pull) => pull.state === 'open' && pull.headRef === head && pull.baseRef === base)
  )
    throw custom(`A pull request already exists for ${repository.owner.login}:${head}.`);
  const [from, into] = await Promise.all(
    [head, base].map((branch) => resolveCommit(repository.path, `refs/heads/${branch}`)),
  );
  if (from === undefined || into === undefined)
    throw validationFailed({ resource: 'PullRequest', field: from ? 'base' : 'head', code: 'invalid' });
  if (await isAncestor(repository.path, from, into)) throw custom(`No commits between ${base} and ${head}`);
  const pull = await openPullRequest(world, {
    repository: repository.fullName,
    head,
    base,
    user: authorOf(call).login,
    title: body.text('title'),
    ...(text === undefined ? {} : { body: text }),
  });
  return ok(await full(call, pull), 201);
}

async function edit(call: RepositoryCall): Promise<Reply> {
  const pull = pullIn(call);
  const body = bodyOf(call, 'PullRequest');
  pull.title = body.optionalText('title') ?? pull.title;
  pull.body = body.optionalText('body') ?? pull.body;
  pull.updatedAt = call.world.clock.now();
  return ok(await full(call, pull));
}

function review(call: RepositoryCall): Reply {
  const pull = pullIn(call);
  const user = authorOf(call);
  const body = bodyOf(call, 'PullRequestReview');
  const event = body.oneOf('event', EVENTS);
  const text = body.optionalText('body') ?? '';
  const state: Review['state'] = STATE_OF[event];
  if (event !== 'COMMENT' && user.id === pull.user.id) {
    const deed = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw unprocessable('Unprocessable Entity', `Can not ${deed} your own pull request`);
  }
  if (event !== 'APPROVE' && text === '') {
    throw unprocessable('Unprocessable Entity', 'A comment is required for this review');
  }
  const commit = body.optionalText('commit_id') ?? pull.headSha;
  return ok(showReview(call.world, pull, addReview(call.world, pull, { user, state, body: text, commit })));
}

async function merge(call: RepositoryCall): Promise<Reply> {
  const pull = pullIn(call);
  const body = bodyOf(call, 'PullRequest');
  const method = body.optionalOneOf('merge_method', ['merge', 'squash']) ?? 'merge';
  const head = body.optionalText('sha');
  if (head !== undefined && head !== pull.headSha)
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  const lacking = lackingCheck(call.repository, pull.baseRef, pull.headSha);
  if (lacking !== undefined)
    throw new ApiError(
      405,
      `Repository rule violations found\n\nRequired status check "${lacking}" is expected.\n\n`,
    );
  const sha =
    pull.state === 'open'
      ? await mergePullRequest(call.world, pull, { by: authorOf(call).login, method })
      : undefined;
  if (sha === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function pullIn({ repository, parameters }: RepositoryCall): PullRequest {
  const pull = repository.pulls.find(({ number }) => number === Number(parameters['number']));
  if (!pull) throw notFound();
  return pull;
}
