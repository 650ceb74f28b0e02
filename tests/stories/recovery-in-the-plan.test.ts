import {
  BackupClient,
  ListRecoveryPointsByBackupVaultCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { provisioningOn, UMBRELLA } from '@tenant-delivery/cli/demo/provisioning-stage';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { backupOf } from '@tenant-delivery/local-aws/backup/state';
import { iamOf } from '@tenant-delivery/local-aws/iam/state';
import { umbrellaContract } from '@tenant-delivery/local-platform';
import { recoveredIn } from '@tenant-delivery/provisioning/contract-of-size';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { errorsOf, logOf, openStage, without } from '../stage/stage.ts';

const ELSEWHERE = 'eu-central-1';
let stage: Stage;
let on: ReturnType<typeof provisioningOn>;

/** The administrator makes every stack that is theirs, in both regions, before the first run. */
beforeAll(async () => {
  stage = await openStage({ scale: 240, contracts: [], empty: [withRecovery(umbrellaContract())] });
  on = provisioningOn(stage);
}, 60_000);
afterAll(() => stage?.platform.close());

function withRecovery(contract: TenantContract): TenantContract {
  const { prod } = contract.environments;
  if (!prod) throw new Error('umbrella has prod');
  return { ...contract, environments: { prod: { ...prod, ...recoveredIn(ELSEWHERE) } } };
}

const client = (region: string) => ({ region, endpoint: stage.platform.aws.url, credentials: on.operator });
const told = ({ result, outcome }: Delivery) => ({
  outcome,
  conclusion: result.conclusion,
  errors: errorsOf(result),
});

it('is seen as ready in both regions by the roles that plan and apply', async () => {
  const run = await on.provision('foundation');
  expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
  const plan = await on.document('foundation', run.change, 'plan');
  expect(plan['recovery']).toMatchObject([
    { name: 'td-umbrella-prod-recovery', region: ELSEWHERE, state: 'ready', changes: [] },
    { name: 'td-umbrella-prod-backups', state: 'ready', changes: [] },
  ]);
});

it('is behind while its alarm rings in the other region', async () => {
  const ring = (state: 'ALARM' | 'OK') =>
    stage.platform.aws.setAlarm(UMBRELLA.account, ELSEWHERE, 'umbrella-prod-vault-copy-behind', state);
  ring('ALARM');
  const run = await on.provision('foundation');
  expect(told(run)).toEqual({ outcome: 'unchanged', conclusion: 'success', errors: [] });
  expect((await on.document('foundation', run.change, 'plan'))['recovery']).toMatchObject([
    { state: 'behind' },
    { state: 'ready' },
  ]);
  ring('OK');
});

it('is behind when S3 failed to copy the contract, and when a backup of two days ago has no copy', async () => {
  const { aws, publish } = stage.platform;
  const { roles } = iamOf(aws.world, UMBRELLA.account);
  await without(roles, 'td-umbrella-prod-replication', async () => {
    await publish({ ...on.contract, serial: on.contract.serial + 1 });
    await aws.clock.sleep(60_000);
  });
  const vaultIn = (region: string) =>
    backupOf(aws.world, UMBRELLA.account, region).vaults['td-umbrella-prod'];
  const [vault, there] = [vaultIn('eu-west-1'), vaultIn(ELSEWHERE)];
  const [plan] = Object.values(backupOf(aws.world, UMBRELLA.account, 'eu-west-1').plans);
  if (!vault || !there || !plan) throw new Error('the administrator made them');
  const point = (resource: string, daysAgo: number) => ({
    ...{ arn: `arn:aws:backup:eu-west-1:${UMBRELLA.account}:recovery-point:${daysAgo}`, resource, plan },
    createdAt: aws.clock.now() - daysAgo * 86_400_000,
  });
  const [copied, lost] = ['arn:aws:s3:::umbrella-copied', 'arn:aws:s3:::umbrella-lost'];
  vault.recoveryPoints = [point(copied, 2), point(lost, 2)];
  there.recoveryPoints = [{ ...point(copied, 1), copiedFrom: vault.arn }];
  const run = await on.provision('foundation');
  vault.recoveryPoints = [];
  there.recoveryPoints = [];
  expect((await on.document('foundation', run.change, 'plan'))['recovery']).toMatchObject([
    { state: 'behind', why: expect.stringContaining('S3 failed to copy td-vault-umbrella-prod') },
    { state: 'behind', why: expect.stringContaining(`no copy of the backup of ${lost} of`) },
  ]);
  expect(logOf(run.result)).not.toContain(copied);
});

it('is named by resource when somebody changes who may copy, and when the administrator takes away its backups', async () => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const trust = { RoleName: 'td-umbrella-prod-replication', PolicyDocument };
  await new IAMClient(client(ELSEWHERE)).send(new UpdateAssumeRolePolicyCommand(trust));
  const cloudformation = new CloudFormationClient(client('eu-west-1'));
  await cloudformation.send(new DeleteStackCommand({ StackName: 'td-umbrella-prod-backups' }));
  await stage.platform.aws.clock.sleep(5 * 60_000);
  const run = await on.provision('foundation');
  expect(told(run)).toEqual({ outcome: 'unchanged', conclusion: 'success', errors: [] });
  const plan = await on.document('foundation', run.change, 'plan');
  expect(plan['recovery']).toMatchObject([
    { state: 'different', changes: [{ logicalId: 'ReplicationRole', action: 'modify' }] },
    { state: 'absent' },
  ]);
  expect(logOf(run.result)).toContain('td-umbrella-prod-backups in eu-west-1 is absent');
});

it('is withdrawn after a backup of the record, which the administrator turned on and the roles of the stacks may make', async () => {
  const asked = { part: 'foundation', reason: 'The tenant leaves' } as const;
  const refused = await on.start('withdraw', asked);
  expect(refused.outcome).toBe('denied');
  expect(JSON.stringify(errorsOf(refused.result))).toContain(
    'AWS Backup is not turned on for S3 in eu-west-1',
  );
  const backup = new BackupClient(client('eu-west-1'));
  await backup.send(new UpdateRegionSettingsCommand({ ResourceTypeOptInPreference: { S3: true } }));
  const run = await on.start('withdraw', asked, {
    approveAs: { 'withdraw / withdraw / second': 'sre-lou', 'withdraw / withdraw / approve': 'lead-eli' },
  });
  expect(told(run)).toEqual({ outcome: 'applied', conclusion: 'success', errors: [] });
  const list = new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'td-umbrella-prod' });
  const { RecoveryPoints = [] } = await backup.send(list);
  const [point] = RecoveryPoints;
  expect(RecoveryPoints).toMatchObject([
    { ResourceArn: `arn:aws:s3:::td-vault-umbrella-prod-${UMBRELLA.account}` },
  ]);
  const report = await on.document('foundation', run.change, 'report');
  expect(report['backups']).toMatchObject([{ result: 'complete', recoveryPoint: point?.RecoveryPointArn }]);
});
