import { readCommit, readCommits } from '../../git/commits.ts';
import { diffTrees, type FileChange } from '../../git/diff.ts';
import { divergence, isAncestor, mergeBase } from '../../git/history.ts';
import { resolveCommit } from '../../git/resolve.ts';
import { merged } from '../../world/merge-pull-request.ts';
import type { PullRequest } from '../../world/pull-request.ts';
import type { Repository } from '../../world/repository.ts';
import type { Reply, RepositoryCall, Route } from '../call.ts';
import { notFound, unprocessable } from '../errors.ts';
import { page, windowOf } from '../page.ts';
import { read } from '../routes.ts';
import { showCommit, showFile } from '../show/commit.ts';
import { showPullRequest } from '../show/pull-request.ts';
import { repositoryUrl } from '../show/repository.ts';

/** What git calls the tree without anything: the parent of a first commit. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const MOST_FILES = 300;

export const commits: readonly Route[] = [
  read(['contents'], '/commits', async (call) => {
    const { world, repository, query } = call;
    const from = query.get('sha') ?? repository.defaultBranch;
    const sha = await resolveCommit(repository.path, from);
    if (!sha) throw notFound();
    const path = query.get('path');
    const found = await readCommits(repository.path, [sha], path === null ? [] : [path]);
    return page(call, found, (some) => some.map((each) => showCommit(world, repository, each)));
  }),
  read(['pull-requests'], '/commits/{sha}/pulls', async (call) => {
    const { world, repository } = call;
    const sha = await commitIn(call, call.parameters['sha']);
    const holding = await Promise.all(
      repository.pulls.map(async (pull) => (await merged(pull, sha)) || (await brings(pull, sha))),
    );
    return page(
      call,
      repository.pulls.filter((_, index) => holding[index]),
      (some) => some.map((pull) => showPullRequest(world, pull)),
    );
  }),
  read(['contents'], '/commits/{ref...}', showOne),
  read(['contents'], '/compare/{basehead...}', compare),
];

/** The commit that a part of the path names. */
export async function commitIn({ repository }: RepositoryCall, name = ''): Promise<string> {
  const sha = await resolveCommit(repository.path, name);
  if (!sha) throw unprocessable(`No commit found for SHA: ${name}`);
  return sha;
}

async function showOne(call: RepositoryCall): Promise<Reply> {
  const { world, repository, parameters } = call;
  const commit = await readCommit(repository.path, await commitIn(call, parameters['ref']));
  const files = await diffTrees(repository.path, commit.parents[0] ?? EMPTY_TREE, commit.sha);
  const additions = sum(files, ({ additions }) => additions);
  const deletions = sum(files, ({ deletions }) => deletions);
  return page(call, files, (some) => ({
    ...showCommit(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: some.map((file) => showFile(world, repository, commit.sha, file)),
  }));
}

/** What the head has since it left the base. Pages are of commits; the files come with the first. */
async function compare(call: RepositoryCall): Promise<Reply> {
  const { world, repository, parameters } = call;
  const [left, right] = (parameters['basehead'] ?? '').split('...');
  const base = await endOf(call, left);
  const head = await endOf(call, right);
  const ancestor = await mergeBase(repository.path, base, head);
  if (ancestor === undefined) throw notFound();
  const [counts, found, files, baseCommit, ancestorCommit] = await Promise.all([
    divergence(repository.path, base, head),
    readCommits(repository.path, ['--reverse', `${base}..${head}`]),
    diffTrees(repository.path, ancestor, head),
    readCommit(repository.path, base),
    readCommit(repository.path, ancestor),
  ]);
  const url = `${repositoryUrl(world, repository)}/compare/${left}...${right}`;
  const html = `${world.url}/${repository.fullName}/compare/${left}...${right}`;
  const first = windowOf(call).number === 1;
  return page(call, found, (some, total) => ({
    url,
    html_url: html,
    permalink_url: `${world.url}/${repository.fullName}/compare/${base}...${head}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: showCommit(world, repository, baseCommit),
    merge_base_commit: showCommit(world, repository, ancestorCommit),
    status: statusOf(counts),
    ahead_by: counts.ahead,
    behind_by: counts.behind,
    total_commits: total,
    commits: some.map((each) => showCommit(world, repository, each)),
    ...(first
      ? { files: files.slice(0, MOST_FILES).map((file) => showFile(world, repository, head, file)) }
      : {}),
  }));
}

/** `main`, a commit, or `owner:branch` of a fork; a fork's commits are known here from its pull requests. */
async function endOf(call: RepositoryCall, name = ''): Promise<string> {
  const [owner, branch] = name.includes(':') ? name.split(':') : [undefined, name];
  const place = owner === undefined ? call.repository : inNetwork(call, owner);
  const sha = place && (await resolveCommit(place.path, branch ?? ''));
  const known = sha && (await resolveCommit(call.repository.path, sha));
  if (!known) throw notFound();
  return known;
}

function inNetwork({ world, repository }: RepositoryCall, owner: string): Repository | undefined {
  const network = [...world.repositories.values()].filter(
    (each) => each === repository || each.parent === repository || repository.parent === each,
  );
  return network.find((each) => each.owner.login.toLowerCase() === owner.toLowerCase());
}

function statusOf({ ahead, behind }: { readonly ahead: number; readonly behind: number }): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function brings({ repository, headSha, baseSha }: PullRequest, sha: string): Promise<boolean> {
  const [inHead, inBase] = await Promise.all([
    isAncestor(repository.path, sha, headSha),
    isAncestor(repository.path, sha, baseSha),
  ]);
  return inHead && !inBase;
}

function sum(files: readonly FileChange[], count: (file: FileChange) => number): number {
  return files.reduce((total, file) => total + count(file), 0);
}
