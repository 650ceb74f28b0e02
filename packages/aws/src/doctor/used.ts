import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { AccountReader, Used } from '@tenant-delivery/provisioning/doctor/ports';
import { ec2Client } from '../ec2/ec2-client.ts';
import { ecrClient } from '../ecr/ecr-client.ts';
import { oneOrMissing } from '../ecs/described.ts';
import { ecsClient } from '../ecs/ecs-client.ts';
import { elbClient } from '../elb/elb-client.ts';
import { elbv2, identityOf } from '../elb/elbv2.ts';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';

type Counts = Readonly<
  Record<Parameters<AccountReader['used']>[0], (where: Parameters<AccountReader['used']>[1]) => Promise<Used>>
>;

/** How many there are of what AWS limits, each by one list of AWS. */
export function usedIn(config: ClientConfig): AccountReader['used'] {
  const counts: Counts = { ...ofNetworks(config), ...ofBalancers(config), ...ofContainers(config) };
  return (what, where) => counts[what](where);
}

const inRegion = (rows: readonly unknown[]): Used => ({ '': rows.length });

type OfNetworks =
  | 'vpcs'
  | 'internet-gateways'
  | 'nat-gateways'
  | 'addresses'
  | 'security-groups'
  | 'security-group-rules'
  | 'customer-gateways'
  | 'vpn-gateways';

function ofNetworks(config: ClientConfig): Pick<Counts, OfNetworks> {
  const ec2 = ec2Client(config);
  const groups = once(() => {
    const pages = ec2.pages((sdk, client) => sdk.paginateDescribeSecurityGroups({ client }, {}));
    return everyRow('ec2:DescribeSecurityGroups', pages, 'SecurityGroups');
  });
  return {
    vpcs: async () => {
      const pages = ec2.pages((sdk, client) => sdk.paginateDescribeVpcs({ client }, {}));
      const found = await everyRow('ec2:DescribeVpcs', pages, 'Vpcs');
      return inRegion(found);
    },
    'internet-gateways': async () => {
      const pages = ec2.pages((sdk, client) => sdk.paginateDescribeInternetGateways({ client }, {}));
      const found = await everyRow('ec2:DescribeInternetGateways', pages, 'InternetGateways');
      return inRegion(found);
    },
    'nat-gateways': () => natGateways(ec2),
    addresses: async () => {
      const sent = ec2.send((sdk) => new sdk.DescribeAddressesCommand({}));
      const { Addresses } = await translated('ec2:DescribeAddresses', sent);
      return inRegion(required(Addresses, 'Addresses'));
    },
    'security-groups': async () => inRegion(await groups()),
    'security-group-rules': async () =>
      Object.fromEntries(
        (await groups()).map((group) => [
          required(group.GroupId, 'SecurityGroups[].GroupId'),
          Math.max(rulesOf(group.IpPermissions), rulesOf(group.IpPermissionsEgress)),
        ]),
      ),
    'customer-gateways': async () => {
      const sent = ec2.send((sdk) => new sdk.DescribeCustomerGatewaysCommand({}));
      const { CustomerGateways } = await translated('ec2:DescribeCustomerGateways', sent);
      return inRegion(required(CustomerGateways, 'CustomerGateways').filter(isThere));
    },
    'vpn-gateways': async () => {
      const sent = ec2.send((sdk) => new sdk.DescribeVpnGatewaysCommand({}));
      const { VpnGateways } = await translated('ec2:DescribeVpnGateways', sent);
      return inRegion(required(VpnGateways, 'VpnGateways').filter(isThere));
    },
  };
}

/** EC2 still lists a gateway for a while after its deletion. */
function isThere({ State }: { readonly State?: string | undefined }): boolean {
  return State !== 'deleted';
}

/** By zone. A regional one is in no subnet and counts against a quota of its own. */
async function natGateways(ec2: ReturnType<typeof ec2Client>): Promise<Used> {
  const Filter = [{ Name: 'state', Values: ['pending', 'available', 'deleting'] }]; // those count, says "NAT gateways" of the quotas
  const natPages = ec2.pages((sdk, client) => sdk.paginateDescribeNatGateways({ client }, { Filter }));
  const subnetPages = ec2.pages((sdk, client) => sdk.paginateDescribeSubnets({ client }, {}));
  const [gateways, subnets] = await Promise.all([
    everyRow('ec2:DescribeNatGateways', natPages, 'NatGateways'),
    everyRow('ec2:DescribeSubnets', subnetPages, 'Subnets'),
  ]);
  const zones = new Map(subnets.map(({ SubnetId, AvailabilityZoneId }) => [SubnetId, AvailabilityZoneId]));
  const used: Record<string, number> = {};
  for (const { SubnetId } of gateways) {
    if (SubnetId === undefined) continue;
    const zone = required(zones.get(SubnetId), `the zone of ${SubnetId}`);
    used[zone] = (used[zone] ?? 0) + 1;
  }
  return used;
}

/** IPv4 and IPv6 count apart, and a rule for a group or a prefix list counts for both. A prefix list weighs more than one; how much is not told here. */
function rulesOf(permissions: SecurityGroup['IpPermissions'] = []): number {
  const count = (of: 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds' | 'UserIdGroupPairs') =>
    permissions.reduce((sum, permission) => sum + (permission[of]?.length ?? 0), 0);
  return (
    Math.max(count('IpRanges'), count('Ipv6Ranges')) + count('UserIdGroupPairs') + count('PrefixListIds')
  );
}

function ofBalancers(
  config: ClientConfig,
): Pick<Counts, 'load-balancers' | 'target-groups' | 'listener-rules'> {
  const elb = elbClient(config);
  return {
    'load-balancers': async () => {
      const pages = elb.pages((sdk, client) => sdk.paginateDescribeLoadBalancers({ client }, {}));
      const found = await everyRow('elasticloadbalancing:DescribeLoadBalancers', pages, 'LoadBalancers');
      return inRegion(found.filter(({ Type }) => Type === 'application'));
    },
    'target-groups': async () => {
      const pages = elb.pages((sdk, client) => sdk.paginateDescribeTargetGroups({ client }, {}));
      const found = await everyRow('elasticloadbalancing:DescribeTargetGroups', pages, 'TargetGroups');
      return inRegion(found);
    },
    'listener-rules': async ({ loadBalancer }) => {
      const asked = elbv2(config);
      const found = await asked.loadBalancer(loadBalancer);
      if (found === undefined) return {};
      const listeners = await asked.listeners(identityOf(found).arn);
      const rules = listeners.flatMap(({ rules }) => rules).filter(({ IsDefault }) => !IsDefault);
      return { [loadBalancer]: rules.length };
    },
  };
}

function ofContainers(config: ClientConfig): Pick<Counts, 'services' | 'repositories'> {
  const ecs = ecsClient(config);
  const ecr = ecrClient(config);
  return {
    services: async ({ cluster }) => {
      const sent = ecs.send((sdk) => new sdk.DescribeClustersCommand({ clusters: [cluster] }));
      const { clusters, failures } = await translated('ecs:DescribeClusters', sent);
      const found = oneOrMissing(clusters, failures, `the cluster ${cluster}`);
      return found ? { [cluster]: required(found.activeServicesCount, 'activeServicesCount') } : {};
    },
    repositories: async () => {
      const pages = ecr.pages((sdk, client) =>
        sdk.paginateDescribeRepositories({ client, pageSize: 1000 }, {}),
      );
      const found = await everyRow('ecr:DescribeRepositories', pages, 'repositories');
      return inRegion(found);
    },
  };
}

/** One answer for all who ask. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
