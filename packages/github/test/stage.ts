import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { createJob, type Job, startJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun, type Run } from '@tenant-delivery/local-github/world/run';
import { Secret } from '@tenant-delivery/rotation/secret';
import { installationToken, type TokenWish } from '../src/app/app-token.ts';
import { type GithubClient, githubClient } from '../src/session/github-client.ts';

export const ORDERS = 'acme/orders';
export const ANA = { name: 'Ana', email: 'dev-ana@users.noreply.github.com' };
export const BEN = { name: 'Ben', email: 'lead-ben@users.noreply.github.com' };
const WORKFLOW = { repository: ORDERS, path: '.github/workflows/deliver.yml', ref: 'refs/heads/main' };
const DELIVER_PERMISSIONS = { actions: 'read', contents: 'read', 'id-token': 'write' } as const;
const APP_PERMISSIONS = {
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
  actions: 'write',
  organization_secrets: 'write',
  organization_actions_variables: 'write',
  administration: 'write',
} as const;

type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** A GitHub over HTTP with one repository, acme/orders, two people, and an App that is installed at acme. */
export interface Stage {
  readonly github: LocalGithub;
  readonly orders: Repository;
  /** The bare repository of acme/orders, and its first commit. */
  readonly path: string;
  readonly first: string;
  readonly clock: Clock;
  /** Milliseconds of each sleep. */
  readonly slept: number[];
  readonly app: { readonly id: number; readonly privateKey: Secret };
  /** The id of the App's installation at acme. */
  readonly installation: number;
  newRun(repository?: Repository): Run;
  newJob(run: Run, name: string, more?: object): Job;
  commit(text: string, author?: typeof ANA, committer?: typeof ANA): Promise<string>;
  clientFor(token: string): Promise<GithubClient>;
  /** The API as a job of the workflow sees it, with the permissions that its `permissions:` block gives. */
  asJob(permissions?: Permissions): Promise<GithubClient>;
  /** The API as the App sees it. */
  asApp(permissions: TokenWish['permissions'], where?: Partial<TokenWish>): Promise<GithubClient>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** GitHub's own time; the machine's if it is not given. */
  readonly now?: () => number;
  /** What the first commit has. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function githubStage({ now, files = { 'server.js': '1' } }: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'github-adapters-'));
  const slept: number[] = [];
  const clock: Clock = {
    now: now ?? (() => Date.now()),
    sleep: async (milliseconds) => void slept.push(milliseconds),
  };
  const github = await startLocalGithub(now ? { clock } : {});
  const path = join(folder, 'orders.git');
  await createGitRepository(path);
  const first = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author: ANA });
  github.addUser({ login: 'dev-ana', id: 200010 });
  github.addUser({ login: 'lead-ben', id: 200001 });
  const orders = github.addRepository({
    ...{ owner: 'acme', ownerId: 123456, name: 'orders', id: 456789, path },
    collaborators: { 'dev-ana': 'write' },
  });
  const masker = { mask: () => {} };
  const made = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions: APP_PERMISSIONS });
  const installation = installApp(github.world, made.app, { account: 'acme' }).id;
  const app = { id: 77, privateKey: Secret.born(made.privateKey, 'app 77', masker) };
  const workflow = { ...WORKFLOW, sha: first };
  const clientFor = (token: string) => githubClient(github.apiUrl, token, clock);
  const newRun = (repository = orders) =>
    createRun(github.world, repository, {
      ...{ workflow, event: 'push', ref: 'refs/heads/main', sha: first, actor: 'dev-ana' },
    });
  const newJob: Stage['newJob'] = (run, name, more = {}) =>
    createJob(github.world, run, { name, permissions: {}, workflow, ...more });
  return {
    ...{ github, orders, path, first, clock, slept, app, installation, newRun, newJob, clientFor },
    commit: (text, author = ANA, committer = author) =>
      commitFiles(path, {
        ...{ branch: 'main', from: 'main', files: { 'server.js': text } },
        ...{ message: `Change to ${text}\n`, author, committer },
      }),
    asJob: (permissions = DELIVER_PERMISSIONS) => {
      const job = newJob(newRun(), 'orders / build', { permissions });
      slept.length = 0;
      return clientFor(startJob(github.world, job).githubToken);
    },
    asApp: async (permissions, where = { repositories: [ORDERS] }) => {
      const wish = { repositories: [], permissions, ...where };
      const { token } = await installationToken(app, wish, { clientFor, clock, masker });
      return clientFor(token.reveal());
    },
    close: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
