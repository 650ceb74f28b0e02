import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '@tenant-delivery/action-kit';
import type { BranchUpdate } from '@tenant-delivery/delivery/github-ports';
import {
  checkRuns,
  commits,
  environments,
  githubClient,
  issues,
  pullRequestComments,
  workflowRuns,
} from '@tenant-delivery/github';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { pushCommit } from '@tenant-delivery/local-github/world/activity';
import { passEnvironment, review } from '@tenant-delivery/local-github/world/approval';
import { createJob, startJob } from '@tenant-delivery/local-github/world/job';
import { createRun, finishRun, type Run, rerun } from '@tenant-delivery/local-github/world/run';

const ORDERS = 'acme/orders';
const ANA = { name: 'Ana', email: 'dev-ana@users.noreply.github.com' };
const BEN = { name: 'Ben', email: 'lead-ben@users.noreply.github.com' };
const NOBODY = { name: 'Nobody', email: 'nobody@example.com' };
const WORKFLOW = { repository: ORDERS, path: '.github/workflows/deliver.yml', ref: 'refs/heads/main' };
const DELIVER_PERMISSIONS = { actions: 'read', contents: 'read', 'id-token': 'write' } as const;
const GATE_PERMISSIONS = { checks: 'write', contents: 'read', 'pull-requests': 'write' } as const;

let folder = '';
let github: LocalGithub;
let first = '';
let slept: number[] = [];
const clock: Clock = { now: () => 0, sleep: async (milliseconds) => void slept.push(milliseconds) };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-adapters-'));
  github = await startLocalGithub();
  const path = join(folder, 'orders.git');
  await createGitRepository(path);
  first = await commitFiles(path, {
    branch: 'main',
    files: { 'server.js': '1' },
    message: 'Begin\n',
    author: ANA,
  });
  github.addUser({ login: 'dev-ana', id: 200010 });
  github.addUser({ login: 'lead-ben', id: 200001 });
  github.addRepository({
    owner: 'acme',
    ownerId: 123456,
    name: 'orders',
    id: 456789,
    path,
    collaborators: { 'dev-ana': 'write' },
  });
  github.setEnvironment(ORDERS, {
    name: 'acme-prod-approval',
    reviewers: [200001],
    preventSelfReview: true,
    adminsBypass: false,
  });
  github.setEnvironment(ORDERS, { name: 'acme-prod', branches: ['main'], tags: ['v*'] });
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

function newRun(): Run {
  const repository = github.world.repositories.get(ORDERS);
  if (!repository) throw new Error('the repository was added before');
  return createRun(github.world, repository, {
    workflow: { ...WORKFLOW, sha: first },
    event: 'push',
    ref: 'refs/heads/main',
    sha: first,
    actor: 'dev-ana',
  });
}

/** The API as a job of the workflow sees it, with the permissions that its `permissions:` block gives. */
function api(permissions: Readonly<Record<string, 'read' | 'write'>> = DELIVER_PERMISSIONS, run = newRun()) {
  const job = createJob(github.world, run, {
    name: 'orders / build',
    permissions,
    workflow: { ...WORKFLOW, sha: first },
  });
  slept = [];
  return githubClient(github.apiUrl, startJob(github.world, job).githubToken, clock);
}

async function commit(text: string, author = ANA, committer = author): Promise<string> {
  return commitFiles(join(folder, 'orders.git'), {
    branch: 'main',
    from: 'main',
    files: { 'server.js': text },
    message: `Change to ${text}\n`,
    author,
    committer,
  });
}

/** A branch `many` with this many commits after the first. */
function manyCommits(count: number): void {
  const by = `${ANA.name} <${ANA.email}> 1800000000 +0000`;
  const one = (index: number) =>
    `commit refs/heads/many\nauthor ${by}\ncommitter ${by}\ndata 2\n${index % 10}\n${index === 0 ? `from ${first}\n` : ''}\n`;
  const input = Array.from({ length: count }, (_, index) => one(index)).join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: join(folder, 'orders.git'), input });
}

describe('environments', () => {
  it('are read with everything that protects them', async () => {
    expect(await environments(await api()).protectionOf(ORDERS, 'acme-prod-approval')).toEqual({
      name: 'acme-prod-approval',
      adminsMayBypass: false,
      reviewers: {
        kind: 'required',
        people: [{ id: 200001, login: 'lead-ben' }],
        teams: [],
        preventSelfReview: true,
      },
      branches: { kind: 'any' },
    });
    expect(await environments(await api()).protectionOf(ORDERS, 'acme-prod')).toMatchObject({
      reviewers: { kind: 'none' },
      adminsMayBypass: true,
      branches: { kind: 'patterns', branches: ['main'], tags: ['v*'] },
    });
  });

  it('that do not exist are absent; one that cannot be read is a failure', async () => {
    expect(await environments(await api()).protectionOf(ORDERS, 'acme-prod-aproval')).toBe('absent');
    await expect(
      environments(await api({ contents: 'read' })).protectionOf(ORDERS, 'acme-prod'),
    ).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
    github.fail({ path: `/repos/${ORDERS}/environments/acme-prod`, kind: 'empty-reply' });
    await expect(environments(await api()).protectionOf(ORDERS, 'acme-prod')).rejects.toMatchObject({
      code: 'GITHUB_ANSWER_INCOMPLETE',
    });
  });
});

