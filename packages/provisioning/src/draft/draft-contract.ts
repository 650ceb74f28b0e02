import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Observed, ObservedPart } from './observed.ts';
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
      repositories: trusted.repositoryIds.map((repositoryId) => ({
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
    unseen: { ...agreedByPeople(at, trusted), ...missingOf(at, observed), ...observed.unseen },
  };
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
          layer: subnets.find(({ id }) => service.subnets.includes(id))?.layer ?? 'WRITE',
          repository: service.repository ?? 'write',
          family: service.family,
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

/** What a service has not, or nobody saw. */
function missingOf(at: string, { services }: Observed): Readonly<Record<string, string>> {
  const why = {
    repository: 'its image is not in a repository below the tenant, and none has the name of the service',
    targetGroup: 'the service is on none',
    logGroup: 'its first container writes to none',
    range: 'Application Auto Scaling has none',
  } as const;
  const members = Object.keys(why) as (keyof typeof why)[]; // its own keys
  return Object.fromEntries(
    services.flatMap((service) =>
      members
        .filter((member) => service[member] === undefined)
        .map((member) => [
          `${at}.services.${service.name}.${member === 'range' ? 'capacity' : member}`,
          why[member],
        ]),
    ),
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
  };
}
