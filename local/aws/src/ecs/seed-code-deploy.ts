import { seedAlternate } from '../balancer/seed.ts';
import type { World } from '../world/world.ts';
import { BREAKER_OFF } from './breaker.ts';
import { ecsStore } from './store.ts';

/**
 * Makes a seeded service one that CodeDeploy deploys, with the target group that CodeDeploy would bring its next revision into.
 * CodeDeploy's listener rule sends to one of the two, and here to both with a weight of 0 for the other.
 */
export function seedCodeDeploy(
  world: World,
  account: string,
  region: string,
  seed: { readonly cluster: string; readonly service: string },
): { readonly live: string; readonly other: string; readonly rule: string } {
  const service = ecsStore(world, account, region).services[`${seed.cluster}/${seed.service}`];
  const [balancer] = service?.settings.loadBalancers ?? [];
  if (!service || !balancer) throw new Error(`no service "${seed.service}" behind a load balancer`);
  const { targetGroupArn } = balancer;
  const { arn, productionRule } = seedAlternate(world, account, region, {
    of: targetGroupArn,
    name: `${targetGroupArn.split('/')[1]}-alternate`,
  });
  service.settings.controller = 'CODE_DEPLOY';
  service.settings.breaker = BREAKER_OFF;
  world.touched();
  return { live: targetGroupArn, other: arn, rule: productionRule };
}
