import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { ENDPOINTS, type NetworkAgreement } from '@tenant-delivery/tenancy/network-agreement';

/** How much a contract has of what documents are made of. */
export interface Shape {
  readonly services: number;
  readonly repositories: number;
  readonly releases: number;
  /** Names of the greatest length that AWS, GitHub and the contract allow, and every kind of credential. */
  readonly longest: boolean;
}

export const SHAPES: Readonly<Record<string, Shape>> = {
  '1/1/1': { services: 1, repositories: 1, releases: 1, longest: false },
  '1/1/2, longest names': { services: 1, repositories: 1, releases: 2, longest: true },
  '5/5/2': { services: 5, repositories: 5, releases: 2, longest: false },
  '20/10/3': { services: 20, repositories: 10, releases: 3, longest: false },
  '20/10/3, longest names': { services: 20, repositories: 10, releases: 3, longest: true },
};

/** A provider whose name is as long as GitHub allows, 39 characters. */
export const LONGEST_PROVIDER = `${long('provider', 39)}/tenant-delivery`;

/** A contract of that shape with one environment, `prod` or as long. Its repositories are of one owner beside the provider. */
export function contractOfSize({ services, repositories, releases, longest }: Shape): TenantContract {
  const name = (short: string, length: number) => (longest ? long(short, length) : short);
  const tenant = name('acme', 21);
  const environment = name('prod', 19); // the vault's name has 63 characters then
  const [owner, provider] = [name('acme', 39), name('provider', 39)];
  const each = Array.from({ length: services }, (_, i) => name(`orders-${i}`, 40));
  return {
    schemaVersion: 1,
    id: tenant,
    serial: 1,
    expires: '2027-11-30T00:00:00Z',
    account: '000011112222',
    partition: longest ? 'aws-us-gov' : 'aws',
    tier: 'gold',
    sla: { availability: 99.9 },
    contacts: { provider: {}, customer: {} },
    releases: Array.from({ length: releases }, (_, i) => (longest ? `v100.100.10${i}` : `v1.12.${i}`)),
    repositories: Array.from({ length: repositories }, (_, i) => ({
      repository: `${owner}/${name(`repository-${i}`, 100)}`,
      repositoryId: 9_000_000_000 + i,
      ownerId: 9_000_000_000,
      services: each.filter((_, of) => of % repositories === i),
    })),
    operations: {
      repository: `${provider}/tenant-operations`,
      repositoryId: 9_100_000_000,
      ownerId: 9_100_000_000,
    },
    runners: ['ubuntu-24.04'],
    environments: {
      [environment]: {
        ...surroundings(longest ? 'us-gov-east-1' : 'eu-west-1'),
        cluster: name('acme-prod', 255),
        services: Object.fromEntries(
          each.map((one, index) => [one, serviceOf([tenant, environment], one, index + 1)]),
        ),
        ...agreement(`${tenant}-${environment}`, longest ? ['main', long('release', 60)] : ['main']),
        ...(longest && everyKind(tenant, environment)),
        ...(longest && recoveredIn('us-gov-west-1')),
      },
    },
  };
}

type Environment = TenantContract['environments'][string];

/** What is there before a service: a network of three layers in three zones, a balancer and the image of probes. */
function surroundings(region: string) {
  const zones = ['az1', 'az2', 'az3'];
  const prefix = region === 'eu-west-1' ? 'euw1' : 'usge1';
  const subnet = (layer: number, zone: number) => `subnet-0123456789abcd${layer}${zone}f`;
  return {
    region,
    vpc: { id: 'vpc-0123456789abcdef0', cidr: '10.0.0.0/16' },
    zones: zones.map((zone) => `${prefix}-${zone}`),
    layers: Object.fromEntries(
      ['edge', 'app', 'data'].map((layer, i) => [
        layer,
        { subnets: zones.map((_, zone) => subnet(i, zone)), securityGroups: ['sg-0123456789abcdef0'] },
      ]),
    ),
    layerEdges: [
      { from: 'edge', to: 'app', ports: ['8080-8099'], protocol: 'tcp' },
      { from: 'hq', to: 'edge', ports: ['443'], protocol: 'tcp' },
    ],
    network: networkOf(zones.length),
    loadBalancer: { name: 'internal', scheme: 'internal', listenerPort: 80 },
    probe: { image: `base/node@sha256:${'0'.repeat(64)}` },
  } satisfies Partial<Environment>;
}

