import { expect, test } from '@jest/globals';
import type { TenantContract } from '../src/contract.ts';
import { lintRepositories } from '../src/lint-repositories.ts';
import { acme } from './contracts.ts';

/** acme, whose two environments deliver from one repository, with what each makes of it. */
function acmeMaking(
  prod: string | undefined,
  staging: string | undefined,
  region = 'eu-west-1',
): TenantContract {
  const contract = acme();
  const making = (name: string, repositoryOf: string | undefined) => {
    const service = contract.environments[name]?.services['orders'];
    if (!service) throw new Error('both have orders');
    service.provision = {
      port: 8080,
      healthPath: '/health',
      route: { priority: 1, paths: ['/*'] },
      size: { cpu: 256, memory: 512 },
      scaleOn: { cpu: 60 },
      ...(repositoryOf !== undefined && { repositoryOf }),
    };
  };
  making('prod', prod);
  making('staging', staging);
  Object.assign(contract.environments['staging'] ?? {}, { region });
  return contract;
}

test('one environment makes the repository, and others of its region leave it to that one', () => {
  expect(lintRepositories(acmeMaking('staging', undefined))).toEqual([]);
  expect(lintRepositories(acmeMaking(undefined, 'prod'))).toEqual([]);
  expect(lintRepositories(acmeMaking(undefined, undefined, 'eu-central-1'))).toEqual([]);
  expect(lintRepositories(acme())).toEqual([]);
});

test('two that make it are named, with what to write', () => {
  expect(lintRepositories(acmeMaking(undefined, undefined))).toEqual([
    'environments.staging.services.orders.repository: acme/orders is made for prod too, and an account has it once; write `provision.repositoryOf` here or there, with the name of the environment that makes it',
  ]);
});

test.each([
  ['an environment that makes none', acmeMaking('staging', 'prod'), 2],
  ['one that is not there', acmeMaking('dev', undefined), 1],
  ['itself', acmeMaking('prod', undefined), 1],
  ['one of another region', acmeMaking('staging', undefined, 'eu-central-1'), 1],
])('the service that leaves its repository to %s is named', (_, contract, problems) => {
  const told = lintRepositories(contract);
  expect(told).toHaveLength(problems);
  expect(told[0]).toMatch(
    /^environments\.prod\.services\.orders\.provision\.repositoryOf: \w+ makes no acme\/orders in eu-west-1/,
  );
});
