import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { aPart } from './a-part.ts';

export type Environment = TenantContract['environments'][string];
export type Made = Awaited<ReturnType<typeof aPart>>;

export const NETWORK = 'td-acme-prod-network';
export const SERVICE = 'td-acme-prod-orders-0';
export const TAG = 'tenant-delivery:contract';
export const TAGS = { Tags: [{ Key: TAG, Value: 'acme/prod' }] };
export const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/internal/1';
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/orders-0/1';

/** The contract of an environment that somebody made by hand. */
export function byHand(contract: TenantContract): TenantContract {
  const prod = contract.environments['prod'] as Environment; // every contract of these tests has it
  const { network: _, ...rest } = prod;
  const { layer } = Object.values(prod.services)[0] ?? { layer: '' };
  return {
    ...contract,
    environments: {
      prod: {
        ...rest,
        adopt: true,
        vpc: { id: 'vpc-1', cidr: '10.0.0.0/16' },
        layers: { [layer]: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } },
        services: Object.fromEntries(
          Object.entries(prod.services).map(([name, { provision: __, ...service }]) => [name, service]),
        ),
      },
    },
  };
}

/** What is there of it. */
export async function somebodys(
  change: (contract: TenantContract) => TenantContract = (contract) => contract,
): Promise<Made> {
  const made = await aPart((contract) => change(byHand(contract)));
  Object.assign(made.where, { vpc: 'vpc-1', subnets: ['subnet-1', 'subnet-2'], groups: ['sg-1'] });
  const { cluster, loadBalancer, services, zones } = made.contract.environments['prod'] as Environment;
  const [[name, service] = ['', undefined]] = Object.entries(services);
  const { there } = made.cloudformation;
  const has = (type: string, id: string, properties: object) =>
    there.set(`AWS::${type} ${id}`, { ...properties });
  has('EC2::VPC', 'vpc-1', { CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, ...TAGS });
  for (const [i, id] of ['subnet-1', 'subnet-2'].entries())
    has('EC2::Subnet', id, {
      VpcId: 'vpc-1',
      CidrBlock: `10.0.${i}.0/24`,
      AvailabilityZoneId: zones[i],
      ...TAGS,
    });
  has('EC2::SecurityGroup', 'sg-1', { VpcId: 'vpc-1', GroupDescription: 'app', GroupName: 'app', ...TAGS });
  has('ElasticLoadBalancingV2::LoadBalancer', BALANCER, {
    Name: loadBalancer.name,
    Scheme: 'internal',
    ...TAGS,
  });
  has('ECS::Cluster', cluster, { ClusterName: cluster, ...TAGS });
  has('Logs::LogGroup', service?.logGroup ?? '', { LogGroupName: service?.logGroup });
  has('ElasticLoadBalancingV2::TargetGroup', GROUP, {
    Name: service?.targetGroup,
    Port: 8080,
    VpcId: 'vpc-1',
    ...TAGS,
  });
  has('ECS::Service', `arn:aws:ecs:eu-west-1:000011112222:service/${cluster}/${name}|${cluster}`, {
    ServiceName: name,
    LaunchType: 'FARGATE',
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: 'DISABLED',
        Subnets: ['subnet-2', 'subnet-1'],
        SecurityGroups: ['sg-1'],
      },
    },
    ...TAGS,
  });
  has('ApplicationAutoScaling::ScalableTarget', `service/${cluster}/${name}|ecs:service:DesiredCount|ecs`, {
    MinCapacity: service?.capacity.base,
    MaxCapacity: 99,
  });
  return made;
}

export const bodyOf = ({ cloudformation }: Made, name: string) =>
  JSON.parse(cloudformation.find(name)?.body ?? '{}') as {
    Resources: Record<string, { Properties: Record<string, unknown>; DeletionPolicy: string }>;
  };

/** What CloudFormation executed: stack and kind. */
export const executed = ({ cloudformation }: Made) =>
  [...cloudformation.stacks.values()].flatMap(({ name, events }) =>
    events
      .filter(
        ({ logicalId, status }) => logicalId === name && /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/.test(status),
      )
      .map(({ status }) => `${name} ${status.split('_')[0]}`),
  );

/** Takes away what is there with this in its name. */
export const without = (text: string) => (made: Made) => {
  for (const key of made.cloudformation.there.keys())
    if (key.includes(text)) made.cloudformation.there.delete(key);
};
