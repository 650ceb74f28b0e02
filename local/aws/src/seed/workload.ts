import { scalableTargetsOf } from '../services/application-autoscaling.ts';
import { ec2Of } from '../services/ec2.ts';
import {
  ecrState,
  replicationOf,
  seedBaseImages,
  seedRepository,
  seedScanning,
  signingOf,
} from '../services/ecr.ts';
import { seedCluster, seedService } from '../services/ecs.ts';
import { seedBalancer, seedTargetGroup } from '../services/elasticloadbalancing.ts';
import { seedLogGroup } from '../services/logs.ts';
import { seedSecret } from '../services/secretsmanager.ts';
import { seedParameter } from '../services/ssm.ts';
import type { World } from '../world/world.ts';
import type { SeedService } from './contract.ts';
import { type Place, tagsOf } from './place.ts';

const PORT = 8080; // of the container, until a manifest says otherwise

/**
 * What an environment runs before the first delivery: cluster, load balancer, and each service of the contract with a
 * placeholder that answers every request.
 */
export async function seedWorkload(world: World, place: Place, healthPath: string): Promise<void> {
  const { account, region, environment } = place;
  const services = Object.entries(environment.services);
  const { current } = await seedBaseImages(world, account, region);
  const known = Object.values(ec2Of(world, account, region).subnets);
  seedCluster(world, account, region, { name: environment.cluster, subnets: known, tags: tagsOf(place) });
  seedLoadBalancer(world, place);
  seedRegistry(world, place);
  for (const [name, service] of services) {
    const { encryption } = environment.registry ?? {};
    const repository = seedRepository(world, account, region, service.repository, {
      scanOnPush: false, // a rule of the registry covers it
      ...(encryption && { encryption }),
    });
    repository.resourceTags = { ...repository.resourceTags, ...tagsOf(place) };
    seedLogGroup(world, account, region, { name: service.logGroup, retentionInDays: 365 });
    const { arn: targetGroupArn } = seedTargetGroup(world, account, region, {
      name: service.targetGroup,
      port: PORT,
      vpcId: environment.vpc.id,
      healthCheck: { path: healthPath },
      balancer: environment.loadBalancer.name,
      rule: services.length === 1 ? 'default' : { paths: [`/${name}/*`] },
      tags: tagsOf(place),
    });
    seedSecrets(world, place, name);
    seedCapacity(world, place, name, service);
    seedService(world, account, region, {
      name,
      cluster: environment.cluster,
      family: service.family,
      container: { name, port: PORT },
      image: `${new URL(world.url).host}/base/node@${current}`,
      subnets: environment.layers[service.layer]?.subnets ?? [],
      securityGroups: environment.layers[service.layer]?.securityGroups ?? [],
      targetGroupArn,
      logGroup: service.logGroup,
      desiredCount: service.capacity.base,
      executionRoleArn: place.taskRoleArn(service.family, 'execution'),
      taskRoleArn: place.taskRoleArn(service.family, 'task'),
      tags: tagsOf(place),
    });
  }
}

/** What the registry does after a push, by the contract. It scans on push, unless somebody has configured it otherwise. */
function seedRegistry(world: World, { account, region, environment }: Place): void {
  if (ecrState(world, account, region).scanning.rules.length === 0)
    seedScanning(world, account, region, 'BASIC', 'SCAN_ON_PUSH');
  const { replicatedTo = [], signingProfile } = environment.registry ?? {};
  const { regions } = replicationOf(world, account, region);
  regions.push(...replicatedTo.filter((to) => !regions.includes(to)));
  if (signingProfile === undefined) return;
  const filters = Object.values(environment.services).map(({ repository }) => repository);
  const signing = signingOf(world, account, region);
  const others = signing.rules.filter(({ signingProfileArn }) => signingProfileArn !== signingProfile);
  signing.rules = [...others, { signingProfileArn: signingProfile, filters }];
}

function seedLoadBalancer(world: World, place: Place): void {
  const { account, region, environment } = place;
  const { loadBalancer, layers, services, vpc } = environment;
  const [first] = Object.values(services);
  const layer = layers[first?.layer ?? ''];
  const zones = ec2Of(world, account, region).subnets;
  seedBalancer(world, account, region, {
    ...loadBalancer,
    vpcId: vpc.id,
    subnets: (layer?.subnets ?? []).map((id) => ({ id, zone: zones[id]?.zone ?? '' })),
    securityGroups: layer?.securityGroups ?? [],
    tags: tagsOf(place),
  });
}

/** What a release of the service may ask for as secrets: a JSON secret and a parameter. */
function seedSecrets(world: World, place: Place, service: string): void {
  const { account, region } = place;
  seedSecret(world, account, region, {
    name: `td/${place.name}/${service}/database`,
    value: JSON.stringify({ username: service, password: `not-a-secret-of-${service}` }),
    description: `Where ${service} keeps its data`,
    tags: tagsOf(place),
  });
  seedParameter(world, account, region, { name: `/td/${place.name}/${service}/api-key`, value: 'not-a-key' });
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
