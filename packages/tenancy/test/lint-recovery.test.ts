import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintContracts } from '../src/lint.ts';
import { lintRecovery } from '../src/lint-recovery.ts';
import { RecoveryAgreement } from '../src/recovery-agreement.ts';
import { acme } from './contracts.ts';

const RECOVERY: RecoveryAgreement = {
  region: 'eu-central-1',
  backup: { schedule: 'cron(0 3 * * ? *)', days: 35 },
  copies: { days: 90 },
  notify: ['sre@example.com'],
};
/** acme with a production that another region recovers, and this environment beside it. */
function contract(
  change: Partial<EnvironmentContract> = {},
  beside: Partial<EnvironmentContract> = {},
): TenantContract {
  const given = acme();
  const { prod, staging } = given.environments;
  if (!prod || !staging) throw new Error('acme has both');
  const recovered = { recovery: RECOVERY, registry: { replicatedTo: ['eu-central-1'] } };
  return {
    ...given,
    environments: { prod: { ...prod, ...recovered, ...change }, staging: { ...staging, ...beside } },
  };
}

const problems = (given: TenantContract) =>
  lintRecovery(given, 'prod', given.environments['prod'] as EnvironmentContract);

test('has nothing to say where images, backups and records reach the other region', () => {
  expect(lintContracts([{ file: 'acme.yaml', contract: contract() }], 0)).toEqual([]);
  expect(problems(contract({ recovery: undefined }))).toEqual([]);
});

test.each<readonly [string, TenantContract, string]>([
  [
    'its own region',
    contract({ recovery: { ...RECOVERY, region: 'eu-west-1' }, registry: { replicatedTo: ['eu-west-1'] } }),
    'recovery.region: eu-west-1 is the region of the environment itself',
  ],
  [
    'a region of another partition',
    contract({ recovery: { ...RECOVERY, region: 'us-gov-east-1' } }),
    'recovery.region: us-gov-east-1 is in the partition aws-us-gov',
  ],
  [
    'a region that there is not',
    contract({ recovery: { ...RECOVERY, region: 'eu-centrall-1' } }),
    'recovery.region: AWS has no region eu-centrall-1; did you mean eu-central-1?',
  ],
  [
    'a schedule that AWS Backup refuses',
    contract({ recovery: { ...RECOVERY, backup: { schedule: 'cron(60 3 * * ? *)', days: 35 } } }),
    'recovery.backup.schedule: 60 is no minutes; it goes from 0 to 59',
  ],
  [
    'a region that gets no images',
    contract({ registry: {} }),
    'recovery.region: images do not reach eu-central-1; name it in registry.replicatedTo too',
  ],
  [
    'an environment that recovers it elsewhere',
    contract({}, { dr: { recovers: 'prod', rtoMinutes: 60 }, region: 'eu-west-3' }),
    'recovery.region: staging recovers this environment in eu-west-3, not in eu-central-1',
  ],
])('names %s', (_, given, problem) => {
  expect(problems(given)).toContain(problem);
  expect(lintContracts([{ file: 'acme.yaml', contract: given }], 0).join('\n')).toContain(problem);
});

test.each([
  ['a schedule that is none', { backup: { schedule: 'daily', days: 35 } }],
  ['backups for no day', { backup: { schedule: RECOVERY.backup.schedule, days: 0 } }],
  ['nobody who is told', { notify: [] }],
  ['what there is not', { alarms: [] }],
])('refuses %s', (_, change) => {
  expect(v.safeParse(RecoveryAgreement, { ...RECOVERY, ...change }).success).toBe(false);
});
