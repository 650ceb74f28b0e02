import type { Service } from '@tenant-delivery/deployment/observed';
import type { ApplyWorld } from '../src/ports.ts';
import type { ACloudFormation } from './a-cloudformation.ts';

const DOCUMENT = {
  networkMode: 'awsvpc',
  containerDefinitions: [{ name: 'orders-0', portMappings: [{ containerPort: 8080 }] }],
};
const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/internal/1';

/** What ECS, the balancer and EC2 say beside CloudFormation, where all is as agreed until a test changes it. */
export function anAccount({ lifted }: Pick<ACloudFormation, 'lifted'>) {
  /** What ECS says of services, by name. */
  const services = new Map<string, Partial<Service>>();
  const newest = new Map<string, string>();
  const tunnels = { up: true, told: true };
  /** Alarms that ring, by name; every other is OK. */
  const ringing = new Map<string, string>();
  /** Ids of the region's zones, as EC2 has them. */
  const zones = ['euw1-az1', 'euw1-az2', 'euw1-az3'];
  /** Where load balancer and service are. */
  const where = { vpc: 'vpcid-1', subnets: ['subnetsapp-1'], groups: ['groupappid-1'] };
  const health = { zones: ['a', 'b', 'c'] as readonly string[] };
  const trail = new Map<string, { at: number; by: string; call: string }>();

  const reads: ApplyWorld['services'] = {
    service: async (_, name) => services.get(name) as Service | undefined,
    taskDefinition: async (family) => {
      const arn = newest.get(family);
      return arn === undefined ? undefined : { arn, family, active: true, tags: [], document: DOCUMENT };
    },
    tasks: async () => health.zones.map((zone, i) => ({ address: `10.0.10.${i}`, zone }) as never), // what a look at health reads
  };
  const looks: Pick<ApplyWorld, 'services' | 'targets' | 'surroundings' | 'tunnels'> = {
    services: reads,
    targets: {
      targetGroup: async () => undefined,
      targets: async () =>
        health.zones.map((_, i) => ({ address: `10.0.10.${i}`, state: 'healthy' }) as never), // as above
    },
    surroundings: {
      balancer: async (name) => ({
        arn: `arn:${name}`,
        name,
        scheme: 'internal',
        vpc: where.vpc,
        state: 'active',
      }),
      targetGroups: async (arns) =>
        arns.map((arn) => ({ arn, name: 'orders', type: 'ip', vpc: where.vpc, balancers: [BALANCER] })),
      subnets: async (ids) => ids.map((id) => ({ id, vpc: where.vpc, zoneId: 'euw1-az1', free: 200 })),
      role: async () => undefined,
      logGroupExists: async () => true,
    },
    tunnels: { tunnels: async () => (tunnels.told ? [{ outside: '203.0.113.1', up: tunnels.up }] : []) },
  };
  const balancers: ApplyWorld['balancers'] = {
    lift: async (name) => {
      lifted.push(name);
      return 'done';
    },
    protect: async (name) => {
      lifted.splice(0, lifted.length, ...lifted.filter((each) => each !== name));
      return 'done';
    },
  };
  /** What ECS has once the stack of the service is made. */
  const runService = (revision = 1, desired = 2) => {
    const arn = `arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders-0:${revision}`;
    newest.set('acme-prod-orders-0', arn);
    newest.set(arn, arn);
    services.set('orders-0', {
      status: 'ACTIVE',
      taskDefinition: arn,
      desired,
      document: {
        networkConfiguration: {
          awsvpcConfiguration: { subnets: where.subnets, securityGroups: where.groups },
        },
        loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'orders-0', containerPort: 8080 }],
      },
      breaker: { enabled: true, rollback: true },
    });
  };
  const alarms = () => ({
    alarms: async (names: readonly string[]) =>
      names.map((name) => ({
        ...{ name, reason: ringing.get(name), since: undefined },
        state: ringing.has(name) ? 'ALARM' : 'OK',
      })),
  });
  return {
    ringing,
    alarms,
    services,
    newest,
    tunnels,
    zones,
    where,
    health,
    trail,
    reads,
    looks,
    balancers,
    runService,
  };
}
