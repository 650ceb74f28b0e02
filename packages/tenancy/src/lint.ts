import type { TenantContract } from './contract.ts';
import { lintAdoption } from './lint-adoption.ts';
import { lintCredentials } from './lint-credentials.ts';
import { lintEnvironment } from './lint-environment.ts';
import { lintKeys } from './lint-keys.ts';
import { lintPlaces } from './lint-places.ts';
import { lintPremises } from './lint-premises.ts';
import { type ContractFile, lintUniqueness } from './lint-uniqueness.ts';
import { repeated, unless } from './problems.ts';

/** What the schema cannot see: everything that is wrong in the contracts, alone and beside one another. */
export function lintContracts(files: readonly ContractFile[], now: number): readonly string[] {
  return [
    ...files.flatMap(({ file, contract }) =>
      lintContract(contract, now).map((problem) => `${file}: ${problem}`),
    ),
    ...lintUniqueness(files),
  ];
}

const RUNNER = 'ubuntu-24.04'; // `runs-on` of deliver.yml, rollback.yml and release-gate.yml

function lintContract(contract: TenantContract, now: number): readonly string[] {
  const environments = Object.entries(contract.environments);
  return [
    ...unless(Date.parse(contract.expires) > now, `expires: ${contract.expires} has passed`),
    ...unless(environments.length > 0, 'environments: there is none'),
    ...lintRepositories(contract),
    ...lintCredentials(contract),
    ...lintKeys(contract),
    ...lintReleases(contract),
    ...lintPublishers(contract),
    ...lintPlaces(contract),
    ...lintAdoption(contract),
    ...lintPremises(contract),
    ...contract.runners
      .filter((runner) => runner !== RUNNER)
      .map((runner) => `runners: ${runner}; the workflows run on ${RUNNER}, others are not supported yet`),
    ...environments.flatMap(([name, environment]) =>
      lintEnvironment(contract, name, environment).map((problem) => `environments.${name}.${problem}`),
    ),
  ];
}

function lintRepositories({ repositories, operations, environments }: TenantContract): readonly string[] {
  const agreed = new Set(Object.values(environments).flatMap(({ services }) => Object.keys(services)));
  const delivered = new Set(repositories.flatMap(({ services }) => services));
  const ids = [...repositories.map(({ repositoryId }) => repositoryId), operations.repositoryId];
  return [
    ...repeated(ids).map((id) => `repositories: the repository id ${id} is there twice`),
    ...[...delivered]
      .filter((service) => !agreed.has(service))
      .map((service) => `repositories: ${service} is a service of no environment`),
    ...[...agreed]
      .filter((service) => !delivered.has(service))
      .map((service) => `repositories: none may deliver ${service}`),
  ];
}

/** The stacks of an environment hold the vault, and only these roles may publish into it. */
function lintPublishers({ publishers = [], environments }: TenantContract): readonly string[] {
  const provisioned = Object.entries(environments).filter(
    ([, { network, services }]) =>
      network !== undefined || Object.values(services).some(({ provision }) => provision !== undefined),
  );
  if (provisioned.length === 0) return [];
  const names = provisioned.map(([name]) => name).join(', ');
  return unless(
    publishers.length > 0,
    `publishers: name the roles that publish contracts, by their ARNs; without them the foundation of ${names} cannot be provisioned`,
  );
}

function lintReleases({ releases = [] }: TenantContract): readonly string[] {
  return [
    ...unless(
      releases.length > 0,
      'releases: name the releases in use, such as [v1.12.0]; the roles trust their workflows and no other',
    ),
    ...repeated(releases).map((release) => `releases: ${release} is there twice`),
  ];
}
