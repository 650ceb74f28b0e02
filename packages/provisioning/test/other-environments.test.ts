import { describe, expect, it } from '@jest/globals';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { cutTo } from '@tenant-delivery/tenancy/sealed-contract';
import { contractOfSize, SHAPES, type Shape } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { withOtherEnvironments } from '../src/stacks/other-environments.ts';
import { stacksOf } from '../src/stacks/stacks-of.ts';

const SMALL = contractOfSize(SHAPES['1/1/1'] as Shape);
const PROD = SMALL.environments['prod'] as TenantContract['environments'][string];
const environment = (cluster: string, replicatedTo: string[] = [], region = 'eu-west-1') => ({
  ...PROD,
  ...{ cluster, region, registry: { replicatedTo } },
});
const WHOLE: TenantContract = {
  ...SMALL,
  environments: {
    canary: environment('acme-canary'),
    prod: environment('acme-prod', ['eu-central-1']),
    recovery: environment('acme-recovery', [], 'eu-central-1'),
    staging: environment('acme-staging', ['eu-north-1', 'eu-central-1']),
  },
};

function administrators(contract: TenantContract, name: string) {
  const released = { provider: 'OWNER/tenant-delivery', releases: ['v1.0.0'], publishers: [] };
  const text = Object.fromEntries(
    stacksOf(contract, name, renderEnvironment(contract, name, released))
      .filter(({ part }) => part === 'administrator')
      .map((stack) => [stack.name, JSON.stringify(stack.template)]),
  );
  return { account: text['td-acme-account'], provisioning: text[`td-acme-${name}-provisioning`] };
}

/** What a drift finds by the contract that was published for one environment, where this is live. */
function expected(name: string, live: ReturnType<typeof administrators>) {
  return administrators(withOtherEnvironments(cutTo(WHOLE, name), name, live), name);
}

describe.each(Object.keys(WHOLE.environments))('by the contract of %s alone', (name) => {
  const live = administrators(WHOLE, name);

  it('the templates that the administrator applied are as agreed', () => {
    expect(administrators(cutTo(WHOLE, name), name).provisioning).not.toBe(live.provisioning);
    expect(expected(name, live)).toEqual(live);
  });

  it.each([
    [
      'a denial that allows',
      (text = '') => text.replace('"Effect":"Deny","Action":"*"', '"Effect":"Allow","Action":"*"'),
    ],
    [
      'a secret of another environment that is left out',
      (text = '') => text.replace(/"arn:aws:secretsmanager:[^"]*secret:td\/\w+\/\*",/, ''),
    ],
    ['a right more in the boundary', (text = '') => text.replace('"account:*"', '"account:Get*"')],
    ['a job more that a role trusts', (text = '') => text.replace('drift.yml@*', '*')],
  ] as const)('%s is found', (_, changed) => {
    const other = { ...live, provisioning: changed(live.provisioning) };
    expect(other.provisioning).not.toBe(live.provisioning);
    expect(expected(name, other).provisioning).not.toBe(other.provisioning);
  });
});

it('a region of this environment to which nothing is copied any more is found', () => {
  const live = administrators(WHOLE, 'prod');
  const other = {
    ...live,
    account: live.account?.replace('"Region":"eu-central-1"', '"Region":"eu-south-1"'),
  };
  expect(other.account).not.toBe(live.account);
  expect(expected('prod', other).account).not.toBe(other.account);
});

it.each([
  ['nothing is there', { account: undefined, provisioning: undefined }],
  ['somebody else sent what is there', { account: 'Resources:\n', provisioning: '{"Resources":{}}' }],
])('the contract stays as it is where %s', (_, live) => {
  const cut = cutTo(WHOLE, 'prod');
  expect(withOtherEnvironments(cut, 'prod', live)).toEqual(cut);
});
