import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun, finishRun } from '@tenant-delivery/local-github/world/run';
import { baseOf } from '../src/commands/changed-contracts.ts';
import { gitIn } from '../src/commands/git.ts';

const NAME = 'initech/tenant-operations';
const PATH = '.github/workflows/contracts.yml';

let cwd = '';
let github: LocalGithub;
let repository: Repository;
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', cwd, ...args], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'base-'));
  git('init', '--quiet', '--initial-branch=main');
  execFileSync('mkdir', ['-p', join(cwd, '.github/workflows')]);
  writeFileSync(join(cwd, PATH), 'name: contracts\non: push\njobs: {}\n');
  commit('Begin');
  github = await startLocalGithub();
  github.addUser({ login: 'dev-ana', id: 1 });
  repository = github.addRepository({
    ...{ owner: 'initech', ownerId: 7, name: 'tenant-operations', id: 8, path: join(cwd, '.git') },
    collaborators: { 'dev-ana': 'write' },
  });
});
afterAll(async () => {
  await github.close();
  rmSync(cwd, { recursive: true });
});

function commit(message: string, ...how: readonly string[]): string {
  git('add', '--all');
  const ana = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org'];
  git(...ana, 'commit', '--quiet', '--allow-empty', '--message', message, ...how);
  return git('rev-parse', 'HEAD');
}

/** A run of the workflow that ended so, about what is in main. */
function ran(conclusion: 'success' | 'failure', event = 'push'): void {
  const sha = git('rev-parse', 'HEAD');
  const workflow = { repository: NAME, path: PATH, ref: 'refs/heads/main', sha };
  const run = createRun(github.world, repository, {
    workflow,
    event,
    ref: 'refs/heads/main',
    sha,
    actor: 'dev-ana',
  });
  finishRun(github.world, run, conclusion);
}

function base(env: Readonly<Record<string, string>> = {}) {
  const job = {
    GITHUB_REPOSITORY: NAME,
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: git('rev-parse', 'HEAD'),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKFLOW_REF: `${NAME}/${PATH}@refs/heads/main`,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: github.world.users.get('dev-ana')?.token ?? '',
    ...env,
  };
  const io = { cwd, env: job, out: () => {}, err: () => {}, interrupted: new AbortController().signal };
  return baseOf(gitIn('.', io), io);
}

test('a push is compared with the last run that succeeded, and with nothing before there is one or after a force push', async () => {
  ran('failure');
  ran('success', 'pull_request');
  expect(await base()).toMatchObject({
    commit: undefined,
    sentence: expect.stringContaining('has succeeded yet'),
  });
  const good = commit('Change a contract');
  ran('success');
  commit('Change another');
  ran('failure');
  commit('Add a remark');
  expect(await base()).toMatchObject({ commit: good });
  git('reset', '--quiet', '--hard', 'HEAD~3');
  commit('Something else');
  expect(await base()).toEqual({
    commit: undefined,
    sentence: expect.stringContaining('is no longer part of main: every contract counts as changed.'),
  });
});

test('what GitHub does not answer is not taken for no run', async () => {
  await expect(base({ GITHUB_TOKEN: 'ghs_of-nobody' })).rejects.toThrow('Bad credentials');
});

test('a pull request is compared with what it would be merged into', async () => {
  const into = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '-b', 'wish');
  commit('Wish');
  git('checkout', '--quiet', '--detach', 'main');
  git(
    '-c',
    'user.name=Ana',
    '-c',
    'user.email=ana@example.org',
    'merge',
    '--quiet',
    '--no-ff',
    '-m',
    'Merge',
    'wish',
  );
  expect(await base({ GITHUB_EVENT_NAME: 'pull_request' })).toMatchObject({ commit: into });
  git('checkout', '--quiet', 'wish');
  await expect(base({ GITHUB_EVENT_NAME: 'pull_request' })).rejects.toThrow('is no merge of a pull request');
});
