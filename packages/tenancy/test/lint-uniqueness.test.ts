import { expect, test } from '@jest/globals';
import { lint } from './changed-contracts.ts';
import { acme, globex } from './contracts.ts';

test('finds what two tenants share, whatever it is', () => {
  const shares = {
    ...globex(),
    account: acme().account,
    environments: acme().environments,
    repositories: acme().repositories,
  };
  const problems = lint(acme(), shares).filter((problem) => problem.includes("is acme.yaml's already"));
  for (const what of [
    'account 000011112222',
    'VPC vpc-0acme',
    'subnet subnet-0acme',
    'security group sg-0acme',
    'repository id 456789',
    'GitHub App 77',
  ]) {
    expect(problems).toContainEqual(expect.stringContaining(`globex.yaml: the ${what}`));
  }
  expect(problems.join()).not.toContain('tenant id');
});

test('finds two tenants whose environments have one name in the operations repository', () => {
  const { prod } = acme().environments;
  const { prod: other } = globex().environments;
  if (!prod || !other) throw new Error('both have prod');
  const named = (environment: typeof prod, name: string) => ({
    ...environment,
    protection: { ...environment.protection, environment: name },
    approval: { ...environment.approval, environment: `${name}-approval` },
  });
  const one = { ...acme(), environments: { 'eu-prod': named(prod, 'acme-eu-prod') } };
  const two = { ...globex(), id: 'acme-eu', environments: { prod: named(other, 'acme-eu-prod') } };
  expect(lint(one, two)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("the GitHub environment acme-eu-prod is acme.yaml's already"),
      expect.stringContaining("the GitHub environment acme-eu-prod-approval is acme.yaml's already"),
    ]),
  );
});
