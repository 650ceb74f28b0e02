import { join } from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { iamOf } from '@tenant-delivery/local-aws/services/iam';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import { rerun } from '@tenant-delivery/local-github/world/run';
import {
  beginRun,
  expectRefused,
  expectRefusedUnrecorded,
  type Played,
  type PlayedRun,
  succeeded,
} from '../stage/played-run.ts';
import { acmeWith, during, ORDERS, openStage, tamper } from '../stage/stage.ts';

const NEVER = 1_000_000; // seconds

const PLANNED = ['unanswered', 'slow', 'first', 'busy', 'asked'] as const;

interface Planned {
  readonly run: PlayedRun;
  readonly change: string;
}

let stage: Stage;
let planned: Readonly<Record<(typeof PLANNED)[number], Planned>>;
beforeAll(async () => {
  const contracts = acmeWith('authors', ...PLANNED);
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
  const plans = PLANNED.map(async (service) => {
    const run = await begin(service);
    return [service, { run, change: await run.plan() }] as const;
  });
  planned = Object.fromEntries(await Promise.all(plans)) as typeof planned; // every name of PLANNED
}, 60_000);
afterAll(() => stage.platform.close());

const begin = (service: string) => beginRun(stage.platform, { service });
const ecs = () => ecsStore(stage.platform.aws.world, ORDERS.account, ORDERS.region);

function operator(): ECSClient {
  const { aws, tenants } = stage.platform;
  const credentials = tenants['acme']?.operator;
  if (!credentials) throw new Error('acme is on the stage');
  return new ECSClient({ region: ORDERS.region, endpoint: aws.url, credentials });
}

function fail(kind: 'server-error' | 'throttle' | 'expired', name: string, times = 1): void {
  const [service = '', operation = ''] = name.split(':');
  stage.platform.aws.fail({ service, operation, nth: 1, times, kind });
}

describe('a deploy', () => {
  it('whose requests get no answer looks before it sends anything again', async () => {
    const { run, change } = planned.unanswered;
    succeeded(await run.approve(change));
    fail('server-error', 'ecs:RegisterTaskDefinition');
    expectRefused(
      await run.deploy(change),
      'REGISTRATION_UNANSWERED',
      'a task definition of acme-prod-unanswered',
    );
    fail('server-error', 'ecs:UpdateService');
    const update = await run.deploy(change);
    expect(update.outputs).toMatchObject({ outcome: 'error', 'reason-code': 'UPDATE_UNANSWERED' });
    const deployed = succeeded(await run.deploy(change));

    const report = deployed.outputs['report'] ?? '';
    const verify = (digest: string) => run.step('deploy', 'verify-target-health', { change, report: digest });
    const nothing = `sha256:${'0'.repeat(64)}`;
    expectRefusedUnrecorded(await verify(nothing), 'REPORT_UNUSABLE', 'it is not in the vault');
    const { balancers, targetGroups } = balancerStore(
      stage.platform.aws.world,
      ORDERS.account,
      ORDERS.region,
    );
    const [balancer] = Object.entries(balancers);
    const group = Object.entries(targetGroups).find(([, { name }]) => name === 'acme-prod-unanswered');
    if (!balancer || !group) throw new Error('the platform has a balancer');
    const facing = { ...balancer[1], scheme: 'internet-facing' } as const;
    expectRefusedUnrecorded(
      await during(balancers, balancer[0], facing, () => verify(report)),
      'LOAD_BALANCER_NOT_INTERNAL',
      'acme-prod-internal is internet-facing; the contract agrees on an internal one',
    );
    const renamed = { ...group[1], name: 'somebody-elses' };
    expectRefusedUnrecorded(
      await during(targetGroups, group[0], renamed, () => verify(report)),
      'TARGET_GROUP_FOREIGN',
      'the contract names acme-prod-unanswered, the service registers with somebody-elses',
    );
    const settle = { change, mode: 'settle', 'job-status': 'failure' };
    const open = await run.step('settle', 'close-change', settle);
    expect(open.outputs).toMatchObject({ outcome: 'left-open', 'reason-code': 'CHANGE_LEFT_OPEN' });
    expect(open.exitCode).toBe(1);
    succeeded(await verify(report));
    const restore = tamper(
      stage.platform,
      `objects/sha256/${report.replace('sha256:', '')}`,
      () => undefined,
    );
    const close = () => run.step('deploy', 'close-change', { change, 'job-status': 'success' });
    const incomplete = await close();
    restore();
    expectRefusedUnrecorded(incomplete, 'EVIDENCE_INCOMPLETE', 'report');
    expect(succeeded(await close()).outputs['state']).toBe('closed');
  }, 30_000);

  it('whose tasks cannot start is refused before anything is sent; one that is not done in time is rolled back', async () => {
    const { run, change } = planned.slow;
    succeeded(await run.approve(change));
    const { roles } = iamOf(stage.platform.aws.world, ORDERS.account);
    const role = roles['acme-prod-slow-execution'];
    if (!role) throw new Error('the platform has an execution role');
    const trust = { Version: '2012-10-17', Statement: [] };
    expectRefused(
      await during(roles, role.name, { ...role, trust }, () => run.deploy(change)),
      'PREFLIGHT_FAILED',
      `✗ task-roles: the execution role ${role.arn} does not trust ecs-tasks.amazonaws.com`,
    );
    simulatedOf(stage.platform.aws.world).script('slow', { startSeconds: NEVER });
    const inputs = { change, mode: 'deploy', 'timeout-minutes': '1' };
    const played = await run.step('deploy', 'deploy-ecs-service', inputs);
    expectEnded(played, 'timed-out', 'DEPLOYMENT_TIMED_OUT', 'the time limit is over');
  }, 30_000);

  it('that crashes where ECS has nothing to go back to has failed, and says so', async () => {
    const { run, change } = planned.first;
    succeeded(await run.approve(change));
    const service = ecs().services['acme-prod/first'];
    if (!service) throw new Error('the platform has a service');
    const settings = { ...service.settings, breaker: { ...service.settings.breaker, enable: false } };
    ecs().services['acme-prod/first'] = { ...service, settings, lastCompleted: undefined };
    simulatedOf(stage.platform.aws.world).script('first', {
      exit: { code: 1, afterSeconds: 2 },
      healthyAfterSeconds: NEVER,
    });
    const played = await run.deploy(change);
    expectEnded(played, 'failed', 'DEPLOYMENT_FAILED', 'ECS would not roll it back: No completed service');
  }, 30_000);

  it('waits for nobody: while somebody else deploys it is refused', async () => {
    const { run, change } = planned.busy;
    succeeded(await run.approve(change));
    simulatedOf(stage.platform.aws.world).script('busy', { startSeconds: NEVER });
    const update = { cluster: 'acme-prod', service: 'busy', forceNewDeployment: true };
    await operator().send(new UpdateServiceCommand(update));
    const played = await run.deploy(change);
    expectRefused(
      played,
      'DEPLOYMENT_IN_PROGRESS',
      /Another deployment of busy is in progress \(ecs-svc\/\d+\)/,
    );
    const cancelled = { change, mode: 'settle', 'job-status': 'cancelled' };
    const settled = succeeded(await run.step('settle', 'close-change', cancelled));
    expect(settled.outputs).toMatchObject({ state: 'withdrawn', 'reason-code': 'RUN_CANCELLED' });
  }, 30_000);
});

