import { describe, expect, test } from '@jest/globals';
import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { containersOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import { formatImage } from '@tenant-delivery/domain';
import { aDeploy, anApprovedDeploy, codeOf } from '../a-deploy.ts';
import { aDocument, FAMILY, OLD_IMAGE } from '../an-ecs.ts';

const SAME = { image: { ...ORDERS_IMAGE, digest: `sha256:${'0'.repeat(64)}` } } as const;
const VARIABLES = { 'environment-variables': 'orders: { LEVEL: debug, TOKEN: null }' };

describe('a deploy that is asked for more than an image', () => {
  test('is planned with what differs, deployed as it was planned, and the rest is kept', async () => {
    const made = await anApprovedDeploy(
      {},
      { ...VARIABLES, 'service-update': 'deploymentConfiguration: { maximumPercent: 150 }' },
    );
    expect((await made.delivery.find(made.change)).evidence('request')).toMatch(/^sha256:/);
    expect((await made.act('deploy')).outcome).toMatchObject({ outcome: 'deployed', ok: true });
    expect(made.ecs.calls).toEqual(['register', 'update']);
    const { taskDefinition } = made.ecs.service();
    expect(made.ecs.definitions.get(taskDefinition)?.document).toMatchObject({
      containerDefinitions: [
        {
          image: formatImage(ORDERS_IMAGE),
          environment: [{ name: 'LEVEL', value: 'debug' }],
          portMappings: [{ containerPort: 8080 }],
        },
      ],
    });
    expect(made.ecs.updates).toEqual([
      {
        taskDefinition,
        members: {
          deploymentConfiguration: {
            maximumPercent: 150,
            minimumHealthyPercent: 100,
            deploymentCircuitBreaker: { enable: true, rollback: true },
          },
        },
      },
    ]);
  });

  test('shows in its plan which members change, and no value of a variable', async () => {
    const { act } = await aDeploy();
    const { outcome } = await act('plan', {
      inputs: { ...VARIABLES, 'service-update': 'healthCheckGracePeriodSeconds: 45' },
    });
    expect(outcome.summary).toContain('LEVEL');
    expect(outcome.summary).toContain('healthCheckGracePeriodSeconds');
    expect(outcome.summary).not.toMatch(/debug|hunter2/);
  });

  test('an update that says nothing more says the task definition alone', async () => {
    const made = await anApprovedDeploy();
    await made.act('deploy');
    expect(made.ecs.updates).toEqual([{ taskDefinition: made.ecs.service().taskDefinition, members: {} }]);
  });

  test('settings without a new version are updated, need no deployment, and are not waited for', async () => {
    const made = await anApprovedDeploy(SAME, { 'service-update': 'healthCheckGracePeriodSeconds: 45' });
    const { outcome, runner } = await made.act('deploy');
    expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
    expect(made.ecs.calls).toEqual(['update']);
    expect(await made.report(runner)).toMatchObject({
      serviceDeployment: null,
      why: expect.stringContaining('no new deployment'),
    });
  });

  test('what is so already makes no revision and no update', async () => {
    const made = await aDeploy(SAME);
    const inputs = {
      'environment-variables': 'orders: { TOKEN: hunter2 }',
      'service-update': 'deploymentConfiguration: { maximumPercent: 200 }',
    };
    expect((await made.act('plan', { inputs })).outcome).toMatchObject({ outcome: 'unchanged' });
  });

  test('a machine that died after the update is followed, whatever the request says to the new revision', async () => {
    const patch = 'containerDefinitions: { orders: { stopTimeout: 60 } }';
    const made = await anApprovedDeploy({}, { 'task-definition-patch': patch, ...VARIABLES });
    made.ecs.faults.push({ call: 'update', when: 'after' });
    await expect(made.act('deploy')).rejects.toThrow('the machine died');
    expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
    expect(made.ecs.calls).toEqual(['register', 'update']);
  });
});

describe('a task definition from elsewhere', () => {
  const file = (containers: readonly object[]) => ({
    files: { 'task.json': JSON.stringify({ networkMode: 'awsvpc', containerDefinitions: containers }) },
  });
  const inputs = { 'task-definition': 'task.json' };

  test('a file of the repository is what runs afterwards, with the image of the change', async () => {
    const [running = {}] = containersOf(aDocument(OLD_IMAGE));
    const orders = { ...running, memory: 512, stopTimeout: 5 };
    const made = await anApprovedDeploy(file([orders]), inputs);
    await made.act('deploy');
    const after = made.ecs.definitions.get(made.ecs.service().taskDefinition);
    expect(after?.document).toMatchObject({
      family: FAMILY,
      containerDefinitions: [{ stopTimeout: 5, image: formatImage(ORDERS_IMAGE) }],
    });
  });

  test.each<[string, readonly object[], string]>([
    [
      'a typo at depth',
      [{ name: 'orders', healthCheck: { intervall: 5 } }],
      'task-definition.containerDefinitions.orders.healthCheck.intervall: is not a known key; did you mean interval?',
    ],
    ['two containers of one name', [{ name: 'orders' }, { name: 'orders' }], 'orders'],
    [
      'a tag where a digest is required',
      [{ name: 'orders' }, { name: 'proxy', image: 'registry.example/proxy:1' }],
      'proxy',
    ],
  ])('%s is one clear error, and nothing is planned', async (_, containers, told) => {
    const { act, stateOf, ecs } = await aDeploy(file(containers));
    await expect(act('plan', { inputs })).rejects.toMatchObject({
      code: 'DEPLOY_REQUEST_INVALID',
      details: expect.arrayContaining([expect.stringContaining(told)]),
    });
    expect(await stateOf()).toBe('gated');
    expect(ecs.calls).toEqual([]);
  });

  test('a file that is not there is told by its path', async () => {
    const { act } = await aDeploy();
    await expect(act('plan', { inputs })).rejects.toMatchObject({
      message: expect.stringContaining('task.json does not exist'),
    });
  });

  test('a revision is deployed as it is: nothing is registered', async () => {
    const made = await aDeploy();
    const good = made.ecs.define(made.ecs.document(formatImage(ORDERS_IMAGE)));
    await made.act('plan', { inputs: { revision: `${FAMILY}:2` } });
    await made.approve();
    expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
    expect(made.ecs.calls).toEqual(['update']);
    expect(made.ecs.service().taskDefinition).toBe(good.arn);
  });

  test('a revision that is INACTIVE, or runs another image than was gated, is refused', async () => {
    const made = await aDeploy();
    const gone = { ...made.ecs.define(made.ecs.document(formatImage(ORDERS_IMAGE))), active: false };
    made.ecs.definitions.set(gone.arn, gone);
    await expect(made.act('plan', { inputs: { revision: gone.arn } })).rejects.toMatchObject({
      code: 'DEPLOY_REQUEST_INVALID',
      message: expect.stringContaining('revision: is INACTIVE'),
    });
    made.ecs.define(made.ecs.document(`${ORDERS_IMAGE.repositoryUri}@sha256:${'9'.repeat(64)}`));
    expect(await codeOf(made.act('plan', { inputs: { revision: `${FAMILY}:3` } }))).toBe(
      'REQUEST_OUTSIDE_CONTRACT',
    );
  });
});

describe('a contract', () => {
  test.each([
    [
      { 'service-update': 'networkConfiguration: { awsvpcConfiguration: { subnets: [s-1] } }' },
      "networkConfiguration: is the provider's to set",
    ],
    [{ 'service-update': 'enableExecuteCommand: true' }, 'no shell is opened'],
    [{ 'task-definition-patch': 'taskRoleArn: arn:aws:iam::000011112222:role/admin' }, 'taskRoleArn: '],
    [{ 'task-definition-patch': `containerDefinitions: { proxy: { image: "${OLD_IMAGE}" } }` }, 'proxy'],
    [{ images: `orders=${OLD_IMAGE}` }, 'images.orders: is the image that the change brings'],
    [
      { migration: 'container: proxy\ncommand: [env]' },
      'migration.container: is proxy; a request runs a command in orders',
    ],
  ])('does not leave %j to a delivery', async (inputs, told) => {
    const { act, ecs } = await aDeploy();
    await expect(act('plan', { inputs })).rejects.toMatchObject({
      code: 'REQUEST_OUTSIDE_CONTRACT',
      message: expect.stringContaining(told),
    });
    expect(ecs.calls).toEqual([]);
  });
});

test.each([{ 'environment-variables': 'orders: { LEVEL: debug }' }, { migration: 'container: orders' }])(
  'an exercise, which nobody approves, asks for nothing beside what it brings: not for %j',
  async (inputs) => {
    const { act, bring, ecs } = await aDeploy();
    const change = await bring('gated', 'exercise');
    expect(await codeOf(act('plan', { change, inputs }))).toBe('DEPLOY_REQUEST_INVALID');
    expect((await act('plan', { change })).outcome.outcome).toBe('planned');
    expect(ecs.calls).toEqual([]);
  },
);

describe('another deployment in progress', () => {
  async function busy(inputs: Readonly<Record<string, string>>, image: string) {
    const made = await anApprovedDeploy({
      script: (s) => (s < 40 ? { status: 'IN_PROGRESS' } : { status: 'SUCCESSFUL', running: 2, healthy: 2 }),
    });
    const theirs = made.ecs.define(made.ecs.document(image));
    await made.ecs.deployer.update({ taskDefinition: theirs.arn });
    const before = made.ecs.calls.length;
    const done = await made.act('deploy', { inputs }).catch((thrown: unknown) => thrown);
    return { made, done, sent: made.ecs.calls.slice(before), theirs };
  }

  test('attach follows it when it brings what is wanted', async () => {
    const { done, sent } = await busy({ 'if-in-progress': 'attach' }, formatImage(ORDERS_IMAGE));
    expect(done).toMatchObject({ outcome: { outcome: 'deployed' } });
    expect(sent.filter((call) => call === 'register')).toEqual([]);
  });

  test('attach does not take another version for ours', async () => {
    const { done } = await busy({ 'if-in-progress': 'attach' }, 'theirs');
    expect(done).toMatchObject({ code: 'DEPLOYMENT_IN_PROGRESS' });
  });

  test('wait waits for its end, and then compares what is there with what was approved', async () => {
    const { done } = await busy({ 'if-in-progress': 'wait' }, 'theirs');
    expect(done).toMatchObject({ code: 'PLAN_CHANGED' });
    const same = await busy({ 'if-in-progress': 'wait' }, formatImage(ORDERS_IMAGE));
    expect(same.done).toMatchObject({ outcome: { outcome: 'unchanged' } });
  });

  test('an update says whom it replaced when somebody began after it had looked', async () => {
    const made = await anApprovedDeploy();
    made.ecs.state.justBefore = () => {
      made.ecs.made.push({
        number: 77,
        taskDefinition: made.ecs.service().taskDefinition,
        at: made.clock.now(),
      });
    };
    const { runner } = await made.act('deploy');
    expect(runner.log.join('\n')).toContain('This update replaced ecs-svc/77');
  });
});
