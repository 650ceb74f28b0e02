import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintContracts } from '../src/lint.ts';
import { acme, globex } from './contracts.ts';

const NOW = Date.UTC(2026, 10, 24);

const lint = (...contracts: readonly TenantContract[]) =>
  lintContracts(
    contracts.map((contract) => ({ file: `${contract.id}.yaml`, contract })),
    NOW,
  );

/** acme, with its production environment changed. */
function prod(change: (environment: EnvironmentContract) => Partial<EnvironmentContract>): TenantContract {
  const contract = acme();
  const environment = contract.environments['prod'];
  if (!environment) throw new Error('acme has prod');
  return { ...contract, environments: { prod: { ...environment, ...change(environment) } } };
}

/** acme, with one of its environments, or it itself, named otherwise. */
function renamed(environment: string, name: string, id = 'acme'): TenantContract {
  const { environments, ...contract } = acme();
  const entries = Object.entries(environments).map(([called, agreed]) => [
    called === environment ? name : called,
    agreed,
  ]);
  return { ...contract, id, environments: Object.fromEntries(entries) };
}

const service = (change: object) => (environment: EnvironmentContract) => ({
  services: { orders: { ...environment.services['orders'], ...change } } as EnvironmentContract['services'], // one member changed
});

test('has nothing to say about the contracts of the template', () => {
  expect(lint(acme(), globex())).toEqual([]);
});