function serviceOf(
  [tenant, environment]: readonly [tenant: string, environment: string],
  service: string,
  priority: number,
): Environment['services'][string] {
  return {
    layer: 'app',
    repository: `${tenant}/${service}`,
    family: `${tenant}-${environment}-${service}`,
    targetGroup: 'orders',
    logGroup: `/td/${tenant}/${environment}/${service}`,
    capacity: { base: 2, maximum: 6 },
    provision: {
      port: 8080,
      healthPath: '/health',
      route: { priority, paths: [`/${service}/*`] },
      size: { cpu: 256, memory: 512 },
      scaleOn: { cpu: 60, memory: 70, requests: 1000 },
    },
  };
}

/** What is agreed about findings, approvals and evidence. */
function agreement(prefix: string, branches: string[]) {
  const unlimited = 'unlimited';
  return {
    scanFloor: { critical: 0, high: 0, medium: 0, low: unlimited, informational: unlimited, unknown: 0 },
    verdictHours: 24,
    approval: { environment: `${prefix}-approval`, days: 7, required: { customer: 1 }, roles: {} },
    protection: { environment: prefix, branches },
    evidence: { retentionDays: 2555 },
  } satisfies Partial<Environment>;
}

/** Three layers; one leads out, one to the customer's premises. */
function networkOf(zones: number): NetworkAgreement {
  const ranges = (third: number) => Array.from({ length: zones }, (_, zone) => `10.0.${third + zone}.0/24`);
  return {
    layers: {
      edge: { cidrs: ranges(0), egress: 'none' },
      app: { cidrs: ranges(10), egress: 'nat' },
      data: { cidrs: ranges(20), egress: 'none' },
    },
    nat: { per: 'zone', cidrs: ranges(30) },
    endpoints: { layer: 'app', services: [...ENDPOINTS] },
    balancer: { layer: 'edge' },
    links: {
      hq: { peer: '203.0.113.10', asn: 65_010, routing: 'static', cidrs: ['192.168.0.0/16'] },
    },
    flowLogDays: 365,
  };
}

/** One credential of each kind that has a role, an App, and a role for incidents. */
function everyKind(tenant: string, environment: string) {
  const secret = (of: string) => long(`${of}/${environment}`, 100);
  return {
    githubApp: { id: 77, key: secret('td/rotation') },
    credentials: [
      {
        id: 'ci',
        kind: 'iam-access-key',
        user: `td-rotatable/${long('ci', 64)}`,
        escrow: secret('td/rotation'),
        consumers: [],
      },
      { id: 'db', kind: 'secrets-manager', secret: secret('td') },
      { id: 'hub', kind: 'pull-through', secret: secret('ecr-pullthroughcache') },
      {
        id: 'hq',
        kind: 'vpn-psk',
        vpn: 'vpn-0123456789abcdef0',
        peer: '203.0.113.10',
        escrow: secret('td/rotation'),
      },
    ] as Environment['credentials'], // what documents are made of, and no more
    breakGlass: {
      id: 'break-glass',
      role: long('break-glass', 64),
      principals: {},
      minutes: 60,
      approval: { environment: `${tenant}-${environment}-break-glass`, reviewers: 2 },
    },
  };
}

/** What makes the documents of a contract larger by all that another region keeps. */
export function recoveredIn(region: string): Pick<Environment, 'registry' | 'recovery'> {
  return {
    registry: { replicatedTo: [region] },
    recovery: {
      region,
      backup: { schedule: 'cron(0 3 * * ? *)', days: 35 },
      copies: { days: 90 },
      notify: ['sre@example.com', 'operations@example.com'],
    },
  };
}

/** As many characters as that, beginning with `name`. */
function long(name: string, length: number): string {
  return name.padEnd(length, 'x').slice(0, length);
}
