import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { codeOf } from './a-deploy.ts';
import { aDeployAlone } from './a-deploy-alone.ts';
import { aDocument, FAMILY } from './an-ecs.ts';

const IMAGE = `127.0.0.1:5000/acme/orders@sha256:${'1'.repeat(64)}`;
const OTHER = `127.0.0.1:5000/acme/orders@sha256:${'7'.repeat(64)}`;
const NEW = { images: `orders=${IMAGE}` };
const CLUSTER = 'arn:aws:ecs:eu-west-1:000011112222:cluster/acme-prod';
const SERVICE = 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders';

describe('without a contract', () => {
  test('a plan shows what would change, and asks ECS for nothing but what is there', async () => {
    const { act, ecs } = aDeployAlone();
    const { outcome, runner } = await act('plan', {
      ...NEW,
      'service-update': 'healthCheckGracePeriodSeconds: 30',
    });
    expect(outcome).toMatchObject({ outcome: 'planned', ok: true, facts: { changes: true } });
    expect(outcome.summary).toContain(IMAGE);
    expect(outcome.summary).toContain('healthCheckGracePeriodSeconds');
    expect(runner.outputs).toMatchObject({
      plan: '',
      'needs-approval': 'false',
      revision: expect.stringContaining(':1'),
    });
    expect(ecs.calls).toEqual([]);
  });

  test('a deploy registers, updates once, follows to the end and says so without a vault', async () => {
    const { act, ecs } = aDeployAlone();
    const { outcome, runner } = await act('deploy', NEW);
    expect(outcome).toMatchObject({ outcome: 'deployed', reasonCode: 'OK', ok: true });
    expect(ecs.calls).toEqual(['register', 'update']);
    expect(ecs.updates).toEqual([{ taskDefinition: ecs.service().taskDefinition, members: {} }]);
    expect(runner.outputs).toMatchObject({ report: '', revision: ecs.service().taskDefinition });
    expect(runner.log.join('\n')).toContain('Account 000011112222, eu-west-1, as arn:aws:sts');
    expect(outcome.summary).toContain('<b>orders in acme-prod of account 000011112222: deployed</b>');
    expect(outcome.summary).not.toContain('null');
  });

  test('the same again changes nothing, and is called unchanged only when it is well', async () => {
    const made = aDeployAlone();
    await made.act('deploy', NEW);
    const again = await made.act('deploy', NEW);
    expect(again.outcome).toMatchObject({ outcome: 'unchanged', ok: true });
    expect(made.ecs.calls).toEqual(['register', 'update']);
    made.ecs.state.targets = [];
    expect(await codeOf(made.act('deploy', NEW))).toBe('SERVICE_NOT_STEADY');
  });

  test('a job that is repeated follows the deployment that it began', async () => {
    const made = aDeployAlone();
    made.ecs.faults.push({ call: 'update', when: 'after' });
    await expect(made.act('deploy', NEW)).rejects.toThrow('the machine died');
    expect((await made.act('deploy', NEW, { attempt: 2 })).outcome.outcome).toBe('deployed');
    expect(made.ecs.calls).toEqual(['register', 'update']);
  });

  test('is not followed where nobody waits, and says so', async () => {
    const made = aDeployAlone({
      script: () => ({ status: 'IN_PROGRESS', crashed: 9 }),
      credentialsUntil: 'untold',
    });
    const { outcome, runner } = await made.act('deploy', { ...NEW, wait: 'false', 'timeout-minutes': '90' });
    expect(outcome).toMatchObject({ outcome: 'started', reasonCode: 'OK', ok: true });
    expect(made.ecs.calls).toEqual(['register', 'update']);
    expect(outcome.headline).toMatch(/has started: ECS has the update and goes on by itself/);
    expect(outcome.facts).toMatchObject({ serviceDeployment: 'deployment-2' });
    expect(runner.outputs['revision']).toBe(made.ecs.service().taskDefinition);
  });

  test('a crash loop is rolled back and explained', async () => {
    const made = aDeployAlone({
      script: (seconds) => ({ status: 'IN_PROGRESS', crashed: Math.floor(seconds / 20) }),
    });
    const { outcome } = await made.act('deploy', NEW);
    expect(outcome).toMatchObject({
      outcome: 'rolled-back',
      reasonCode: 'DEPLOYMENT_ROLLED_BACK',
      ok: false,
    });
    expect(made.ecs.calls).toEqual(['register', 'update', 'rollBack']);
  });

  test('a deployment in progress of somebody else is left alone, waited for or replaced, as was asked', async () => {
    const busy = async (policy: string) => {
      const made = aDeployAlone();
      await made.ecs.deployer.update({ taskDefinition: made.ecs.define(aDocument(OTHER)).arn });
      const done = await made
        .act('deploy', { ...NEW, 'if-in-progress': policy })
        .catch((thrown: unknown) => thrown);
      return { done, made };
    };
    expect((await busy('fail')).done).toMatchObject({ code: 'DEPLOYMENT_IN_PROGRESS' });
    expect((await busy('attach')).done).toMatchObject({ code: 'DEPLOYMENT_IN_PROGRESS' });
    const waited = await busy('wait');
    expect(waited.done).toMatchObject({ outcome: { outcome: 'deployed' } });
    expect((waited.made.ecs.made[1]?.at ?? 0) - (waited.made.ecs.made[0]?.at ?? 0)).toBeGreaterThanOrEqual(
      40_000,
    );
    const replaced = await busy('replace');
    expect(replaced.done).toMatchObject({ outcome: { outcome: 'deployed' } });
    expect(replaced.made.ecs.made[1]?.at).toBe(replaced.made.ecs.made[0]?.at);
  });

  test('a migration that failed is tried again by the next attempt of the job, and by nothing else', async () => {
    const made = aDeployAlone();
    const inputs = { ...NEW, migration: 'container: orders' };
    made.ecs.oneOff.exitCode = 1;
    expect((await made.act('deploy', inputs)).outcome).toMatchObject({ reasonCode: 'MIGRATION_FAILED' });
    made.ecs.oneOff.exitCode = 0;
    await made.clock.sleep(60_000);
    expect((await made.act('deploy', inputs, { attempt: 2 })).outcome.outcome).toBe('deployed');
    expect(made.ecs.ran.size).toBe(2);
  });

  test('what is asked for beside the image goes out in the same update, and a forced one alone too', async () => {
    const made = aDeployAlone();
    const update = 'forceNewDeployment: true\nenableExecuteCommand: true\ncapacityProviderStrategy: []';
    await made.act('deploy', NEW);
    expect((await made.act('deploy', { 'service-update': update })).outcome.outcome).toBe('deployed');
    expect(made.ecs.calls).toEqual(['register', 'update', 'update']);
    const { taskDefinition } = made.ecs.service();
    expect(made.ecs.updates.slice(1)).toEqual([
      { taskDefinition, members: { forceNewDeployment: true, enableExecuteCommand: true } },
    ]);
  });
});

