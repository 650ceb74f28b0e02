import type {
  CreateServiceCommandInput,
  CreateServiceCommandOutput,
  DeleteServiceCommandInput,
  DeleteServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import { balancerStore, findRule } from '../../balancer/store.ts';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { BREAKER_OFF } from '../breaker.ts';
import { deletedServices, refuseDraining } from '../deleted-services.ts';
import { describeService } from '../describe-service.ts';
import { engineOf } from '../engine.ts';
import { ROLLING } from '../rollout-plan.ts';
import type { ServiceSettings, ServiceState } from '../state.ts';
import { ecsArn, findTaskDefinition } from '../store.ts';
import { addTags, tagsOf } from '../tags.ts';
import { updated } from '../update.ts';
import { clusterOf, serviceOf, storeOf, subnetsOf } from './find.ts';

const NOTHING: ServiceSettings = {
  controller: 'ECS',
  taskDefinition: '',
  containers: [],
  subnets: [],
  securityGroups: [],
  assignPublicIp: 'DISABLED',
  loadBalancers: [],
  platformVersion: 'LATEST',
  desiredCount: 1,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  breaker: BREAKER_OFF,
  rollout: ROLLING,
  gracePeriodSeconds: 0,
  enableExecuteCommand: false,
  enableManagedTags: false,
  propagateTags: 'NONE',
  zoneRebalancing: 'ENABLED',
};

/** A service on Fargate with its first deployment. The same request again answers the service that it made. */
export function createService(
  {
    serviceName = '',
    clientToken: _,
    launchType,
    schedulingStrategy,
    role,
    tags = [],
    deploymentController,
    ...input
  }: CreateServiceCommandInput,
  call: Call,
): Output<CreateServiceCommandOutput> {
  const { world, account, region } = call;
  const store = storeOf(call);
  const cluster = clusterOf(call, input.cluster);
  const name = `${cluster.name}/${serviceName}`;
  refuseWhatIsNotHere({ launchType, schedulingStrategy, role, deploymentController });
  const request = JSON.stringify({
    ...{ serviceName, launchType, schedulingStrategy, role, tags, deploymentController },
    ...input,
  });
  refuseDraining(call, name);
  const known = store.services[name];
  if (known && known.request !== request) throw invalid('Creation of service was not idempotent.');
  if (known) return { service: { ...describeService(known), tags: tagsOf(store, known.arn) } };
  const balancers = balancerStore(world, account, region);
  const most = input.deploymentConfiguration?.maximumPercent ?? NOTHING.maximumPercent;
  const { settings } = updated(
    // a service that could not start a task beside the others is not rebalanced
    {
      ...NOTHING,
      controller: deploymentController?.type === 'CODE_DEPLOY' ? 'CODE_DEPLOY' : 'ECS',
      zoneRebalancing: most > 100 ? 'ENABLED' : 'DISABLED',
    },
    { ...input, service: serviceName },
    {
      subnets: subnetsOf(call, cluster),
      taskDefinition: (reference) => findTaskDefinition(store, reference),
      targetGroupExists: (arn) => balancers.targetGroups[arn] !== undefined,
      listenerRuleExists: (arn) => findRule(balancers, arn) !== undefined,
    },
  );
  for (const { targetGroupArn } of settings.loadBalancers)
    if (!isUsed(call, targetGroupArn))
      throw invalid(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
  const arn = ecsArn(account, region, `service/${name}`);
  delete deletedServices(call).inactive[name];
  store.services[name] = { ...empty(arn, serviceName, cluster, settings, world.clock.now()), request };
  addTags(store, arn, tags);
  engineOf(world).happen({ account, region, name }, { kind: 'updated', settings, deploy: true });
  const { state } = serviceOf(call, cluster, serviceName);
  return { service: { ...describeService(state), tags: tagsOf(store, arn) } };
}

function refuseWhatIsNotHere({
  launchType,
  schedulingStrategy,
  role,
  deploymentController,
}: Pick<
  CreateServiceCommandInput,
  'launchType' | 'schedulingStrategy' | 'role' | 'deploymentController'
>): void {
  const missing = [
    ...(launchType === 'FARGATE'
      ? []
      : [`services ${launchType ? `of the launch type ${launchType}` : 'without a launch type'}`]),
    ...(schedulingStrategy === 'DAEMON' ? ['schedulingStrategy DAEMON'] : []),
    ...(role === undefined ? [] : ['role']),
    ...(deploymentController?.type === 'EXTERNAL' ? ['deploymentController EXTERNAL'] : []),
  ];
  if (missing.length > 0)
    throw new AwsError(
      'NotImplemented',
      `local-aws does not implement ${missing.join(', ')} of ecs:CreateService.`,
      501,
    );
}

function isUsed({ world, account, region }: Call, targetGroupArn: string): boolean {
  const { balancers } = balancerStore(world, account, region);
  return Object.values(balancers).some(({ listeners }) =>
    listeners.some(({ rules }) => JSON.stringify(rules).includes(targetGroupArn)),
  );
}

function empty(
  arn: string,
  name: string,
  cluster: { readonly name: string; readonly arn: string },
  settings: ServiceSettings,
  createdAt: number,
): ServiceState {
  return {
    arn,
    name,
    cluster: cluster.name,
    clusterArn: cluster.arn,
    createdAt,
    settings,
    deployments: [],
    history: [],
    revisions: [],
    tasks: [],
    events: [],
    traffic: { production: {}, test: {} },
    lastCompleted: undefined,
    steady: false,
    restartAfter: 0,
    lastHost: {},
  };
}

/** Ends the tasks of a service, which drains until none runs and is inactive then. Without force only one that is scaled to zero. */
export function deleteService(
  { cluster: reference, service = '', force = false }: DeleteServiceCommandInput,
  call: Call,
): Output<DeleteServiceCommandOutput> {
  const cluster = clusterOf(call, reference);
  const { state, key } = serviceOf(call, cluster, service);
  if (state.settings.desiredCount > 0 && !force)
    throw invalid('The service cannot be stopped while it is scaled above 0.');
  const engine = engineOf(call.world);
  const deleted = deletedServices(call);
  deleted.draining[key.name] = true;
  const settings = { ...state.settings, desiredCount: 0 };
  const forget = (after: ServiceState) => {
    if (after.tasks.some(({ lastStatus }) => lastStatus !== 'STOPPED')) return;
    unwatch();
    delete storeOf(call).services[key.name];
    delete deleted.draining[key.name];
    deleted.inactive[key.name] = after;
    delete storeOf(call).tags[state.arn];
    call.world.touched();
  };
  const unwatch = engine.watch(key, forget);
  engine.happen(key, { kind: 'updated', settings, deploy: false });
  return { service: { ...describeService(state), status: 'DRAINING' } };
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
