import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { ACME, inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { TaskDefinitionDocument } from '@tenant-delivery/deployment/observed';
import { PreflightReport } from '@tenant-delivery/isolation/preflight-report';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import * as v from 'valibot';
import { preflight } from '../../src/preflight/preflight.ts';
import { agreedPlacement, type PreflightSubject } from '../../src/preflight/subject.ts';
import { readGiven } from '../../src/request/read-given.ts';
import { aDeploy, anApprovedDeploy, codeOf } from '../a-deploy.ts';
import { anEcs } from '../an-ecs.ts';
import { runnerGiven } from '../given.ts';
import { surroundingsOf } from './surroundings.ts';

const NEW_IMAGE = `127.0.0.1:5000/acme/orders@sha256:${'1'.repeat(64)}`;
const CHANGE = 'chg_01KB0000000000000000000000';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/orders/database-aB3xYz';
const secret = (name: string, valueFrom: string) => ({ name, valueFrom });

/** Acme's orders before a deploy of a new image, and a preflight of it. */
async function orders() {
  const clock = fakeClock();
  const admission = await (await inMemoryDelivery({ clock })).admission();
  const ecs = anEcs(clock, () => ({ status: 'SUCCESSFUL' }));
  const { world, state, asked } = surroundingsOf();
  const current = await ecs.services.taskDefinition(ecs.service().taskDefinition);
  if (!current) throw new Error('the ECS of the test has a task definition');
  const wantedWith = (container: object): TaskDefinitionDocument => ({
    ...current.document,
    taskRoleArn: 'arn:aws:iam::000011112222:role/td/prod/tasks/orders-task',
    executionRoleArn: 'arn:aws:iam::000011112222:role/td/prod/tasks/orders-execution',
    containerDefinitions: [
      {
        name: 'orders',
        image: NEW_IMAGE,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/td/acme/prod/orders' } },
        ...container,
      },
    ],
  });
  const act = async (over: Partial<PreflightSubject> = {}) => {
    const runner = fakeRunner();
    const subject: PreflightSubject = {
      ref: admission,
      agreed: agreedPlacement(admission),
      mode: 'deploy',
      service: ecs.service(),
      current,
      wanted: wantedWith({}),
      alarms: [],
      ifInProgress: 'fail',
      wait: 1_200_000,
      recovers: false,
      waivers: [],
      ...over,
    };
    const outcome = await preflight(
      { ...world, local: true, runner, clock, services: ecs.services },
      subject,
    ).catch((thrown: unknown) => thrown);
    const failure = outcome instanceof Failure ? outcome : undefined;
    const found = outcome instanceof Failure ? undefined : (outcome as Awaited<ReturnType<typeof preflight>>); // all that it answers
    return { runner, failure, found };
  };
  return { act, state, asked, ecs, wantedWith };
}

describe('a preflight', () => {
  it('says how many checks passed where nothing is to be found, and leaves a report', async () => {
    const { act } = await orders();
    const { runner, found } = await act();
    expect(runner.log).toEqual(['14 checks passed']);
    expect(found?.summary).toBe('');
    const report = found?.report('chg_1');
    expect(v.is(PreflightReport, report)).toBe(true);
    expect(report?.checks).toHaveLength(14);
  });

  it('ends a deploy with everything that stops it at once, and shows the rest too', async () => {
    const { act, state } = await orders();
    Object.assign(state, {
      roles: 'absent',
      logGroups: [],
      free: 0,
      balancer: { scheme: 'internet-facing' },
    });
    const { runner, failure } = await act();
    expect(failure).toMatchObject({ code: 'PREFLIGHT_FAILED' });
    expect(failure?.details.map((line) => line.split(':')[0])).toEqual([
      '✗ task-roles',
      '✗ log-group',
      '✗ balancer-internal',
      '✗ free-addresses',
    ]);
    expect(runner.log).toEqual([
      expect.stringMatching(/^warning: ✗ free-addresses-by-subnet: .* has 0 free for 1/),
      '9 checks passed',
    ]);
    expect(failure?.details[1]).toMatch(/no task starts without it \(provider\)$/);
    expect(runner.summaries).toEqual([]); // the failure says it all, once
  });

  it.each(['plan', 'deploy'] as const)('ends a %s too, and counts first what stops it', async (mode) => {
    const { act, state } = await orders();
    Object.assign(state, { logGroups: [], free: 0 });
    const { failure } = await act({ mode });
    expect(failure?.message).toMatch(/^2 checks stop a deploy of orders: ✗ log-group/);
    state.free = 9;
    expect((await act({ mode })).failure?.message).toMatch(
      /^One check stops a deploy of orders: ✗ log-group/,
    );
  });

  it('lets a plan go on beside another deployment, which has ended when people have approved it', async () => {
    const { act, ecs } = await orders();
    const { service } = ecs;
    const [primary] = service().deployments;
    if (!primary) throw new Error('the ECS of the test has a deployment');
    const busy = { ...service(), deployments: [{ ...primary, rolloutState: 'IN_PROGRESS' as const }] };
    const { found, runner } = await act({ mode: 'plan', service: busy });
    expect(runner.log[0]).toMatch(/^warning: ✗ in-progress: .* is IN_PROGRESS/);
    expect(found?.summary).toMatch(/^\*\*Preflight:\*\* 12 checks passed, 2 to look at/);
    expect((await act({ service: busy })).failure?.details).toEqual([
      expect.stringMatching(/^✗ in-progress/),
    ]);
  });

  it('stops on what it could not see, and names the missing action', async () => {
    const { act, state } = await orders();
    state.group = new Failure(
      'AWS_DENIED',
      'AWS denied elasticloadbalancing:DescribeTargetGroups: AccessDenied: no',
      '',
    );
    const { failure } = await act();
    expect(failure?.details).toEqual([
      expect.stringMatching(
        /^\? target-group: not seen: .*Allow elasticloadbalancing:DescribeTargetGroups to the role.* \(provider\)$/,
      ),
    ]);
  });

  it('goes on without roles that it could not see, and a rollback without anything that it could not see', async () => {
    const { act, state } = await orders();
    state.roles = new Failure('AWS_UNAVAILABLE', 'AWS could not do iam:GetRole: busy', '');
    expect((await act()).runner.log[0]).toMatch(
      /^warning: \? task-roles: not seen: AWS could not do iam:GetRole/,
    );
    state.group = new Failure('AWS_UNAVAILABLE', 'AWS could not do it', '');
    expect((await act()).failure).toBeDefined();
    expect((await act({ recovers: true })).failure).toBeUndefined();
  });

  it('does not take a defect of ours for something that AWS did not show', async () => {
    const { act, state } = await orders();
    state.roles = new TypeError('a bug');
    await expect(act()).resolves.toMatchObject({ failure: undefined, found: new TypeError('a bug') });
  });

  it('asks everything at once, each thing once', async () => {
    const { act, state, asked, wantedWith } = await orders();
    const again = [secret('A', `${SECRET}:a::`), secret('B', `${SECRET}:b::`), secret('C', '/td/key')];
    state.secrets[SECRET] = { arn: SECRET, deletedAt: undefined, versions: { v: ['AWSCURRENT'] } };
    state.parameters = ['/td/key'];
    expect((await act({ wanted: wantedWith({ secrets: again }) })).failure).toBeUndefined();
    expect(asked.filter((what) => what.startsWith('secret'))).toEqual([`secret ${SECRET}`]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(state.most).toBe(asked.length);
  });

  it('finds in the plan every secret and parameter that is missing, with its container and what to do', async () => {
    const { act, state, wantedWith } = await orders();
    const other = SECRET.replace('database', 'registry');
    state.secrets[SECRET] = { arn: SECRET, deletedAt: undefined, versions: { v: ['AWSCURRENT'] } };
    const wanted = wantedWith({
      secrets: [secret('DATABASE_URL', SECRET), secret('API_KEY', 'orders-api-key')],
      repositoryCredentials: { credentialsParameter: other },
      logConfiguration: {
        logDriver: 'splunk',
        secretOptions: [secret('splunk-token', `${SECRET}x`)],
      },
    });
    const { failure } = await act({ mode: 'plan', wanted });
    expect(failure?.code).toBe('PREFLIGHT_FAILED');
    expect(failure?.details).toEqual([
      `✗ secrets: ${[
        'API_KEY of orders: there is no parameter orders-api-key',
        `splunk-token of orders: there is no secret ${SECRET}x`,
        `the registry credentials of orders: there is no secret ${other}`,
      ].join(
        '; ',
      )}. Create the parameter, or correct its name in the task definition. If it is a secret of Secrets Manager, give its ARN: ECS takes a name for a parameter. Create the secret in this account and region, or correct its ARN in the task definition (customer)`,
    ]);
  });

  it('takes a secret that it may not look at for unknown, not for absent, and says which it is', async () => {
    const { act, state, wantedWith } = await orders();
    state.secrets[SECRET] = new Failure(
      'AWS_DENIED',
      'AWS denied secretsmanager:DescribeSecret',
      'Allow it.',
    );
    const { failure } = await act({
      mode: 'plan',
      wanted: wantedWith({ secrets: [secret('DATABASE_URL', SECRET)] }),
    });
    expect(failure?.details).toEqual([
      expect.stringMatching(
        /^\? secrets: DATABASE_URL of orders \(the secret arn:.*\) was not seen: .*Allow secretsmanager:DescribeSecret/,
      ),
    ]);
  });

  it('never asks about what another account has', async () => {
    const { act, asked, wantedWith } = await orders();
    const theirs = SECRET.replace('000011112222', '999988887777');
    const image = `999988887777.dkr.ecr.eu-west-1.amazonaws.com/acme/orders@sha256:${'1'.repeat(64)}`;
    const { failure } = await act({ wanted: wantedWith({ image, secrets: [secret('A', theirs)] }) });
    expect(failure?.details).toEqual([expect.stringContaining('A of orders is of account 999988887777')]);
    expect(asked.filter((what) => /9999/.test(what))).toEqual([]);
    expect(asked.filter((what) => what.startsWith('secret'))).toEqual([]);
  });

  it('judges the service as the update will leave it', async () => {
    const { act } = await orders();
    const awsvpcConfiguration = { subnets: ['subnet-other'], securityGroups: [], assignPublicIp: 'ENABLED' };
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: false, rollback: false } };
    const members = { networkConfiguration: { awsvpcConfiguration }, deploymentConfiguration };
    const { failure, runner } = await act({ members });
    expect(failure?.details).toEqual([
      expect.stringMatching(/^✗ placement: .*subnet-other; .*public addresses/),
    ]);
    expect(runner.log[0]).toMatch(/^warning: ✗ breaker: not enabled/);
  });

  it('shows what was waived, with its reason, and does not warn of it', async () => {
    const { act, state } = await orders();
    state.alarms = [{ name: 'orders-5xx', state: 'ALARM', reason: undefined, since: 0 }];
    const alarms = ['orders-5xx'];
    const waivers = [{ id: 'alarms', reason: 'INC-7' }];
    const { runner, found } = await act({ alarms, waivers });
    expect(runner.log[0]).toBe('~ alarms: orders-5xx is in ALARM already. Waived: INC-7');
    expect(found?.summary).toContain('waived');
    expect(found?.report('chg_1').checks.at(-1)).toMatchObject({ result: 'waived', waiver: 'INC-7' });
  });

  it('judges only what makes a start possible where nothing was agreed', async () => {
    const { act, asked } = await orders();
    const { found } = await act({ agreed: undefined });
    expect(found?.checks.map(({ id }) => id)).not.toEqual(
      expect.arrayContaining(['placement', 'balancer-internal', 'capacity']),
    );
    expect(asked.filter((what) => /^(balancer|scaling)/.test(what))).toEqual([]);
  });

  it('names no owner where there is one party alone', async () => {
    const { act, state } = await orders();
    Object.assign(state, { logGroups: [] });
    const { failure } = await act({ agreed: undefined });
    expect(failure?.details).toEqual([expect.stringMatching(/no task starts without it$/)]);
  });

  it('keeps the words of others from being commands or Markdown', async () => {
    const { act, wantedWith } = await orders();
    const hostile = [secret('A\n::error::|<img src=x>', 'arn:aws:s3:::x')];
    const { failure } = await act({ mode: 'plan', wanted: wantedWith({ secrets: hostile }) });
    expect(failure?.details).toEqual([expect.stringContaining('A ::error::|<img src=x>')]); // `main` escapes it
    const alarms = ['A\n::error::|<img src=x>'];
    const { found, runner } = await act({ mode: 'plan', alarms });
    expect(runner.log.filter((line) => /[\r\n]/.test(line))).toEqual([]);
    expect(found?.summary).toContain('A ::error::\\|&lt;img src=x>');
  });
});