describe('runs', () => {
  it('show who approved what, as GitHub keeps it', async () => {
    const run = newRun();
    const job = createJob(github.world, run, {
      name: 'orders / approve',
      permissions: DELIVER_PERMISSIONS,
      workflow: { ...WORKFLOW, sha: first },
      environment: { name: 'acme-prod-approval' },
    });
    const passed = passEnvironment(github.world, job);
    review(github.world, job, { state: 'approved', login: 'lead-ben', comment: 'go' });
    await passed;
    expect(await workflowRuns(await api()).approvalsOf(ORDERS, String(run.id))).toEqual([
      {
        state: 'approved',
        by: { id: 200001, login: 'lead-ben' },
        comment: 'go',
        environments: ['acme-prod-approval'],
      },
    ]);
  });

  it('say who started each attempt, and whether that is a bot', async () => {
    const run = newRun();
    rerun(github.world, run, 'github-actions[bot]');
    const asked = async (attempt: number) =>
      workflowRuns(await api()).startersOf(ORDERS, String(run.id), attempt);
    const ana = { id: 200010, login: 'dev-ana', bot: false };
    expect(await asked(1)).toEqual({ actor: ana, triggeringActor: ana });
    expect(await asked(2)).toMatchObject({ actor: ana, triggeringActor: { id: 41_898_282, bot: true } });
    await expect(asked(3)).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });

  it('are alive until they are completed, and a later attempt tells that an earlier one is over', async () => {
    const run = newRun();
    const asked = workflowRuns(await api(DELIVER_PERMISSIONS, newRun()));
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'alive', attempt: 1 });
    finishRun(github.world, run, 'failure');
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'over', attempt: 1 });
    rerun(github.world, run, 'dev-ana');
    expect(await asked.stateOf(ORDERS, String(run.id))).toEqual({ kind: 'alive', attempt: 2 });
    expect(await asked.stateOf(ORDERS, '1')).toBe('absent');
  });

  it('are asked for again when GitHub stumbles, and are unknown when it stays down', async () => {
    const run = newRun();
    const path = `/repos/${ORDERS}/actions/runs/${run.id}`;
    const asked = workflowRuns(await api());
    github.fail({ path, kind: 'secondary-limit' });
    expect(await asked.stateOf(ORDERS, String(run.id))).toMatchObject({ kind: 'alive' });
    expect(slept.length).toBe(1);
    for (const kind of ['server-error', 'reset'] as const) {
      github.fail({ path, kind, times: 4 });
      await expect(asked.stateOf(ORDERS, String(run.id))).rejects.toMatchObject({
        code: 'GITHUB_UNAVAILABLE',
      });
    }
  });
});

describe('commits', () => {
  it('name the people behind each commit since a revision, author and committer', async () => {
    const second = await commit('2', BEN, ANA);
    const third = await commit('3');
    const ben = { id: 200001, login: 'lead-ben', bot: false };
    const ana = { id: 200010, login: 'dev-ana', bot: false };
    expect(await commits(await api()).between(ORDERS, first, third)).toEqual([
      { sha: second, author: ben, committer: ana, parents: [first] },
      { sha: third, author: ana, committer: ana, parents: [second] },
    ]);
  });

  it('by nobody that GitHub knows are said to be so', async () => {
    const sha = await commit('4', NOBODY);
    expect(await commits(await api()).commit(ORDERS, sha)).toMatchObject({
      sha,
      author: 'unknown',
      committer: 'unknown',
    });
  });

  it('by a bot and by GitHub itself are told from those of people', async () => {
    const bot = { name: 'b', email: '41898282+github-actions[bot]@users.noreply.github.com' };
    const sha = await commit('5', bot, { name: 'GitHub', email: 'noreply@github.com' });
    expect(await commits(await api()).commit(ORDERS, sha)).toMatchObject({
      author: { id: 41_898_282, login: 'github-actions[bot]', bot: true },
      committer: { id: 19_864_447, login: 'web-flow', bot: false },
    });
  });

  it('come whole, however many there are', async () => {
    manyCommits(205);
    const all = await commits(await api()).between(ORDERS, first, 'many');
    expect(new Set(all === 'absent' ? [] : all.map(({ sha }) => sha)).size).toBe(205);
  });

  it('that the repository does not have are absent', async () => {
    expect(await commits(await api()).between(ORDERS, 'd'.repeat(40), first)).toBe('absent');
  });
});

