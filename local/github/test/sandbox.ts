import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitFiles, createGitRepository } from '../src/git/write.ts';
import { type LocalGithub, startLocalGithub } from '../src/start.ts';
import { createJob, type Job, type NewJob, startJob } from '../src/world/job.ts';
import { createRun, type NewRun, type Run, type WorkflowSource } from '../src/world/run.ts';
import { assertDescribed } from './described.ts';

export const ANA = { name: 'Ana', email: '200010+dev-ana@users.noreply.github.com' };

/** A GitHub with one customer's repository, its people, and the provider's released workflow. */
export interface Sandbox {
  readonly github: LocalGithub;
  /** A folder of its own, gone at the end. */
  readonly folder: string;
  /** The first commit of acme/orders. */
  readonly sha: string;
  commit(files: Readonly<Record<string, string | null>>, branch?: string): Promise<string>;
  run(given?: Partial<NewRun>): Run;
  /** A job that has begun, and a client with its `GITHUB_TOKEN`. */
  startedJob(given?: Partial<NewJob>, run?: Run): { readonly job: Job; readonly token: string };
  close(): Promise<void>;
  as(login: string): Client;
  with(token: string | undefined): Client;
}

export const RELEASED: WorkflowSource = {
  repository: 'OWNER/tenant-delivery',
  path: '.github/workflows/deliver.yml',
  ref: 'refs/tags/v0.1.0',
  sha: '5'.repeat(40),
};

export async function startSandbox(now?: () => number): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'));
  const github = await startLocalGithub(now ? { clock: { now } } : {});
  const path = join(folder, 'orders.git');
  await createGitRepository(path);
  const files = { 'README.md': '# Orders\n', '.delivery/service.yaml': 'schemaVersion: 1\n' };
  const sha = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author: ANA });
  github.addUser({ login: 'dev-ana', id: 200010 });
  github.addUser({ login: 'lead-ben', id: 200001 });
  github.addUser({ login: 'stranger', id: 999 });
  const repository = github.addRepository({
    owner: 'acme',
    ownerId: 123456,
    name: 'orders',
    id: 456789,
    path,
    collaborators: { 'dev-ana': 'write' },
  });
  const { world } = github;

  const run = (given: Partial<NewRun> = {}): Run =>
    createRun(world, repository, {
      workflow: {
        repository: 'acme/orders',
        path: '.github/workflows/delivery.yml',
        ref: 'refs/heads/main',
        sha,
      },
      name: 'Delivery',
      event: 'push',
      ref: 'refs/heads/main',
      sha,
      actor: 'dev-ana',
      ...given,
    });
  return {
    github,
    folder,
    sha,
    commit: (changed, branch = 'main') =>
      commitFiles(path, {
        branch,
        from: 'main',
        files: changed,
        message: 'Change something\n\nWith a reason.\n',
        author: ANA,
      }),
    run,
    startedJob: (given = {}, of = run()) => {
      const job = createJob(world, of, {
        name: 'deliver / build',
        permissions: {},
        workflow: RELEASED,
        ...given,
      });
      return { job, token: startJob(world, job).githubToken };
    },
    as: (login) => clientOf(github, world.users.get(login)?.token),
    with: (token) => clientOf(github, token),
    close: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  /** Its shape has been compared with GitHub's description. */
  readonly body: unknown;
  readonly headers: Headers;
}

export interface Client {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** Plain HTTP. Every reply is compared with GitHub's description on its way. */
function clientOf(github: LocalGithub, token: string | undefined): Client {
  const call = async (method: string, path: string, body?: unknown, extra = {}): Promise<Answer> => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...extra },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    if (isJson && text !== '') assertDescribed(method, path.split('?')[0] ?? '', response.status, parsed);
    return { status: response.status, body: parsed, headers: response.headers };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
  };
}

/** A number in a reply, by its path: `numberAt(reply, 'jobs', 0, 'id')`. */
export function numberAt({ body }: Answer, ...path: readonly (string | number)[]): number {
  const found = path.reduce<unknown>((value, key) => Object(value)[key], body);
  if (typeof found !== 'number') throw new Error(`${path.join('.')} is ${JSON.stringify(found)}.`);
  return found;
}
