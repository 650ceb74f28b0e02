import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Observed, ObservedPart, ObservedService } from './observed.ts';
import { type Trusted, trustedBy } from './trusted.ts';

export interface Wanted {
  readonly tenant: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
}

/** A contract as far as an account shows one. */
export interface Draft {
  /** Whole, so that it can be linted and compared; what could not be seen has a value that somebody must replace. */
  readonly contract: TenantContract;
  /** What somebody must write, by its place in the contract, and why. */
  readonly unseen: Readonly<Record<string, string>>;
}

const AGREED = 'it is agreed by people, and nothing in the account says it';
const DERIVED = 'no role names one; this is what it has to be called';
const ATTEMPT = 1; // where only a person knows the number

/** Writes down what was seen as a contract, and lists everything else. */
export function draftContract(wanted: Wanted, observed: Observed): Draft {
  const { tenant: id, environment: name } = wanted;
  const trusted = trustedBy(observed.trusts);
  const at = `environments.${name}`;
  const services = observed.services.map((service) => service.name);
  const owner = trusted.owners[0] ?? 'OWNER';
  return {
    contract: {
      schemaVersion: 1,
      id,
      serial: ATTEMPT,
      expires: '2099-01-01T00:00:00Z',
      account: observed.account,
      partition: observed.partition as TenantContract['partition'], // the schema judges it when the draft is read again
      tier: 'WRITE',
      sla: { availability: 99.9 },
      contacts: { provider: { oncall: 'WRITE' }, customer: { technical: 'WRITE' } },
      repositories: orOne(trusted.repositoryIds).map((repositoryId) => ({
        repository: `${owner}/WRITE`,
        repositoryId,
        ownerId: ATTEMPT,
        services: services.length > 0 ? services : ['write'],
      })),
      operations: {
        repository: `${trusted.operationsOwner ?? 'OWNER'}/WRITE`,
        repositoryId: trusted.operationsId ?? ATTEMPT,
        ownerId: ATTEMPT,
      },
      runners: ['ubuntu-24.04'],
      ...(trusted.releases.length > 0 && { releases: [...trusted.releases] }),
      environments: { [name]: environmentOf(wanted, observed, trusted) },
    },
    unseen: {
      ...agreedByPeople(at, trusted),
      ...missingOf(at, observed),
      ...untagged(at, observed),
      ...observed.unseen,
    },
  };
}

/** A contract names one repository at least. */
function orOne(ids: readonly number[]): readonly number[] {
  return ids.length > 0 ? ids : [ATTEMPT];
}

type EnvironmentDraft = TenantContract['environments'][string];

function environmentOf(
  { region, cluster, tenant, environment }: Wanted,
  observed: Observed,
  trusted: Trusted,
): EnvironmentDraft {
  const { vpc, subnets, securityGroups, balancer, services } = observed;
  const layers = [...new Set(subnets.flatMap(({ layer }) => layer ?? []))];
  const of = (parts: readonly Omit<ObservedPart, 'zone'>[], layer: string) =>
    parts.filter((part) => part.layer === layer).map((part) => part.id);
  return {
    region,
    vpc: { ...(vpc && { id: vpc.id }), cidr: vpc?.cidr ?? '0.0.0.0/0' },
    zones: subnets.length > 0 ? [...new Set(subnets.map(({ zone }) => zone))].sort() : ['write1-az1'],
    layers: Object.fromEntries(
      layers.map((layer) => [
        layer,
        { subnets: of(subnets, layer), securityGroups: of(securityGroups, layer) },
      ]),
    ),
    layerEdges: [],
    cluster,
    loadBalancer: {
      name: balancer?.name ?? 'WRITE',
      scheme: 'internal',
      listenerPort: balancer?.ports[0] ?? 80,
    },
    services: Object.fromEntries(
      services.map((service) => [
        service.name,
        {
          layer: layerOf(service, subnets) ?? 'WRITE',
          repository: service.repository ?? 'write',
          family: service.family,
          ...(service.containers.length > 1 && { container: service.container ?? 'WRITE' }),
          targetGroup: service.targetGroup ?? 'WRITE',
          logGroup: service.logGroup ?? 'WRITE',
          capacity: { base: service.range?.minimum ?? ATTEMPT, maximum: service.range?.maximum ?? ATTEMPT },
        },
      ]),
    ),
    scanFloor: { critical: 0, high: 0, medium: 0, low: 0, informational: 0, unknown: 0 },
    verdictHours: 24,
    approval: {
      environment: trusted.approvalEnvironment ?? `${tenant}-${environment}-approval`,
      days: 7,
      required: { customer: 1 },
      roles: { customer: [ATTEMPT] },
    },
    protection: {
      environment: trusted.deployEnvironment ?? `${tenant}-${environment}`,
      branches: trusted.branches.length > 0 ? [...trusted.branches] : ['main'],
    },
    evidence: { retentionDays: observed.retentionDays ?? ATTEMPT },
  };
}

