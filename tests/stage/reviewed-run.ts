import { join } from 'node:path';
import type { LocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { passEnvironment, review } from '@tenant-delivery/local-github/world/approval';
import type { EnvironmentSettings } from '@tenant-delivery/local-github/world/environment';
import { createJob, startJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun } from '@tenant-delivery/local-github/world/run';
import { ROTATION_JOB } from './a-job.ts';

const OPERATIONS = ROTATION_JOB.repository;
const APPROVAL = `${ROTATION_JOB.environment}-approval`;
const PEOPLE = { 'sre-kim': 300001, 'lead-ben': 200001, 'sre-lou': 300002 } as const;
const BOT = { login: 'dependabot[bot]', id: 49699333, type: 'Bot' } as const;
const GUARDED: EnvironmentSettings = {
  name: APPROVAL,
  reviewers: Object.values(PEOPLE),
  preventSelfReview: true,
  adminsBypass: false,
};

export interface Reviewed {
  /** Login of who starts the run. */
  readonly by?: keyof typeof PEOPLE | typeof BOT.login;
  /** Login of who approves its job, where the environment asks for somebody. */
  readonly reviewer?: keyof typeof PEOPLE;
  /** How the approval's environment is protected. */
  readonly protection?: Partial<EnvironmentSettings>;
}

/** The provider's operations repository at GitHub, and runs of it that wait in the approval's environment of acme. */
export async function operationsAt(github: LocalGithub, folder: string) {
  const path = join(folder, 'operations.git');
  await createGitRepository(path);
  const author = { name: 'Kim', email: 'kim@example.com' };
  const files = { 'README.md': 'operations\n' };
  const sha = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author });
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  github.addUser(BOT);
  const [owner = '', name = ''] = OPERATIONS.split('/');
  const repository = github.addRepository({ owner, ownerId: 700000, name, id: 700002, path });
  return (reviewed: Reviewed = {}) => reviewedJob(github, repository, sha, reviewed);
}

/** The claims and the token of a job that its environment let go. */
async function reviewedJob(
  github: LocalGithub,
  repository: Repository,
  sha: string,
  { by = 'sre-kim', reviewer = 'lead-ben', protection = {} }: Reviewed,
) {
  github.setEnvironment(OPERATIONS, { ...GUARDED, ...protection });
  const workflow = {
    repository: OPERATIONS,
    path: '.github/workflows/rotate-access.yml',
    ref: 'refs/heads/main',
    sha,
  };
  const run = createRun(github.world, repository, {
    workflow,
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha,
    actor: by,
  });
  const job = createJob(github.world, run, {
    name: 'rotate',
    permissions: { actions: 'read', 'id-token': 'write' },
    environment: { name: APPROVAL },
    workflow,
  });
  const passed = passEnvironment(github.world, job);
  if (job.status === 'waiting')
    review(github.world, job, { state: 'approved', login: reviewer, comment: '' });
  await passed;
  return {
    token: startJob(github.world, job).githubToken,
    claims: {
      ...ROTATION_JOB,
      environment: APPROVAL,
      sub: `${ROTATION_JOB.sub}-approval`,
      run_id: String(run.id),
      actor: run.actor.login,
      actor_id: String(run.actor.id),
    },
  };
}
