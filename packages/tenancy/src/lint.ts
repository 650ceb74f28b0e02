import { partitionOf } from '@tenant-delivery/domain';
import { lintFloor } from '@tenant-delivery/findings/lint-floor';
import { approvalEnvironments } from './break-glass.ts';
import { completeEnvironment } from './complete-environment.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { lintAdoption } from './lint-adoption.ts';
import { lintApproval } from './lint-approval.ts';
import { lintBreakGlass } from './lint-break-glass.ts';
import { lintCredentials } from './lint-credentials.ts';
import { lintKeys } from './lint-keys.ts';
import { lintNetwork, lintRoutes } from './lint-network.ts';
import { lintPlaces } from './lint-places.ts';
import { lintPremises } from './lint-premises.ts';
import { lintRecovery } from './lint-recovery.ts';
import { lintZones } from './lint-zones.ts';
import { repeated, unless } from './problems.ts';

/** A contract and its file. */
export interface ContractFile {
  readonly file: string;
  readonly contract: TenantContract;
}

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

function lintEnvironment(
  contract: TenantContract,
  name: string,
  environment: EnvironmentContract,
): readonly string[] {
  const { region, zones, layers, layerEdges, services, protection } = environment;
  const partition = partitionOf(region);
  const subnets = Object.values(layers).flatMap((layer) => layer.subnets ?? []);
  const deploys = `${contract.id}-${name}`;
  return [
    ...unless(
      partition === contract.partition,
      `region: ${region} is in the partition ${partition}, the contract in ${contract.partition}`,
    ),
    ...unless(new Set(zones).size >= 2, 'zones: there must be at least two'),
    ...lintIds(environment),
    ...repeated(zones).map((zone) => `zones: ${zone} is there twice`),
    ...repeated(subnets).map((subnet) => `layers: ${subnet} is there twice`),
    ...layerEdges.flatMap(({ from, to }) =>
      [from, to]
        .filter((end) => !layers[end] && !environment.network?.links?.[end])
        .map((end) => `layerEdges: there is no layer ${end}`),
    ),
    ...Object.entries(services).flatMap(([service, agreement]) => [
      ...unless(
        layers[agreement.layer] !== undefined,
        `services.${service}.layer: there is no layer ${agreement.layer}`,
      ),
      ...unless(
        layerEdges.some((edge) => edge.to === agreement.layer),
        `services.${service}.layer: no edge leads into ${agreement.layer}, so nothing could reach the service`,
      ),
      ...unless(
        agreement.capacity.base <= agreement.capacity.maximum,
        `services.${service}.capacity: base ${agreement.capacity.base} is more than maximum ${agreement.capacity.maximum}`,
      ),
    ]),
    ...(['repository', 'family', 'targetGroup', 'logGroup'] as const).flatMap((resource) =>
      repeated(Object.values(services).map((agreement) => agreement[resource])).map(
        (shared) => `services: two share the ${resource} ${shared}`,
      ),
    ),
    ...unless(
      protection.environment === deploys,
      `protection.environment: must be ${deploys}, which the deploy role trusts`,
    ),
    ...lintFloor(environment.scanFloor).map((problem) => `scanFloor.${problem}`),
    ...lintApproval(environment, `${deploys}-approval`),
    ...lintBreakGlass(contract, name, environment),
    ...lintSources(contract, name, environment),
    ...lintRegistry(contract, environment),
    ...lintZones(environment),
    ...lintNetwork(environment),
    ...lintRecovery(contract, name, environment),
    ...lintRoutes(environment),
  ];
}

/** Ids are outputs of the stacks where a provider makes the network. Where nobody here makes it, they must be there. */
function lintIds(environment: EnvironmentContract): readonly string[] {
  if (environment.network !== undefined) return [];
  const found = completeEnvironment(environment);
  return 'missing' in found
    ? found.missing.map((path) => `${path}: is missing; without \`network\`, name what is there`)
    : [];
}