describe('an approval', () => {
  it('is not taken from another attempt, nor decided on what GitHub did not say', async () => {
    const { github } = stage.platform;
    const { run, change } = planned.asked;
    const approve = () => run.step('approve', 'approve-change', { changes: change });
    expectRefusedUnrecorded(await approve(), 'APPROVALS_MISSING', `${change} is not approved`);
    github.fail({ path: /approvals$/, kind: 'server-error', times: 4 });
    expectRefusedUnrecorded(await approve(), 'GITHUB_UNAVAILABLE', /GitHub did not answer GET .*approvals/);
    github.fail({ path: /environments\/acme-prod-approval$/, kind: 'empty-reply' });
    expectRefusedUnrecorded(await approve(), 'GITHUB_ANSWER_INCOMPLETE', 'lacks what a decision needs');
    expectRefusedUnrecorded(await run.approve(change, 'sre-kim'), 'APPROVALS_MISSING', 'customer: 0 of 1');
    rerun(github.world, run.run, 'dev-ana');
    expectRefusedUnrecorded(await run.approve(change), 'APPROVAL_AMBIGUOUS', 'for which job and attempt');
  }, 30_000);

  it('needs to know who wrote what is approved', async () => {
    const path = join(stage.platform.folder, 'repositories/acme/orders.git');
    const author = { name: 'Somebody', email: 'somebody@example.org' };
    await commitFiles(path, { branch: 'main', files: { VERSION: '3\n' }, message: 'Help', author });
    const run = await begin('authors');
    const played = await run.approve(await run.plan());
    expectRefusedUnrecorded(
      played,
      'COMMIT_AUTHOR_UNKNOWN',
      /No GitHub account belongs to the author or committer of/,
    );
  }, 30_000);
});

/** The news that a deploy ended badly: an outcome, told as loudly as a failure. */
function expectEnded(played: Played, outcome: string, reason: string, said: string): void {
  expect(played.outputs).toMatchObject({ outcome, 'reason-code': reason });
  expect(played.errors).toMatchObject([{ title: reason, message: expect.stringContaining(said) }]);
  expect(played.exitCode).toBe(1);
  expect(played.lines.join('\n')).toContain('What to do: ');
}
