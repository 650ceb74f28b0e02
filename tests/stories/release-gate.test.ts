import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunResult, runWorkflow } from '@tenant-delivery/local-github';
import { commitFiles, copyGitRepository } from '@tenant-delivery/local-github/git/write';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { openPlatform, runsOn } from '../stage/stage.ts';

const ORDERS = 'acme/orders';
const FORK = 'stranger/orders';
const ANA = { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' };
const READING = /^(Get|Head|List|Describe|BatchGet|AssumeRole)/;
const MANIFEST = `
schemaVersion: 1
tenant: acme
name: orders
layer: app
container: { name: orders, port: 8080 }
health: { path: /ready, graceSeconds: 15 }
`;

let platform: LocalPlatform;
beforeAll(async () => {
  platform = await openPlatform({ runtime: 'simulated' });
}, 30_000);
afterAll(() => platform.close());

const pathOf = (repository: string) => join(platform.folder, 'repositories', `${repository}.git`);

/** Opens a pull request with this manifest and runs its workflow, as GitHub would. */
async function propose(
  branch: string,
  manifest: string,
  { repository = ORDERS, user = 'dev-ana' }: { readonly repository?: string; readonly user?: string } = {},
): Promise<{ readonly run: RunResult; readonly number: number; readonly operations: readonly string[] }> {
  const files = { '.delivery/service.yaml': manifest };
  await commitFiles(pathOf(repository), { branch, from: 'main', files, message: `${branch}\n`, author: ANA });
  const { number } = await platform.github.openPullRequest({
    repository: ORDERS,
    head: branch,
    headRepository: repository,
    title: branch,
    user,
  });
  const before = platform.aws.calls.length;
  const run = await runWorkflow({
    github: platform.github,
    repository: ORDERS,
    workflow: '.github/workflows/pull-request.yml',
    ref: `refs/pull/${number}/merge`,
    event: 'pull_request',
    actor: user,
    ...runsOn(platform),
  });
  return { run, number, operations: platform.aws.calls.slice(before).map(({ operation }) => operation) };
}

function commentsOn(number: number): readonly string[] {
  const all = platform.github.world.repositories.get(ORDERS)?.comments ?? [];
  return all.filter((comment) => comment.issue === number).map(({ body }) => body);
}

describe('a pull request', () => {
  it('is told what it would change, in one comment and one check, by a job that only reads at AWS', async () => {
    const { run, number, operations } = await propose('ready', MANIFEST);
    expect(run.conclusion).toBe('success');
    expect(commentsOn(number)).toEqual([
      expect.stringContaining('| `health.path` | `/healthz` | `/ready` |'),
    ]);
    expect(platform.github.world.repositories.get(ORDERS)?.checkRuns).toMatchObject([
      { name: 'release gate (acme/prod/orders)', conclusion: 'success' },
    ]);
    expect(operations).toContain('AssumeRoleWithWebIdentity');
    expect(operations.filter((operation) => !READING.test(operation))).toEqual([]);
  });

  it('that asks for more than the contract allows is refused, with what to change', async () => {
    const { run, number } = await propose('season', `${MANIFEST}scaling: { min: 2, max: 40 }\n`);
    expect(run.conclusion).toBe('failure');
    expect(run.needs['orders']?.outputs).toMatchObject({ outcome: 'refused' });
    expect(commentsOn(number)).toEqual([expect.stringContaining('is 40; the agreed maximum is 6')]);
  });

  it('from a fork is not assessed, which is never passed, and reaches neither AWS nor the comments', async () => {
    await copyGitRepository(pathOf(ORDERS), pathOf(FORK));
    platform.github.addUser({ login: 'dev-eve', id: 909 });
    platform.github.addRepository({
      owner: 'stranger',
      ownerId: 908,
      name: 'orders',
      id: 907,
      path: pathOf(FORK),
      forkOf: ORDERS,
      collaborators: { 'dev-eve': 'write' },
    });
    const { run, number, operations } = await propose('gift', MANIFEST, {
      repository: FORK,
      user: 'dev-eve',
    });
    expect(run.conclusion).toBe('failure');
    expect(run.needs['orders']?.outputs).toMatchObject({ outcome: 'not-assessed' });
    expect(commentsOn(number)).toEqual([]);
    expect(operations).toEqual([]);
  });
});