describe('a deploy without a contract is refused, with nothing changed,', () => {
  test.each([
    [
      'a contracted cluster',
      'SERVICE_CONTRACTED',
      { tags: { [CLUSTER]: { 'tenant-delivery:contract': 'acme/prod' } } },
    ],
    [
      'a contracted service',
      'SERVICE_CONTRACTED',
      { tags: { [SERVICE]: { 'tenant-delivery:contract': 'acme/prod' } } },
    ],
    [
      'a role of our own workflows',
      'CLEARANCE_REFUSED',
      { caller: 'arn:aws:sts::000011112222:assumed-role/td-prod-deploy/td-acme-prod-1-1' },
    ],
  ] as const)('for %s', async (_, code, story) => {
    for (const mode of ['plan', 'deploy'] as const) {
      const made = aDeployAlone(story);
      expect(await codeOf(made.act(mode, NEW))).toBe(code);
      expect(made.ecs.calls).toEqual([]);
    }
  });

  test.each([
    [
      'a wait that the credentials do not outlive',
      { 'timeout-minutes': '90' },
      { credentialsUntil: 1 },
      'PREFLIGHT_FAILED',
    ],
    [
      'a count that auto scaling sets',
      { 'service-update': 'desiredCount: 3' },
      { scaled: true },
      'DEPLOY_REQUEST_INVALID',
    ],
    [
      'a revision of another family',
      { images: '', revision: 'somebody-elses:1' },
      {},
      'DEPLOY_REQUEST_INVALID',
    ],
    [
      'a migration in a container that is not there',
      { migration: 'container: order' },
      {},
      'DEPLOY_REQUEST_INVALID',
    ],
    ['a pause where nothing is in progress', { resume: 'continue', hook: 'h-1' }, {}, 'RESUME_REFUSED'],
  ] as const)('for %s', async (_, inputs, story, code) => {
    const made = aDeployAlone(story);
    expect(await codeOf(made.act('deploy', { ...NEW, ...inputs }))).toBe(code);
    expect(made.ecs.calls).toEqual([]);
  });

  const SECRET = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/token-AbCdEf';
  const container = { name: 'orders', image: IMAGE, portMappings: [{ containerPort: 8080 }] };
  const FILE = {
    family: FAMILY,
    containerDefinitions: [{ ...container, healthCheck: { intervall: 5 } }, container],
  };

  test.each<readonly [string, Readonly<Record<string, string>>, string, RegExp]>([
    [
      'a file with a typo at depth and two containers of one name',
      { images: '', 'task-definition': 'td.json' },
      'DEPLOY_REQUEST_INVALID',
      /healthCheck\.intervall: is not a known key; did you mean interval\?.*; .*\.orders: is there twice/,
    ],
    [
      'a tag where a digest is required',
      { images: 'orders=127.0.0.1:5000/acme/orders:latest' },
      'INPUTS_INVALID',
      /images\.orders: .*by its digest/,
    ],
    [
      'an image for another platform',
      { ...NEW, 'task-definition-patch': 'runtimePlatform: { cpuArchitecture: ARM64 }' },
      'PREFLIGHT_FAILED',
      /linux\/arm64/,
    ],
    [
      'a revision that is INACTIVE',
      { images: '', revision: `${FAMILY}:2` },
      'DEPLOY_REQUEST_INVALID',
      /revision: is INACTIVE/,
    ],
    [
      'a secret scheduled for deletion',
      {
        ...NEW,
        secrets: `orders: { API_KEY: "${SECRET}" }`,
        'task-definition-patch': 'executionRoleArn: arn:aws:iam::000011112222:role/execution',
      },
      'PREFLIGHT_FAILED',
      /API_KEY of orders: .* has been scheduled for deletion since/,
    ],
  ])('once and with its remedy for %s', async (_, inputs, code, says) => {
    const made = aDeployAlone({ files: { 'td.json': JSON.stringify(FILE) } });
    const gone = { ...made.ecs.define(made.ecs.document(IMAGE)), active: false };
    made.ecs.definitions.set(gone.arn, gone);
    made.around.state.secrets = {
      [SECRET]: { arn: SECRET, deletedAt: Date.UTC(2026, 10, 24), versions: {} },
    };
    const thrown: unknown = await made.act('deploy', inputs).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(thrown).toHaveProperty('remedy', expect.stringMatching(/^(Correct|Mend)/));
    expect(made.ecs.calls).toEqual([]);
  });

  test.each([
    ['SERVICE_UNSUPPORTED', { controller: 'CODE_DEPLOY' }, 'CodeDeploy'],
    ['SERVICE_UNSUPPORTED', { controller: 'EXTERNAL' }, 'another program'],
    ['SERVICE_WITHOUT_TASKS', { desired: 0 }, 'desired count of 0'],
  ] as const)('with %s for a service that has %j', async (code, over, told) => {
    const made = aDeployAlone();
    made.ecs.state.over = over;
    await expect(made.act('deploy', NEW)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(told),
    });
    expect(made.ecs.calls).toEqual([]);
  });
});