function layerOf({ subnets: its }: ObservedService, subnets: Observed['subnets']): string | undefined {
  return subnets.find(({ id }) => its.includes(id))?.layer;
}

/** What nobody could place, because the tags that say it are not there. */
function untagged(
  at: string,
  { vpc, subnets, securityGroups, services }: Observed,
): Readonly<Record<string, string>> {
  if (vpc === undefined) return {}; // nobody saw its subnets
  const tags = 'the tags tenant, environment and layer';
  const used = [...new Set(services.flatMap(({ subnets: its }) => its))].join(', ');
  const layers = [...new Set(subnets.flatMap(({ layer }) => layer ?? []))];
  const none = `no subnet of ${vpc.id} has ${tags}; its services use ${used}`;
  return Object.fromEntries([
    ...(subnets.length === 0 ? [[`${at}.layers`, none] as const, [`${at}.zones`, none] as const] : []),
    ...layers
      .filter((layer) => !securityGroups.some((group) => group.layer === layer))
      .map(
        (layer) => [`${at}.layers.${layer}.securityGroups`, `no security group has ${tags} for it`] as const,
      ),
    ...services.flatMap((service) => {
      const layer = layerOf(service, subnets);
      const others = service.subnets.filter((id) => !subnets.some((subnet) => subnet.id === id));
      return layer === undefined || others.length === 0
        ? []
        : [
            [
              `${at}.layers.${layer}.subnets`,
              `${service.name} is in ${others.join(', ')} too, without ${tags}`,
            ] as const,
          ];
    }),
    ...services
      .filter((service) => layerOf(service, subnets) === undefined)
      .map(
        ({ name, subnets: its }) =>
          [`${at}.services.${name}.layer`, `none of its subnets ${its.join(', ')} has ${tags}`] as const,
      ),
  ]);
}

/** What a service has not, or nobody saw. */
function missingOf(at: string, { services }: Observed): Readonly<Record<string, string>> {
  const why = {
    repository: 'its image is not in a repository below the tenant, and none has the name of the service',
    targetGroup: 'the service is on none',
    logGroup: 'its container writes to none of CloudWatch Logs',
    range: 'Application Auto Scaling has none',
  } as const;
  const members = Object.keys(why) as (keyof typeof why)[]; // its own keys
  return Object.fromEntries(
    services.flatMap(({ name, containers, container, ...service }) => {
      const place = `${at}.services.${name}`;
      const among = `its task has ${containers.join(', ')}, and nothing says which of them deliveries bring`;
      return [
        ...members
          .filter((member) => service[member] === undefined)
          .map((member) => [`${place}.${member === 'range' ? 'capacity' : member}`, why[member]] as const),
        ...(container === undefined ? [[`${place}.container`, among] as const] : []),
      ];
    }),
  );
}

function agreedByPeople(at: string, trusted: Trusted): Readonly<Record<string, string>> {
  const agreed = [
    'serial',
    'expires',
    'tier',
    'sla',
    'contacts',
    'runners',
    `${at}.layerEdges`,
    `${at}.scanFloor`,
    `${at}.verdictHours`,
    `${at}.approval.days`,
    `${at}.approval.required`,
    `${at}.approval.roles`,
    `${at}.promotion`,
    `${at}.credentials`,
    `${at}.githubApp`,
    `${at}.breakGlass`,
    `${at}.keys`,
  ];
  const names = 'trust policies name repositories by number, and their owners alone by name';
  return {
    ...Object.fromEntries(agreed.map((path) => [path, AGREED])),
    repositories: `${names}; which services each delivers is agreed by people`,
    operations: names,
    ...(trusted.releases.length === 0 && { releases: 'no role names one' }),
    ...(trusted.branches.length === 0 && { [`${at}.protection.branches`]: 'no role names one' }),
    ...(trusted.approvalEnvironment === undefined && { [`${at}.approval.environment`]: DERIVED }),
    ...(trusted.deployEnvironment === undefined && { [`${at}.protection.environment`]: DERIVED }),
    ...(trusted.repositoryIds.length === 0 && { repositories: 'no role names one' }),
  };
}
