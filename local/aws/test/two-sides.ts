import type {
  DeploymentConfiguration,
  DescribeServiceRevisionsCommandOutput,
  ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { DescribeRulesCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { seedStrategy } from '../src/services/ecs.ts';
import { elasticloadbalancing } from '../src/services/elasticloadbalancing.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, ask, manualWorld, REGION, withOrders } from './manual-world.ts';

/** The service `orders`, deploying with this configuration behind a pair of target groups. */
export async function ordersWith(deploymentConfiguration: DeploymentConfiguration, testHost?: string) {
  const world = manualWorld();
  await withOrders(world);
  const balancer = seedStrategy(world, ACCOUNT, REGION, {
    cluster: 'acme-prod',
    service: 'orders',
    deploymentConfiguration,
    ...(testHost === undefined ? {} : { testHost }),
  });
  const api = ecsApi(world);
  const rule = async (RuleArn: string | undefined) => {
    const { Rules } = await ask<DescribeRulesCommandOutput>(
      elasticloadbalancing.operations['DescribeRules'],
      { RuleArns: [RuleArn] },
      world.call,
    );
    const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return Object.fromEntries(
      groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn?.split('/')[1] ?? '', Weight]),
    );
  };
  return {
    world,
    api,
    weights: () => rule(balancer.advancedConfiguration?.productionListenerRule),
    testWeights: () => rule(balancer.advancedConfiguration?.testListenerRule),
    running: async () => {
      const tasks = await api.tasks();
      return tasks.map(({ containers }) => containers?.[0]?.imageDigest?.at(-1)).sort();
    },
    group: async (revision: string | undefined) => {
      const { serviceRevisions } = await api.call<DescribeServiceRevisionsCommandOutput>(
        'DescribeServiceRevisions',
        { serviceRevisionArns: [revision] },
      );
      return serviceRevisions?.[0]?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn?.split('/')[1];
    },
    /** What the API shows from second to second, each change once. */
    follow: async (seconds: number, show: (one: ServiceDeployment) => string) => {
      const seen: string[] = [];
      for (let second = 0; second < seconds; second += 1) {
        await world.run(1);
        const now = show(await api.latest());
        if (seen.at(-1) !== now) seen.push(now);
      }
      return seen;
    },
  };
}

export type Orders = Awaited<ReturnType<typeof ordersWith>>;

export const stage = ({ lifecycleStage, status }: ServiceDeployment) => lifecycleStage ?? status ?? '';
export const target = ({ targetServiceRevision: one }: ServiceDeployment) =>
  one?.requestedProductionTrafficWeight;
export const source = ({ sourceServiceRevisions: all }: ServiceDeployment) =>
  all?.[0]?.requestedProductionTrafficWeight;

/** Lets time pass until the deployment is at a stage. */
export async function until({ world, api }: Orders, wanted: string): Promise<ServiceDeployment> {
  for (let second = 0; second < 7_200; second += 1) {
    const now = await api.latest();
    if (stage(now) === wanted) return now;
    await world.run(1);
  }
  throw new Error(`never at ${wanted}`);
}