test.each<readonly [string, TenantContract, string]>([
  [
    'an expiry that has passed',
    { ...acme(), expires: '2026-11-01T00:00:00Z' },
    'expires: 2026-11-01T00:00:00Z has passed',
  ],
  ['one zone', prod(() => ({ zones: ['euw1-az1'] })), 'environments.prod.zones: there must be at least two'],
  [
    'base over maximum',
    prod(service({ capacity: { base: 7, maximum: 6 } })),
    'environments.prod.services.orders.capacity: base 7 is more than maximum 6',
  ],
  [
    'a family of another place',
    prod(service({ family: 'orders' })),
    'environments.prod.services.orders.family: orders must begin with acme-prod-, by which roles know it',
  ],
  [
    'a family that begins as its tenant and no more',
    prod(service({ family: 'acme-production-orders' })),
    'environments.prod.services.orders.family: acme-production-orders must begin with acme-prod-, by which roles know it',
  ],
  [
    'a family that is called as those of probes',
    prod(service({ family: 'acme-prod-orders-probe' })),
    'environments.prod.services.orders.family: acme-prod-orders-probe ends with -probe, as families of probes alone do',
  ],
  [
    'a family of whose name no role can be made',
    prod(service({ family: `acme-prod-${'x'.repeat(45)}` })),
    `environments.prod.services.orders.family: acme-prod-${'x'.repeat(45)} makes a role acme-prod-${'x'.repeat(45)}-execution, whose name is longer than the 64 characters that IAM allows`,
  ],
  [
    'a repository of another place',
    prod(service({ repository: 'acme-orders' })),
    'environments.prod.services.orders.repository: acme-orders must lie below acme/, by which roles know it',
  ],
  [
    'a log group of another place',
    prod(service({ logGroup: '/td/acme/production/orders' })),
    'environments.prod.services.orders.logGroup: /td/acme/production/orders must lie below /td/acme/prod/, by which roles know it',
  ],
  [
    'an environment that begins as another one',
    renamed('staging', 'prod-eu'),
    'environments.prod: prod-eu begins with prod-, and so do roles, families and sessions of both; name one of them otherwise',
  ],
  [
    'a cluster of two environments',
    ((contract) => {
      for (const environment of Object.values(contract.environments))
        Object.assign(environment, { cluster: 'acme' });
      return contract;
    })(acme()),
    'environments.staging.cluster: acme is the cluster of prod too; roles know services by their cluster, so each environment needs its own',
  ],
  [
    'names that S3 refuses for a vault',
    renamed('staging', 's'.repeat(21), 't'.repeat(21)),
    `environments.${'s'.repeat(21)}: the vault would be td-vault-${'t'.repeat(21)}-${'s'.repeat(21)}-000011112222, 65 characters of the 63 that S3 allows; shorten the name of the tenant or of the environment`,
  ],
  [
    'no release',
    (({ releases: _, ...contract }) => contract)(acme()),
    'releases: name the releases in use, such as [v1.12.0]; the roles trust their workflows and no other',
  ],
  ['a release twice', { ...acme(), releases: ['v1.2.3', 'v1.2.3'] }, 'releases: v1.2.3 is there twice'],
  [
    'a layer that is not there',
    prod(service({ layer: 'data' })),
    'environments.prod.services.orders.layer: there is no layer data',
  ],
  [
    'a role without approvers',
    prod((now) => ({ approval: { ...now.approval, roles: { customer: [] } } })),
    'environments.prod.approval.required.customer: 1 must approve, but approval.roles.customer names 0',
  ],
  [
    'nobody who must approve',
    prod((now) => ({ approval: { ...now.approval, required: {} } })),
    'environments.prod.approval.required: names no role, so nobody would have to approve',
  ],
  [
    'more approvals than GitHub waits for',
    prod((now) => ({
      approval: { ...now.approval, required: { customer: 1, 'provider-sre': 1 } },
    })),
    'environments.prod.approval.required: asks for 2 people, but GitHub starts the approve job after one approval; more than one is not supported yet',
  ],
  [
    "the bot of every job's token, which anybody may use",
    prod((now) => ({ approval: { ...now.approval, bots: [49_699_333, 41_898_282] } })),
    "environments.prod.approval.bots: 41898282 is github-actions[bot], the bot of every job's GITHUB_TOKEN; anybody who may push a workflow could commit and start runs as it, so it can never be listed",
  ],
  [
    'the account by which GitHub commits',
    prod((now) => ({ approval: { ...now.approval, bots: [19_864_447] } })),
    'environments.prod.approval.bots: 19864447 is web-flow, as which GitHub commits what people merge; it needs no place here',
  ],
  [
    'a bot that would approve',
    prod((now) => ({ approval: { ...now.approval, bots: [200001, 200001] } })),
    'environments.prod.approval.bots: 200001 is in approval.roles too, and a bot approves nothing',
  ],
  [
    'a runner that the workflows do not use',
    { ...acme(), runners: ['ubuntu-24.04', 'self-hosted'] },
    'runners: self-hosted; the workflows run on ubuntu-24.04, others are not supported yet',
  ],
  [
    'an environment of another name',
    prod((now) => ({ protection: { ...now.protection, environment: 'production' } })),
    'environments.prod.protection.environment: must be acme-prod, which the deploy role trusts',
  ],
  [
    'a region of another partition',
    prod(() => ({ region: 'us-gov-west-1' })),
    'environments.prod.region: us-gov-west-1 is in the partition aws-us-gov, the contract in aws',
  ],
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
    'a floor that lets more of the worse pass',
    prod((now) => ({ scanFloor: { ...now.scanFloor, critical: 1 } })),
    'environments.prod.scanFloor.critical: allows more than high does, though it is worse',
  ],
  [
    'a floor that blocks the worse less',
    prod((now) => ({ scanFloor: { ...now.scanFloor, critical: { action: 'warn', graceDays: 3 } } })),
    'environments.prod.scanFloor.critical: blocks less than high does, though it is worse',
  ],
  [
    'terms under which nothing can be waived',
    prod((now) => ({
      scanFloor: { ...now.scanFloor, waivers: { maximumDays: {}, approvers: ['sre-lee'] } },
    })),
    'environments.prod.scanFloor.waivers.maximumDays: names no severity, so nothing can be waived; leave `waivers` out',
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

test('takes environments whose names are alike and begin no other', () => {
  const said = lint(renamed('staging', 'prod2')).filter((problem) => problem.includes('begins with'));
  expect(said).toEqual([]);
});

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

test.each([
  [`base/buildkit@sha256:${'b'.repeat(64)}`, true],
  [`docker.io/moby/buildkit@sha256:${'b'.repeat(64)}`, true],
  [`registry.example:5000/buildkit@sha256:${'b'.repeat(64)}`, true],
  ['docker.io/moby/buildkit:v0.24.0', false],
  [`--privileged@sha256:${'b'.repeat(64)}`, false],
  [`base/buildkit,network=host@sha256:${'b'.repeat(64)}`, false],
])('what builds is named by its bytes: %s', (builder, taken) => {
  const { environments } = acme();
  const contract = { ...acme(), environments: { prod: { ...environments['prod'], build: { builder } } } };
  expect(v.safeParse(TenantContract, contract).success).toBe(taken);
});

test('a port that EC2 does not have, or a range that runs backwards, is named before a template has it', () => {
  const ports = ['8080', '8080-8090', '0-65535', '99999', '8090-8080', '1-70000'];
  const told = lint(
    prod(({ layerEdges }) => ({ layerEdges: layerEdges.map((edge) => ({ ...edge, ports })) })),
  );
  expect(told.filter((line) => line.includes('layerEdges'))).toEqual(
    ['99999', '8090-8080', '1-70000'].map((range) =>
      expect.stringContaining(`${range} is no port and no range of ports`),
    ),
  );
});
