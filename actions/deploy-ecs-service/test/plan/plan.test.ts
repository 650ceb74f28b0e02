import { expect, test } from '@jest/globals';
import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { formatImage } from '@tenant-delivery/domain';
import { aDeploy, codeOf, type Story } from '../a-deploy.ts';

test('records what would change and asks ECS for nothing but what is there', async () => {
  const { act, ecs, stateOf } = await aDeploy();
  const { outcome, runner } = await act('plan');
  expect(outcome).toMatchObject({ outcome: 'planned', ok: true });
  expect(await stateOf()).toBe('planned');
  expect(runner.outputs).toMatchObject({ 'needs-approval': 'true', plan: expect.stringMatching(/^sha256:/) });
  expect(ecs.calls).toEqual([]);
  expect(outcome.summary).toContain(formatImage(ORDERS_IMAGE));
  expect(outcome.summary).not.toContain('hunter2');
});

test('the same image again is unchanged, and its health is looked at before saying so', async () => {
  const made = await aDeploy({ image: { ...ORDERS_IMAGE, digest: `sha256:${'0'.repeat(64)}` } });
  const { outcome } = await made.act('plan');
  expect(outcome).toMatchObject({ outcome: 'unchanged', ok: true });
  expect(await made.stateOf()).toBe('unchanged');
});

test('takes the place of an older plan that waits for approval, and says so', async () => {
  const made = await aDeploy();
  const older = await made.delivery.bring('planned', { claims: { runId: '8999' } });
  const { outcome, runner } = await made.act('plan');
  expect(outcome).toMatchObject({ outcome: 'planned', facts: { withdrawn: [older] } });
  expect(outcome.summary).toContain(
    `It took the place of ${older.replace('_', '\\_')}: nobody has to approve that any more.`,
  );
  expect(runner.log.join('\n')).toContain(`It took the place of ${older}`);
  expect((await made.delivery.find(older)).state).toBe('withdrawn');
});

test('that comes later than a newer one is put before nobody, and its run ends well', async () => {
  const made = await aDeploy();
  const newer = await made.delivery.bring('planned', { claims: { runId: '9002' } });
  const { outcome, runner } = await made.act('plan');
  expect(outcome).toMatchObject({ outcome: 'superseded', reasonCode: 'CHANGE_SUPERSEDED', ok: true });
  expect(outcome.headline).toContain(`${newer} (run 9002 of acme/orders, commit 0123456) was started later`);
  expect(outcome.summary).toMatch(/^### Superseded: `orders` of `acme\/prod`/);
  expect(runner.outputs['needs-approval']).toBe('false');
  expect(await made.stateOf()).toBe('withdrawn');
});

test('does not call a service unchanged that is not healthy', async () => {
  const made = await aDeploy({ image: { ...ORDERS_IMAGE, digest: `sha256:${'0'.repeat(64)}` } });
  made.ecs.state.targets = [];
  expect(await codeOf(made.act('plan'))).toBe('SERVICE_NOT_STEADY');
  expect(await made.stateOf()).toBe('gated');
});

test.each<[string, Story]>([
  ['IMAGE_PLATFORM_MISMATCH', { platform: 'linux/arm64' }],
  ['IMAGE_ABSENT', { absent: true }],
  ['VERDICT_UNUSABLE', { verdict: { validUntil: '2026-11-24T08:00:00Z' } }],
  ['VERDICT_UNUSABLE', { verdict: { decision: 'deny', reasons: ['1 critical finding'] } }],
  ['VERDICT_UNUSABLE', { verdict: { subject: { ...ORDERS_IMAGE, digest: `sha256:${'9'.repeat(64)}` } } }],
  ['IMAGE_FOREIGN', { image: { ...ORDERS_IMAGE, repositoryUri: '127.0.0.1:5000/globex/orders' } }],
])('refuses with %s before anything is planned', async (code, story) => {
  const { act, stateOf, ecs } = await aDeploy(story);
  expect(await codeOf(act('plan'))).toBe(code);
  expect(await stateOf()).toBe('gated');
  expect(ecs.calls).toEqual([]);
});

test.each([
  ['SERVICE_NOT_ACTIVE', { status: 'DRAINING' }],
  ['SERVICE_UNSUPPORTED', { controller: 'CODE_DEPLOY' }],
  ['SERVICE_UNSUPPORTED', { controller: 'EXTERNAL' }],
  ['SERVICE_UNSUPPORTED', { strategy: 'ONE_THAT_AWS_MAY_ADD' }],
  ['SERVICE_WITHOUT_TASKS', { desired: 0 }],
])('refuses with %s a service that has %j', async (code, over) => {
  const { act, ecs } = await aDeploy();
  ecs.state.over = over;
  expect(await codeOf(act('plan'))).toBe(code);
});

test('names the containers that are there when the manifest names another', async () => {
  const made = await aDeploy();
  const other = made.ecs.define({
    family: 'acme-prod-orders',
    containerDefinitions: [{ name: 'order', image: 'x' }],
  });
  made.ecs.state.over = { taskDefinition: other.arn };
  await expect(made.act('plan')).rejects.toMatchObject({
    code: 'CONTAINER_NOT_FOUND',
    message: expect.stringContaining('Did you mean order?'),
  });
});

test('refuses a service that runs a family which the contract does not name', async () => {
  const made = await aDeploy();
  const other = { ...made.ecs.define({ containerDefinitions: [] }), family: 'somebody-elses' };
  made.ecs.definitions.set(other.arn, other);
  made.ecs.state.over = { taskDefinition: other.arn };
  expect(await codeOf(made.act('plan'))).toBe('TASK_DEFINITION_FAMILY_MISMATCH');
});

test('refuses a cluster that is not active', async () => {
  const made = await aDeploy();
  made.ecs.state.cluster = 'DEPROVISIONING';
  expect(await codeOf(made.act('plan'))).toBe('CLUSTER_NOT_ACTIVE');
});

test('refuses a port that the task definition does not map, and names those that it does', async () => {
  const made = await aDeploy();
  const other = made.ecs.define({
    family: 'acme-prod-orders',
    containerDefinitions: [{ name: 'orders', image: 'x', portMappings: [{ containerPort: 9090 }] }],
  });
  made.ecs.state.over = { taskDefinition: other.arn };
  await expect(made.act('plan')).rejects.toMatchObject({
    code: 'PORT_NOT_MAPPED',
    message: expect.stringContaining('it maps 9090'),
  });
});

test('plans only what names an image', async () => {
  const made = await aDeploy();
  const change = await made.bring('proposed');
  expect(await codeOf(made.act('plan', { change }))).toBe('DOCUMENT_MISSING');
});
