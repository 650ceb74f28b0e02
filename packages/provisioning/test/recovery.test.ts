import { expect, it, test } from '@jest/globals';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractOfSize, recoveredIn, SHAPES, type Shape } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { type Stack, stacksOf } from '../src/stacks/stacks-of.ts';
import { templateMistakes } from './template-mistakes.ts';

const ELSEWHERE = 'eu-central-1';
const SMALL = contractOfSize(SHAPES['1/1/1'] as Shape);
const PROD = SMALL.environments['prod'] as TenantContract['environments'][string];

function contractWith(others: TenantContract['environments'] = {}): TenantContract {
  return { ...SMALL, environments: { prod: { ...PROD, ...recoveredIn(ELSEWHERE) }, ...others } };
}

function stacks(contract: TenantContract, name = 'prod'): readonly Stack[] {
  const released = { provider: 'OWNER/tenant-delivery', releases: [], publishers: [] };
  return stacksOf(contract, name, renderEnvironment(contract, name, released));
}

function stack(contract: TenantContract, ending: string, name = 'prod'): Stack {
  const found = stacks(contract, name).find((one) => one.name.endsWith(ending));
  if (!found) throw new Error(`no stack ends with ${ending}`);
  return found;
}

const typesIn = ({ template }: Stack) => Object.values(template.Resources).map(({ Type }) => Type);

it('is a stack in the other region, made by the administrator before the vault that it copies', () => {
  const all = stacks(contractWith());
  expect(all.map(({ name, region, part }) => [name, region, part])).toEqual([
    ['td-acme-account', 'eu-west-1', 'administrator'],
    ['td-acme-prod-provisioning', 'eu-west-1', 'administrator'],
    ['td-acme-prod-recovery', ELSEWHERE, 'administrator'],
    ['td-acme-prod-backups', 'eu-west-1', 'administrator'],
    ['td-acme-prod-foundation', 'eu-west-1', 'foundation'],
    ['td-acme-prod-network', 'eu-west-1', 'network'],
    ['td-acme-prod-orders-0', 'eu-west-1', 'services'],
  ]);
  for (const { name, template } of all) expect([name, templateMistakes(template)]).toEqual([name, []]);
});

it('is nowhere in a contract that asks for none', () => {
  const text = JSON.stringify(stacks(SMALL));
  expect(text).not.toMatch(
    /"name":"[a-z-]+-recovery"|Replication(Time|Configuration":\{"Role)|AWS::Backup|AWS::SNS/,
  );
});

it('keeps the copies of backups and of the record when it goes, and lets nobody delete either', () => {
  const { template } = stack(contractWith(), '-recovery');
  const kept = Object.entries(template.Resources).filter(([, one]) => one.DeletionPolicy !== undefined);
  expect(kept.map(([id]) => id)).toEqual(['BackupVault', 'VaultCopy', 'VaultCopyPolicy']);
  expect(template.Resources['BackupVault']?.Properties).toMatchObject({
    LockConfiguration: { MinRetentionDays: 90 },
  });
  const policy = JSON.stringify(template.Resources['VaultCopyPolicy']?.Properties);
  expect(policy).toContain('"Sid":"NothingIsDeleted","Effect":"Deny"');
  expect(policy).not.toContain('"Effect":"Allow"');
});

it('is locked as the vault is, and the vault leads to it', () => {
  const contract = contractWith();
  const vault = stack(contract, '-foundation').template.Resources['Vault']?.Properties;
  const copy = stack(contract, '-recovery').template.Resources['VaultCopy']?.Properties;
  expect(copy).toEqual({
    ...Object.fromEntries(
      Object.entries(vault ?? {}).filter(([name]) => name !== 'ReplicationConfiguration'),
    ),
    BucketName: 'td-copy-acme-prod-000011112222',
  });
  expect(vault?.['ReplicationConfiguration']).toMatchObject({
    Role: 'arn:aws:iam::000011112222:role/td/prod/td-acme-prod-replication',
    Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::td-copy-acme-prod-000011112222' } }],
  });
});

test('backups are taken by tag, kept and copied as long as agreed', () => {
  const { Resources } = stack(contractWith(), '-backups').template;
  expect(Resources['BackupPlan']?.Properties?.['BackupPlan']).toMatchObject({
    BackupPlanRule: [
      {
        ScheduleExpression: 'cron(0 3 * * ? *)',
        Lifecycle: { DeleteAfterDays: 35 },
        CopyActions: [
          {
            DestinationBackupVaultArn: `arn:aws:backup:${ELSEWHERE}:000011112222:backup-vault:td-acme-prod`,
            Lifecycle: { DeleteAfterDays: 90 },
          },
        ],
      },
    ],
  });
  expect(Resources['BackupSelection']?.Properties?.['BackupSelection']).toMatchObject({
    ListOfTags: [{ ConditionKey: 'tenant-delivery:contract', ConditionValue: 'acme/prod' }],
  });
});

test('the registry of copies is immutable and tagged for the environment that recovers, and set once for all environments', () => {
  const recovery = { ...PROD, region: ELSEWHERE, dr: { recovers: 'prod', rtoMinutes: 60 } };
  const alone = stack(contractWith(), '-recovery');
  expect(alone.template.Resources['RegistryCopies']?.Properties).toMatchObject({
    Prefix: 'acme',
    AppliedFor: ['REPLICATION'],
    ImageTagMutability: 'IMMUTABLE',
  });
  expect(typesIn(alone)).toContain('AWS::ECR::RegistryScanningConfiguration');
  const beside = contractWith({ recovery, test: { ...PROD, ...recoveredIn(ELSEWHERE) } });
  const first = stack(beside, '-prod-recovery');
  expect(first.template.Resources['RegistryCopies']?.Properties?.['ResourceTags']).toContainEqual({
    Key: 'tenant-delivery:contract',
    Value: 'acme/recovery',
  });
  // the account's own stack in that region scans
  expect(typesIn(first)).not.toContain('AWS::ECR::RegistryScanningConfiguration');
  expect(typesIn(stack(beside, '-test-recovery', 'test'))).not.toContain(
    'AWS::ECR::RepositoryCreationTemplate',
  );
});
