import { scalableTargetsOf } from '../services/application-autoscaling.ts';
import { ec2Of } from '../services/ec2.ts';
import { seedRepository } from '../services/ecr.ts';
import { seedBalancer, seedTargetGroup } from '../services/elasticloadbalancing.ts';
import { seedLogGroup } from '../services/logs.ts';
import type { World } from '../world/world.ts';
import type { SeedService } from './contract.ts';
import type { Place } from './place.ts';

/** What an environment offers to its services: the load balancer, and for each the place where it will run. */
export function seedWorkload(world: World, place: Place, healthPath: string): void {
  const { account, region, environment } = place;
  const services = Object.entries(environment.services);
  seedLoadBalancer(world, place);
  for (const [name, service] of services) {
    seedRepository(world, account, region, service.repository);
    seedLogGroup(world, account, region, { name: service.logGroup, retentionInDays: 365 });
    seedTargetGroup(world, account, region, {
      name: service.targetGroup,
      port: 8080,
      vpcId: environment.vpc.id,
      healthCheck: { path: healthPath },
      balancer: environment.loadBalancer.name,
      rule: services.length === 1 ? 'default' : { paths: [`/${name}/*`] },
    });
    seedCapacity(world, place, name, service);
  }
}

function seedLoadBalancer(world: World, { account, region, environment }: Place): void {
  const { loadBalancer, layers, services, vpc } = environment;
  const [first] = Object.values(services);
  const layer = layers[first?.layer ?? ''];
  const zones = ec2Of(world, account, region).subnets;
  seedBalancer(world, account, region, {
    ...loadBalancer,
    vpcId: vpc.id,
    subnets: (layer?.subnets ?? []).map((id) => ({ id, zone: zones[id]?.zone ?? '' })),
    securityGroups: layer?.securityGroups ?? [],
  });
}

function seedCapacity(world: World, place: Place, name: string, { capacity }: SeedService): void {
  const { account, region, partition, environment } = place;
  const resourceId = `service/${environment.cluster}/${name}`;
  scalableTargetsOf(world, account, region)[resourceId] ??= {
    resourceId,
    minimum: capacity.base,
    maximum: capacity.maximum,
    roleArn: `arn:${partition}:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    created: world.clock.now(),
  };
  world.touched();
}
