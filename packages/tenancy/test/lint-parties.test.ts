import { expect, test } from '@jest/globals';
import type { TenantContract } from '../src/contract.ts';
import { lint } from './changed-contracts.ts';
import { acme } from './contracts.ts';

test.each<readonly [string, TenantContract, string]>([
  [
    'no release',
    (({ releases: _, ...contract }) => contract)(acme()),
    'releases: name the releases in use, such as [v1.12.0]; the roles trust their workflows and no other',
  ],
  ['a release twice', { ...acme(), releases: ['v1.2.3', 'v1.2.3'] }, 'releases: v1.2.3 is there twice'],
  [
    'a service that nobody may deliver',
    {
      ...acme(),
      repositories: acme().repositories.map((repository) => ({ ...repository, services: ['shop'] })),
    },
    'repositories: none may deliver orders',
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toContain(`${contract.id}.yaml: ${problem}`);
});
