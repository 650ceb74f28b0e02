import { expect, test } from '@jest/globals';
import type { TenantContract } from '../src/contract.ts';
import { lint, prod } from './changed-contracts.ts';
import { acme } from './contracts.ts';

test.each<readonly [string, TenantContract, string]>([
  [
    'copies of images in the region where they are',
    prod(() => ({ registry: { replicatedTo: ['eu-west-1'] } })),
    'environments.prod.registry.replicatedTo: eu-west-1 is the region of the environment itself',
  ],
  [
    'repositories that a build may make as it likes',
    prod(() => ({ registry: { createIfMissing: true } })),
    'environments.prod.registry.createIfMissing: a repository is only made with what the contract says, so registry.encryption must say how',
  ],
  [
    'a key of another region',
    prod(() => ({
      registry: { encryption: { type: 'KMS', key: 'arn:aws:kms:eu-central-1:000011112222:key/k' } },
    })),
    'environments.prod.registry.encryption.key: must be a key of eu-west-1',
  ],
  [
    'a promotion from nowhere',
    prod(() => ({ promotion: { from: 'test' } })),
    'environments.prod.promotion.from: test is no other environment of this contract',
  ],
  [
    'a recovery in the region that failed',
    ((contract) => ({
      ...contract,
      environments: {
        ...contract.environments,
        recovery: { ...prod(() => ({ dr: { recovers: 'prod', rtoMinutes: 60 } })).environments['prod'] },
      } as TenantContract['environments'], // one more, like prod
    }))(acme()),
    'environments.recovery.dr.recovers: prod is in eu-west-1 too, and a failure of the region would take both',
  ],
  [
    'a recovery in a region where no image is copied to',
    ((contract) => ({
      ...contract,
      environments: {
        ...contract.environments,
        recovery: {
          ...prod(() => ({ region: 'eu-central-1', dr: { recovers: 'prod', rtoMinutes: 60 } })).environments[
            'prod'
          ],
        },
      } as TenantContract['environments'], // one more, like prod
    }))(acme()),
    'environments.recovery.dr.recovers: environments.prod.registry.replicatedTo does not name eu-central-1, so its images need not be here when it fails',
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toContain(`${contract.id}.yaml: ${problem}`);
});
