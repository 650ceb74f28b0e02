import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { seedAlternate } from '../balancer/seed.ts';
import type { World } from '../world/world.ts';
import { rolloutSettings } from './deployment-configuration.ts';
import type { LoadBalancer } from './state.ts';
import { ecsStore } from './store.ts';

export interface StrategySeed {
  readonly cluster: string;
  readonly service: string;
  /** As UpdateService takes it: strategy, bake time, hooks. */
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** Host header of test traffic; without one there is none. */
  readonly testHost?: string;
}

/**
 * Makes a seeded service one that deploys by shifting traffic, as if it had been provisioned so: a second target group
 * `<name>-alternate` beside its own, in the same listener rule, and the pair in its load balancer. It begins no deployment.
 */
export function seedStrategy(
  world: World,
  account: string,
  region: string,
  seed: StrategySeed,
): LoadBalancer {
  const service = ecsStore(world, account, region).services[`${seed.cluster}/${seed.service}`];
  const [balancer] = service?.settings.loadBalancers ?? [];
  if (!service || !balancer) throw new Error(`no service "${seed.service}" behind a load balancer`);
  const { targetGroupArn } = balancer;
  const { arn, productionRule, testRule } = seedAlternate(world, account, region, {
    of: targetGroupArn,
    name: `${targetGroupArn.split('/')[1]}-alternate`,
    ...(seed.testHost === undefined ? {} : { testHost: seed.testHost }),
  });
  const paired: LoadBalancer = {
    ...balancer,
    advancedConfiguration: {
      alternateTargetGroupArn: arn,
      productionListenerRule: productionRule,
      ...(testRule === undefined ? {} : { testListenerRule: testRule }),
      roleArn: `arn:aws:iam::${account}:role/ecsInfrastructureRole`,
    },
  };
  Object.assign(service.settings, rolloutSettings(seed.deploymentConfiguration));
  service.settings.loadBalancers = [paired];
  service.revisions = service.revisions.map((revision) => ({ ...revision, loadBalancers: [paired] }));
  world.touched();
  return paired;
}