/** Where versions come from: another environment of this contract, and for recovery another region. */
function lintSources(
  { environments }: TenantContract,
  name: string,
  { promotion, dr, region }: EnvironmentContract,
): readonly string[] {
  const another = (path: string, from: string | undefined) =>
    from === undefined
      ? []
      : unless(
          from !== name && environments[from] !== undefined,
          `${path}: ${from} is no other environment of this contract`,
        );
  const recovered = dr && environments[dr.recovers];
  const copied = recovered?.registry?.replicatedTo ?? [];
  return [
    ...another('promotion.from', promotion?.from),
    ...another('dr.recovers', dr?.recovers),
    ...unless(
      recovered?.region !== region || dr?.recovers === name,
      `dr.recovers: ${dr?.recovers} is in ${region} too, and a failure of the region would take both`,
    ),
    ...unless(
      recovered === undefined || recovered.region === region || copied.includes(region),
      `dr.recovers: environments.${dr?.recovers}.registry.replicatedTo does not name ${region}, so its images need not be here when it fails`,
    ),
  ];
}

function lintRegistry(
  { partition }: TenantContract,
  { region, registry: { encryption, createIfMissing, replicatedTo = [] } = {} }: EnvironmentContract,
): readonly string[] {
  const key = encryption && 'key' in encryption ? encryption.key : undefined;
  return [
    ...repeated(replicatedTo).map((twice) => `registry.replicatedTo: ${twice} is there twice`),
    ...replicatedTo
      .filter((to) => to === region)
      .map((to) => `registry.replicatedTo: ${to} is the region of the environment itself`),
    ...replicatedTo
      .filter((to) => partitionOf(to) !== partition)
      .map((to) => `registry.replicatedTo: ${to} is in the partition ${partitionOf(to)}`),
    ...unless(
      createIfMissing !== true || encryption !== undefined,
      'registry.createIfMissing: a repository is only made with what the contract says, so registry.encryption must say how',
    ),
    ...unless(
      key === undefined || key.split(':')[3] === region,
      `registry.encryption.key: must be a key of ${region}`,
    ),
  ];
}

/** What belongs to one tenant alone. */
const OWNED: Readonly<Record<string, (contract: TenantContract) => readonly (string | number)[]>> = {
  'tenant id': ({ id }) => [id],
  account: ({ account }) => [account],
  VPC: ({ environments }) => Object.values(environments).flatMap(({ vpc }) => vpc.id ?? []),
  subnet: (contract) => layersOf(contract).flatMap(({ subnets = [] }) => subnets),
  'security group': (contract) => layersOf(contract).flatMap(({ securityGroups = [] }) => securityGroups),
  // its key is in the account of a tenant, whose administrator could reach what it reaches
  'GitHub App': ({ environments }) =>
    Object.values(environments).flatMap(({ githubApp }) => githubApp?.id ?? []),
  // in the operations repository: the environment b of acme-a is called as a-b of acme, and so are the sessions of both
  'GitHub environment': ({ environments }) =>
    Object.values(environments).flatMap(({ approval, protection, breakGlass }) => [
      approval.environment,
      `${approval.environment}-second`,
      protection.environment,
      ...(breakGlass ? approvalEnvironments(breakGlass) : []),
    ]),
  'repository id': ({ repositories }) => repositories.map(({ repositoryId }) => repositoryId),
};

function layersOf({ environments }: TenantContract) {
  return Object.values(environments).flatMap(({ layers }) => Object.values(layers));
}

function lintUniqueness(files: readonly ContractFile[]): readonly string[] {
  return Object.entries(OWNED).flatMap(([what, owned]) => {
    const owners = new Map<string | number, string>();
    return files.flatMap(({ file, contract }) =>
      [...new Set(owned(contract))].flatMap((thing) => {
        const owner = owners.get(thing);
        owners.set(thing, owner ?? file);
        return owner === undefined ? [] : [`${file}: the ${what} ${thing} is ${owner}'s already`];
      }),
    );
  });
}
