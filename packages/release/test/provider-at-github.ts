import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startLocalGithub } from '@tenant-delivery/local-github';
import { createJob, finishJob, startJob } from '@tenant-delivery/local-github/world/job';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import { createRun } from '@tenant-delivery/local-github/world/run';
import { copyOf } from '@tenant-delivery/testkit/copy-of-this-repository';

const NAME = 'initech/tenant-delivery';
const LIKE_RELEASE_YML = { contents: 'write', 'pull-requests': 'write' } as const;

export type ProviderAtGithub = Awaited<ReturnType<typeof providerAtGithub>>;

/** A provider's copy of this repository at the local GitHub, under the rules of docs/releasing.md, and a clone of it. */
export async function providerAtGithub() {
  const copy = copyOf(NAME);
  const path = join(copy.folder, '.git', 'at-github');
  execFileSync('git', ['clone', '--quiet', '--bare', copy.folder, path]);
  copy.git('remote', 'add', 'origin', path);
  const github = await startLocalGithub();
  github.addUser({ login: 'lead-kim', id: 1 });
  github.addUser({ login: 'dev-lou', id: 2 });
  const repository = github.addRepository({
    owner: 'initech',
    ownerId: 700_000,
    name: 'tenant-delivery',
    id: 700_001,
    path,
    visibility: 'public',
    collaborators: { 'lead-kim': 'write', 'dev-lou': 'write' },
  });
  repository.rulesets.push(
    { include: ['refs/tags/v*.*.*'], rules: ['update', 'deletion'] },
    { include: ['refs/heads/releases/v*'], rules: ['non_fast_forward', 'deletion'] },
    { include: ['refs/heads/main'], rules: ['update', 'non_fast_forward', 'deletion'] },
  );
  const sums = { attested: '' };
  return {
    copy,
    repository,
    /** The digest of what the newest `pack` made, as the workflow hands it on. */
    sums,
    /** A step of the workflow, with the token of a job that may do what the jobs of release.yml may. */
    step: async (verb: string) => {
      const { world } = github;
      const sha = copy.git('rev-parse', 'HEAD');
      const workflow = {
        repository: NAME,
        path: '.github/workflows/release.yml',
        ref: 'refs/heads/main',
        sha,
      };
      const event = { name: 'release', event: 'push', ref: 'refs/heads/main', sha, actor: 'lead-kim' };
      const run = createRun(world, repository, { workflow, ...event });
      const job = createJob(world, run, { name: verb, permissions: LIKE_RELEASE_YML, workflow });
      const { githubToken } = startJob(world, job);
      const env = { GITHUB_TOKEN: githubToken, GITHUB_API_URL: github.apiUrl, ATTESTED_SUMS: sums.attested };
      const ended = await copy.start(['packages/release/src/release.ts', verb], env);
      finishJob(world, job, { conclusion: 'success' });
      if (verb === 'pack') sums.attested = /^sums: ([0-9a-f]{64})$/m.exec(ended.printed)?.[1] ?? '';
      return ended;
    },
    /** What Lou does with a token of their own. */
    asLou: async (method: string, at: string, body: unknown): Promise<number> => {
      const { status } = await fetch(`${github.apiUrl}/repos/${NAME}${at}`, {
        method,
        headers: { authorization: `Bearer ${github.world.users.get('dev-lou')?.token}` },
        body: JSON.stringify(body),
      });
      return status;
    },
    /** Git in the repository at GitHub. */
    git: (...args: readonly string[]) => execFileSync('git', args, { cwd: path, encoding: 'utf8' }).trim(),
    /** Merges what was proposed, and checks it out. */
    mergeProposal: async () => {
      const open = repository.pulls.find(({ state }) => state === 'open');
      if (!open) throw new Error('nothing is proposed');
      await mergePullRequest(github.world, open, { by: 'lead-kim' });
      copy.git('fetch', '--quiet', 'origin');
      copy.git('checkout', '--quiet', '--force', '-B', 'main', 'origin/main');
    },
    close: async () => {
      await github.close();
      copy.remove();
    },
  };
}