describe('a delivery', () => {
  it('plans with what the preflight found, and records it', async () => {
    const made = await aDeploy();
    const { outcome } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'planned', ok: true });
    expect(outcome.summary).toContain('<b>Details</b> 14 checks passed; whole digests; advice');
    const report = await (await made.delivery.find(made.change)).document('preflight', PreflightReport);
    expect(report).toMatchObject({ change: made.change, mode: 'plan' });
  });

  it('that a check stops is not planned, so nobody is asked to approve it', async () => {
    const made = await aDeploy();
    made.around.state.logGroups = [];
    expect(await codeOf(made.act('plan'))).toBe('PREFLIGHT_FAILED');
    expect(await made.stateOf()).toBe('gated');
    made.around.state.logGroups = ['/td/acme/prod/orders'];
    expect((await made.act('plan', { attempt: 2 })).outcome).toMatchObject({ outcome: 'planned' });
  });

  it('sends nothing and keeps nobody away when a check stops it, and goes on once that is mended', async () => {
    const made = await anApprovedDeploy();
    made.around.state.free = 0;
    expect(await codeOf(made.act('deploy'))).toBe('PREFLIGHT_FAILED');
    expect(made.ecs.calls).toEqual([]);
    expect(await made.stateOf()).toBe('approved');
    made.around.state.free = 9;
    expect((await made.act('deploy', { attempt: 2 })).outcome).toMatchObject({ outcome: 'deployed' });
    const change = await made.delivery.find(made.change);
    expect(await change.document('preflight', PreflightReport)).toMatchObject({ mode: 'deploy' });
  });

  it('looks no second time at what it has begun', async () => {
    const made = await anApprovedDeploy();
    made.ecs.faults.push({ call: 'update', when: 'after' });
    await expect(made.act('deploy')).rejects.toThrow('the machine died');
    made.around.state.free = 0;
    expect((await made.act('deploy', { attempt: 2 })).outcome).toMatchObject({ outcome: 'deployed' });
  });

  it('names every mistake of a waiver', async () => {
    const runner = runnerGiven({ ...ACME, change: CHANGE, 'waive-checks': 'image: no\nalarms' });
    await expect(readGiven(runner)).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
      details: [
        expect.stringMatching(/^waive-checks names image, which stops a deploy.*no reason for alarms/),
      ],
    });
  });
});
