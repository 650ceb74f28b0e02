import { expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { aPart } from './a-part.ts';
import { applied, BACKUPS, byHand, plan, RECOVERY, recovered } from './a-recovery.ts';

it('is in the plan of a foundation while it is absent, with what the administrator runs', async () => {
  const made = await recovered();
  const { change, outcome } = await plan(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ name, region, state }) => [name, region, state])).toEqual([
    [RECOVERY, 'eu-central-1', 'absent'],
    [BACKUPS, 'eu-west-1', 'absent'],
  ]);
  expect(outcome.summary).toContain(
    `aws cloudformation deploy --region eu-central-1 --template-file acme-prod/stacks/${RECOVERY}.json --stack-name ${RECOVERY}`,
  );
  expect(outcome.summary).toContain(
    "contract render tenants/acme.yaml --environment prod --publisher 'arn:aws:iam::000011112222:role/publisher' --out acme-prod",
  );
});

it('keeps a foundation unverified until it is there, and the door closes the change then', async () => {
  const made = await recovered();
  const { change, outcome } = await applied(made);
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY', ok: true });
  expect(outcome.summary).toContain(`${RECOVERY} in eu-central-1 is absent`);
  expect(outcome.summary).toContain(`aws cloudformation deploy --region eu-west-1`);
  await byHand(made, RECOVERY);
  const half = await made.act('verify', { part: 'foundation' });
  expect(half.outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY' });
  expect(half.outcome.headline).not.toContain(RECOVERY);
  await byHand(made, BACKUPS);
  expect((await made.act('verify', { part: 'foundation' })).outcome.outcome).toBe('verified');
  expect(await made.stateOf(change, 'foundation')).toBe('closed');
});

it('says of a foundation that is unchanged that its recovery is not ready', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY);
  await byHand(made, BACKUPS);
  expect((await applied(made)).outcome.outcome).toBe('applied');
  expect((await plan(made)).outcome).toMatchObject({ outcome: 'unchanged', reasonCode: 'OK' });
  made.cloudformation.stacks.delete(BACKUPS);
  const { outcome, runner } = await plan(made);
  expect(outcome).toMatchObject({ outcome: 'unchanged', reasonCode: 'RECOVERY_NOT_READY' });
  expect(runner.log.join()).toContain(`${BACKUPS} in eu-west-1 is absent`);
});

it('names what differs, by resource and property, in the template and beside it', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY, (body) => body.replace('"MinRetentionDays":90', '"MinRetentionDays":7'));
  await byHand(made, BACKUPS);
  const properties = [{ path: '/Threshold', expected: '0', actual: '1000' }];
  const drift = {
    logicalId: 'AlarmBackups',
    id: 'a',
    type: 'AWS::CloudWatch::Alarm',
    status: 'MODIFIED',
    properties,
  };
  made.cloudformation.drifts.set(BACKUPS, [drift]);
  const { change, outcome } = await plan(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery).toMatchObject([
    {
      name: RECOVERY,
      state: 'different',
      changes: [
        {
          logicalId: 'BackupVault',
          action: 'modify',
          properties: [
            {
              path: '/LockConfiguration',
              before: '{"MinRetentionDays":7}',
              after: '{"MinRetentionDays":90}',
            },
          ],
        },
      ],
    },
    {
      name: BACKUPS,
      state: 'different',
      changes: [
        { logicalId: 'AlarmBackups', properties: [{ path: '/Threshold', before: '1000', after: '0' }] },
      ],
    },
  ]);
  expect(outcome.summary).toContain('/LockConfiguration');
});

it('is in the drift of a foundation by resource, with who changed it', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY, (body) => body.replace('"MinRetentionDays":90', '"MinRetentionDays":7'));
  await byHand(made, BACKUPS);
  const properties = [{ path: '/Threshold', expected: '0', actual: '1000' }];
  const drift = {
    logicalId: 'AlarmBackups',
    id: 'a',
    type: 'AWS::CloudWatch::Alarm',
    status: 'MODIFIED',
    properties,
  };
  made.cloudformation.drifts.set(BACKUPS, [drift]);
  made.trail.set('a', {
    at: made.clock.now(),
    by: 'arn:aws:iam::000011112222:user/eve',
    call: 'PutMetricAlarm',
  });
  const { outcome } = await made.act('observe', { part: 'foundation' });
  expect(outcome.outcome).toBe('drifted');
  expect(outcome.summary).toContain(`BackupVault of ${RECOVERY}`);
  expect(outcome.summary).toMatch(/AlarmBackups of td-acme-prod-backups .*user\/eve/);
  made.cloudformation.stacks.delete(RECOVERY);
  const { outcome: gone } = await made.act('observe', { part: 'foundation' });
  expect(gone.summary).toContain(`${RECOVERY} in eu-central-1 is absent`);
});

it('is behind, and the foundation unverified, while an alarm says that copies do not arrive', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY);
  await byHand(made, BACKUPS);
  made.ringing.set('acme-prod-vault-copy-behind', 'Threshold Crossed: 3 datapoints were greater than 900');
  const { change, outcome } = await applied(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['behind', 'ready']);
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY' });
  expect(outcome.headline).toContain('acme-prod-vault-copy-behind is in ALARM (Threshold Crossed');
  expect(outcome.summary).not.toContain('aws cloudformation deploy');
  made.ringing.clear();
  expect((await made.act('verify', { part: 'foundation' })).outcome.outcome).toBe('verified');
});

it('is unknown where it could not be seen, and never absent or ready', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY);
  await byHand(made, BACKUPS);
  const { ports } = made.cloudformation;
  const describe = ports.describe.bind(ports);
  const denied = new Failure('AWS_DENIED', 'AWS denied cloudformation:DescribeStacks', 'Allow it.');
  Object.assign(ports, {
    describe: (name: string) => (name === RECOVERY ? Promise.reject(denied) : describe(name)),
  });
  const { change, outcome } = await applied(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['unknown', 'ready']);
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'RECOVERY_NOT_READY' });
  expect(outcome.headline).toContain('is not known: AWS_DENIED');
});

it('takes settings of the registry for shared: another environment may have set them, for itself', async () => {
  const made = await recovered();
  await byHand(made, RECOVERY, (body) => {
    const template = JSON.parse(body);
    const { RegistryScanning: _, ...Resources } = template.Resources;
    Resources.RegistryCopies.Properties.ResourceTags = [{ Key: 'environment', Value: 'dr' }];
    return JSON.stringify({ ...template, Resources });
  });
  await byHand(made, BACKUPS);
  const { change } = await plan(made);
  const { recovery = [] } = await made.planOf(change, 'foundation');
  expect(recovery.map(({ state }) => state)).toEqual(['ready', 'ready']);
});

it('is not in a plan whose contract asks for none', async () => {
  const made = await aPart();
  const { change } = await plan(made);
  expect((await made.planOf(change, 'foundation')).recovery).toBeUndefined();
});
