import type { UpdateServiceCommandInput, UpdateServiceCommandOutput } from '@aws-sdk/client-ecs';
import { balancerStore, findRule } from '../../balancer/store.ts';
import type { Output } from '../../services/output.ts';
import type { Call } from '../../world/service.ts';
import { refuseDeleted } from '../deleted-services.ts';
import { describeService } from '../describe-service.ts';
import { engineOf } from '../engine.ts';
import { findTaskDefinition } from '../store.ts';
import { tagsOf } from '../tags.ts';
import { updated } from '../update.ts';
import { clusterOf, serviceOf, storeOf, subnetsOf } from './find.ts';

export function updateService(
  input: UpdateServiceCommandInput,
  call: Call,
): Output<UpdateServiceCommandOutput> {
  const { world, account, region } = call;
  const store = storeOf(call);
  const balancers = balancerStore(world, account, region);
  const cluster = clusterOf(call, input.cluster);
  refuseDeleted(call, `${cluster.name}/${input.service?.split('/').at(-1)}`);
  const { state, key } = serviceOf(call, cluster, input.service);
  const change = updated(state.settings, input, {
    subnets: subnetsOf(call, cluster),
    taskDefinition: (reference) => findTaskDefinition(store, reference),
    targetGroupExists: (arn) => balancers.targetGroups[arn] !== undefined,
    listenerRuleExists: (arn) => findRule(balancers, arn) !== undefined,
  });
  engineOf(world).happen(key, { kind: 'updated', ...change });
  const after = serviceOf(call, cluster, input.service).state;
  return { service: { ...describeService(after), tags: tagsOf(store, after.arn) } };
}
