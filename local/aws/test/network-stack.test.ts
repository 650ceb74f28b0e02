import {
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpnConnectionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { contractOfSize, SHAPES, type Shape } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { ACCOUNT, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

jest.setTimeout(60_000); // a NAT gateway takes minutes, which are seconds here

let stage: StackStage;
let ec2: EC2Client;
beforeAll(async () => {
  stage = await stackStage();
  const credentials = stage.aws.addAccount(ACCOUNT);
  ec2 = new EC2Client({ endpoint: stage.aws.url, region: REGION, credentials, maxAttempts: 1 });
});
afterAll(() => stage.aws.close());

const CONTRACT = contractOfSize(SHAPES['1/1/1'] as Shape);

/** The network stack of a contract, as far as EC2 makes it: balancer, cluster and roles have suites of their own. */
function networkOf(contract: TenantContract) {
  const released = { provider: 'OWNER/tenant-delivery', releases: [], publishers: [] };
  const stacks = stacksOf(contract, 'prod', renderEnvironment(contract, 'prod', released));
  const { Resources } = stacks.find(({ name }) => name.endsWith('-network'))?.template ?? {};
  const own = Object.entries(Resources ?? {}).filter(([, { Type }]) => /^AWS::(EC2|Logs)::/.test(Type));
  const role = { DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/flow-logs` };
  return {
    Resources: Object.fromEntries(
      own.map(([id, one]) => [
        id,
        id === 'FlowLog' ? { ...one, Properties: { ...one.Properties, ...role } } : one,
      ]),
    ),
  };
}

function withEdge(edge: TenantContract['environments'][string]['layerEdges'][number]): TenantContract {
  const { prod } = CONTRACT.environments;
  if (!prod) throw new Error('it has an environment');
  return { ...CONTRACT, environments: { prod: { ...prod, layerEdges: [...prod.layerEdges, edge] } } };
}

describe('the network stack of a contract', () => {
  it('is made whole, each layer in each zone, each zone with a way out of its own', async () => {
    await stage.plan('network', networkOf(CONTRACT), { ChangeSetType: 'CREATE' });
    expect((await stage.execute('network')).StackStatus).toBe('CREATE_COMPLETE');
    const { Subnets = [] } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'tag:layer', Values: ['app'] }] }),
    );
    expect(Subnets.map(({ AvailabilityZoneId }) => AvailabilityZoneId)).toEqual([
      'euw1-az1',
      'euw1-az2',
      'euw1-az3',
    ]);
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
    const zoneOf = (subnet: string | undefined) =>
      ec2
        .send(new DescribeSubnetsCommand({ SubnetIds: [subnet ?? ''] }))
        .then((answer) => answer.Subnets?.[0]?.AvailabilityZoneId);
    for (const { SubnetId, AvailabilityZoneId } of Subnets) {
      const { RouteTables } = await ec2.send(
        new DescribeRouteTablesCommand({
          Filters: [{ Name: 'association.subnet-id', Values: [SubnetId ?? ''] }],
        }),
      );
      const out = RouteTables?.[0]?.Routes?.find((route) => route.DestinationCidrBlock === '0.0.0.0/0');
      const nat = NatGateways.find(({ NatGatewayId }) => NatGatewayId === out?.NatGatewayId);
      expect([out?.State, nat?.State, await zoneOf(nat?.SubnetId)]).toEqual([
        'active',
        'available',
        AvailabilityZoneId,
      ]);
    }
  });

  it('gets a rule of the layer matrix by a change of one rule at each end, and loses it again', async () => {
    const edge = { from: 'app', to: 'data', ports: ['5432'], protocol: 'tcp' as const };
    await stage.plan('network', networkOf(withEdge(edge)));
    const { Changes = [] } = await stage.client.send(
      new DescribeChangeSetCommand({ StackName: 'network', ChangeSetName: 'plan' }),
    );
    expect(
      Changes.map(({ ResourceChange: one }) => `${one?.Action} ${one?.LogicalResourceId}`).sort(),
    ).toEqual(['Add AppToDataTcp5432In', 'Add AppToDataTcp5432Out']);
    const ports = async () => {
      const { SecurityGroups } = await ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['acme-prod-data'] }] }),
      );
      return SecurityGroups?.[0]?.IpPermissions?.map(({ FromPort }) => FromPort);
    };
    expect((await stage.execute('network')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await ports()).toEqual([5432]);
    await stage.plan('network', networkOf(CONTRACT));
    expect((await stage.execute('network')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await ports()).toEqual([]);
  });

  it('goes, and leaves what the template keeps: VPC, subnets, addresses and links', async () => {
    const { Stacks } = await stage.client.send(new DescribeStacksCommand({ StackName: 'network' }));
    await stage.client.send(new DeleteStackCommand({ StackName: 'network' }));
    expect((await stage.settled(Stacks?.[0]?.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses.map(({ AssociationId }) => AssociationId)).toEqual([undefined, undefined, undefined]);
    const { VpnConnections } = await ec2.send(new DescribeVpnConnectionsCommand({}));
    expect(VpnConnections?.map(({ State }) => State)).toEqual(['available']);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    expect(Subnets).toHaveLength(12);
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    expect(SecurityGroups.map(({ GroupName }) => GroupName)).toEqual(['default']);
  });
});

it('a stack with one range outside its VPC says which, and leaves nothing', async () => {
  const { prod } = CONTRACT.environments;
  if (!prod?.network) throw new Error('it has a network');
  const { edge, ...layers } = prod.network.layers;
  if (!edge) throw new Error('it has a layer edge');
  const cidrs = ['10.9.0.0/24', ...edge.cidrs.slice(1)];
  const wrong = { ...prod, network: { ...prod.network, layers: { ...layers, edge: { ...edge, cidrs } } } };
  const count = async () => (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.length;
  const before = await count();
  const template = networkOf({ ...CONTRACT, id: 'globex', environments: { prod: wrong } });
  await stage.plan('wrong', template, { ChangeSetType: 'CREATE' });
  const done = await stage.execute('wrong');
  const failed = await failuresOf('wrong');
  expect(done.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(failed).toContainEqual(
    expect.stringMatching(/^SubnetEdgeEuw1Az1 CREATE_FAILED .*The CIDR '10\.9\.0\.0\/24' is invalid\./),
  );
  expect(await count()).toBe(before);
});

/** `LogicalId STATUS reason` of all that failed: a stack as large as this has more events than a page. */
async function failuresOf(StackName: string): Promise<readonly string[]> {
  const failed: string[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents(
    { client: stage.client },
    { StackName },
  ))
    for (const { LogicalResourceId, ResourceStatus, ResourceStatusReason } of StackEvents)
      if (ResourceStatus?.endsWith('_FAILED'))
        failed.push(`${LogicalResourceId} ${ResourceStatus} ${ResourceStatusReason}`);
  return failed;
}
