import { expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { anApprovedDeploy } from '../a-deploy.ts';

const MIGRATION = { migration: 'container: orders\ncommand: [node, migrate.js]\ntimeout-minutes: 5' };

/** A deploy with a migration whose task writes these lines. */
async function aMigration(lines: readonly string[] = []) {
  const made = await anApprovedDeploy({}, MIGRATION);
  made.log['after'] = lines;
  return made;
}

test('runs once with the new revision, where the service runs, before the service is updated', async () => {
  const made = await aMigration(['migrating', '::error::not a command']);
  const { outcome, runner } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'deployed', ok: true });
  expect(made.ecs.calls).toEqual(['register', 'run', 'update']);
  const [{ task } = { task: undefined }] = made.ecs.ran.values();
  expect(task).toMatchObject({
    taskDefinition: made.ecs.service().taskDefinition,
    container: 'orders',
    command: ['node', 'migrate.js'],
    startedBy: `tenant-delivery/${made.change}`,
    service: made.ecs.service().document,
  });
  expect(task?.key).toMatch(/^td-[0-9a-f]{60}$/);
  expect(runner.log.filter((line) => line.includes('migrating'))).toHaveLength(1);
});

test('its plan says what it will run, and is approved with it', async () => {
  const made = await aMigration();
  const plan = await made.act('plan', { inputs: MIGRATION, change: await made.bring('gated') });
  expect(plan.outcome.summary).toContain('```json\n["node","migrate.js"]\n```');
});

test('the person who approves a command sees all of it: pipes, line breaks and characters that hide others', async () => {
  const made = await aMigration();
  const migration =
    'container: orders\ncommand: [sh, -c, "migrate | tee log\\n```\\n# done \\u202Egnihtyna"]';
  const change = await made.bring('gated');
  const { outcome } = await made.act('plan', { inputs: { migration }, change });
  expect(outcome.summary).toContain(
    '```json\n["sh","-c","migrate | tee log\\n```\\n# done \\u202egnihtyna"]\n```',
  );
});

test('a migration that fails leaves the service as it was, and says what it wrote last', async () => {
  const made = await aMigration(['column exists already']);
  made.ecs.oneOff.exitCode = 3;
  const before = made.ecs.service().taskDefinition;
  const { outcome, runner } = await made.act('deploy');
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'MIGRATION_FAILED', ok: false });
  expect(outcome.headline).toContain('orders ended with exit code 3');
  expect(made.ecs.calls).toEqual(['register', 'run']);
  expect(made.ecs.service().taskDefinition).toBe(before);
  expect(await made.stateOf()).toBe('failed');
  const report = await made.report(runner);
  expect(report).toMatchObject({
    serviceDeployment: null,
    taskDefinition: before,
    causes: [{ class: 'migration', exitCode: 3, log: ['column exists already'] }],
  });
});

test('a container that never ran has not migrated, whatever became of the others', async () => {
  const made = await aMigration();
  made.ecs.oneOff.exitCode = undefined;
  const { outcome } = await made.act('deploy');
  expect(outcome).toMatchObject({
    outcome: 'failed',
    headline: expect.stringContaining('orders did not run'),
  });
});

test('one that does not end in its time is stopped', async () => {
  const made = await aMigration();
  made.ecs.oneOff.seconds = 10_000;
  const begun = made.clock.now();
  expect((await made.act('deploy')).outcome).toMatchObject({ reasonCode: 'MIGRATION_FAILED' });
  expect(made.ecs.calls).toEqual(['register', 'run', 'stop']);
  expect(made.clock.now() - begun).toBeLessThanOrEqual(306_000);
});

test('a cancelled run stops its task within seconds and records that the service was not updated', async () => {
  const made = await aMigration();
  made.ecs.oneOff.seconds = 10_000;
  const runner = fakeRunner();
  const begun = made.clock.now();
  made.clock.at(12_000, () => runner.cancel());
  const { outcome } = await made.act('deploy', { runner });
  expect(outcome).toMatchObject({
    outcome: 'cancelled',
    headline: expect.stringContaining('its task was stopped'),
  });
  expect(made.clock.now() - begun).toBeLessThanOrEqual(17_000);
  expect(made.ecs.calls).toEqual(['register', 'run', 'stop']);
});

test('waits for room, and asks again by the same key where no answer was read', async () => {
  const made = await aMigration();
  made.ecs.oneOff.refusals.push('RESOURCE:CPU', 'unknown');
  expect((await made.act('deploy')).outcome.outcome).toBe('deployed');
  expect(made.ecs.calls).toEqual(['register', 'run', 'update']);
});

test('a machine that died while it ran follows the same task the next time, and updates once', async () => {
  const made = await aMigration();
  made.ecs.faults.push({ call: 'update', when: 'before' });
  await expect(made.act('deploy')).rejects.toThrow('the machine died');
  expect((await made.act('deploy', { attempt: 2 })).outcome.outcome).toBe('deployed');
  expect(made.ecs.ran.size).toBe(1);
});