describe('a branch', () => {
  it('tells who moved it, page after page, with what a job of the workflow may read', async () => {
    const repository = github.world.repositories.get(ORDERS);
    if (!repository) throw new Error('the repository was added before');
    const move = (sha: string, by: string) =>
      pushCommit(github.world, repository, { branch: 'moved', sha, by });
    const second = await commit('moved');
    await move(first, 'lead-ben');
    for (let n = 0; n < 60; n += 1) {
      await move(second, 'dev-ana');
      await move(first, 'github-actions[bot]');
    }
    const all: BranchUpdate[] = [];
    for await (const update of commits(await api()).updatesOf(ORDERS, 'refs/heads/moved')) all.push(update);
    expect(all).toHaveLength(121);
    expect(all.slice(0, 2)).toEqual([
      {
        before: second,
        after: first,
        forced: true,
        by: { id: 41_898_282, login: 'github-actions[bot]', bot: true },
      },
      { before: first, after: second, forced: false, by: { id: 200010, login: 'dev-ana', bot: false } },
    ]);
    expect(all.at(-1)).toMatchObject({ after: first, forced: false, by: { login: 'lead-ben' } });
  });

  it('that was moved by nobody whom GitHub names says so', async () => {
    const sha = await commit('hidden');
    for await (const update of commits(await api()).updatesOf(ORDERS, 'refs/heads/main')) {
      expect(update).toMatchObject({ after: sha, by: 'unknown' });
      break;
    }
  });
});

describe('a pull request', () => {
  it('has one comment for each service, rewritten in place, and never rewrites what a person wrote', async () => {
    const path = join(folder, 'orders.git');
    await commitFiles(path, {
      branch: 'wish',
      from: 'main',
      files: { wish: '1' },
      message: 'Wish\n',
      author: ANA,
    });
    const pull = await github.openPullRequest({
      repository: ORDERS,
      head: 'wish',
      user: 'dev-ana',
      title: 'Wish',
    });
    const forged = await fetch(`${github.apiUrl}/repos/${ORDERS}/issues/${pull.number}/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${github.world.users.get('dev-ana')?.token}` },
      body: JSON.stringify({ body: '<!-- gate:orders -->\nmine' }),
    });
    expect(forged.status).toBe(201);
    const comments = pullRequestComments(await api(GATE_PERMISSIONS));
    const address = await comments.keep(ORDERS, pull.number, 'gate:orders', 'first');
    await comments.keep(ORDERS, pull.number, 'gate:billing', 'other');
    expect(await comments.keep(ORDERS, pull.number, 'gate:orders', 'second')).toBe(address);
    const bodies = github.world.repositories.get(ORDERS)?.comments.map(({ body }) => body);
    expect(bodies).toEqual([
      '<!-- gate:orders -->\nmine',
      '<!-- gate:orders -->\nsecond',
      '<!-- gate:billing -->\nother',
    ]);
    await expect(
      pullRequestComments(await api()).keep(ORDERS, pull.number, 'gate:orders', 'third'),
    ).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });

  it('has one check for each service', async () => {
    await checkRuns(await api(GATE_PERMISSIONS)).complete(ORDERS, {
      name: 'release gate (acme/prod/orders)',
      sha: first,
      conclusion: 'failure',
      title: 'Refused',
      summary: 'why',
    });
    expect(github.world.repositories.get(ORDERS)?.checkRuns.at(-1)).toMatchObject({
      name: 'release gate (acme/prod/orders)',
      conclusion: 'failure',
    });
  });
});

describe('an issue', () => {
  it('is found again by its first words, when a bot wrote it and it is open, and no pull request', async () => {
    const ask = issues(await api({ issues: 'write' }));
    const forged = await fetch(`${github.apiUrl}/repos/${ORDERS}/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${github.world.users.get('dev-ana')?.token}` },
      body: JSON.stringify({ title: 'mine', body: '<!-- re-gate -->' }),
    });
    expect(forged.status).toBe(201);
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toBeUndefined();
    const made = await ask.create(ORDERS, 'What runs', '<!-- re-gate -->\nfirst');
    await ask.update(ORDERS, made.number, { body: '<!-- re-gate -->\nsecond' });
    await ask.comment(ORDERS, made.number, 'news');
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toEqual({
      ...made,
      body: '<!-- re-gate -->\nsecond',
    });
    await ask.update(ORDERS, made.number, { state: 'closed' });
    expect(await ask.openOne(ORDERS, '<!-- re-gate -->')).toBeUndefined();
    await expect(issues(await api()).openOne(ORDERS, 'x')).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
    });
  });
});