test('what only a contract forbids is told and can be waived: secrets, logs and looks elsewhere', async () => {
  const foreign = 'arn:aws:secretsmanager:us-east-1:999911112222:secret:token-AbCdEf';
  const patch = {
    executionRoleArn: 'arn:aws:iam::000011112222:role/td/prod/tasks/execution',
    containerDefinitions: {
      orders: {
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/orders', 'awslogs-region': 'eu-central-1' },
        },
      },
    },
  };
  const inputs = {
    ...NEW,
    secrets: `orders.API_KEY=${foreign}`,
    'task-definition-patch': JSON.stringify(patch),
  };
  const made = aDeployAlone();
  made.around.state.roles = new Failure('AWS_DENIED', 'AWS denied iam:GetRole', '');
  const told = await made.act('plan', inputs);
  expect(told.outcome).toMatchObject({ outcome: 'planned' });
  for (const warned of [
    /✗ secrets: API_KEY of orders is of account 999911112222 in us-east-1, where it was not looked at/,
    /✗ log-group: orders writes to \/orders in eu-central-1, which was not looked at/,
    /\? task-roles: not seen: AWS denied iam:GetRole.*the policy on the page of deploy-ecs-service/,
  ])
    expect(told.runner.log).toContainEqual(expect.stringMatching(warned));
  const waived = await made.act('deploy', {
    ...inputs,
    'waive-checks':
      'secrets: they are in the account of the security team\nlog-group: one region has all logs',
  });
  expect(waived.outcome).toMatchObject({ outcome: 'deployed' });
  expect(waived.runner.log.filter((line) => /^warning: . (secrets|log-group)/.test(line))).toEqual([]);
});

test('a cancelled run says within seconds what it leaves behind', async () => {
  const made = aDeployAlone();
  const runner = fakeRunner();
  made.clock.at(12_000, () => runner.cancel());
  const { outcome } = await made.act('deploy', NEW, { runner });
  expect(outcome).toMatchObject({ outcome: 'cancelled', ok: false });
  expect(runner.outputs['outcome']).toBe('cancelled');
});

test('keeps as many revisions as was asked for after a success, and none is taken that runs', async () => {
  const made = aDeployAlone();
  for (const digit of '23456') made.ecs.define(aDocument(OTHER.replace(/7{64}/, digit.repeat(64))));
  const taken: string[] = [];
  made.ecs.deployer.deregister = async (arn) => {
    taken.push(arn.split('/').at(-1) ?? arn);
  };
  await made.act('deploy', { ...NEW, retention: '2' });
  expect(taken).toEqual([2, 3, 4, 5].map((number) => `${FAMILY}:${number}`));
});
