import type {
  ContinueServiceDeploymentCommandInput,
  ContinueServiceDeploymentCommandOutput,
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsCommandOutput,
  DescribeServiceRevisionsCommandInput,
  DescribeServiceRevisionsCommandOutput,
  ListServiceDeploymentsCommandInput,
  ListServiceDeploymentsCommandOutput,
  StopServiceDeploymentCommandInput,
  StopServiceDeploymentCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { briefDeployment, describeRevision, describeServiceDeployment } from '../describe-deployment.ts';
import { revisionArn } from '../describe-service.ts';
import { engineOf } from '../engine.ts';
import type { ServiceState } from '../state.ts';
import { clusterOf, serviceOf, storeOf } from './find.ts';
import { page } from './page.ts';

/** ECS keeps this history for 90 days and refuses to be asked for more. */
const KEPT = 90 * 24 * 3_600_000;

export function listServiceDeployments(
  input: ListServiceDeploymentsCommandInput,
  call: Call,
): Output<ListServiceDeploymentsCommandOutput> {
  const { state } = serviceOf(call, clusterOf(call, input.cluster), input.service);
  const { after, before } = input.createdAt ?? {};
  const now = call.world.clock.now();
  if (after && after.getTime() < now - KEPT) {
    throw new AwsError('InvalidParameterException', 'createdAt.after cannot be more than 90 days ago.');
  }
  const history = state.settings.controller === 'ECS' ? state.history : [];
  const fitting = history.filter(
    (one) =>
      now - one.createdAt < KEPT &&
      (!after || one.createdAt > after.getTime()) &&
      (!before || one.createdAt < before.getTime()) &&
      (!input.status || input.status.length === 0 || input.status.includes(one.status)),
  );
  const { items, next } = page(fitting, { maxResults: 20, ...input });
  return { serviceDeployments: items.map((one) => briefDeployment(state, one)), ...next };
}

export function describeServiceDeployments(
  { serviceDeploymentArns }: DescribeServiceDeploymentsCommandInput,
  call: Call,
): Output<DescribeServiceDeploymentsCommandOutput> {
  const found = (serviceDeploymentArns ?? []).map((arn) => ({
    arn,
    deployment: findDeployment(call, arn),
  }));
  return {
    serviceDeployments: found.flatMap(({ deployment }) =>
      deployment ? describeServiceDeployment(deployment.service, deployment.one) : [],
    ),
    failures: found.filter(({ deployment }) => !deployment).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

export function describeServiceRevisions(
  { serviceRevisionArns }: DescribeServiceRevisionsCommandInput,
  call: Call,
): Output<DescribeServiceRevisionsCommandOutput> {
  const services = Object.values(storeOf(call).services);
  const found = (serviceRevisionArns ?? []).map((arn) => ({
    arn,
    described: services.flatMap((service) =>
      service.revisions
        .filter((revision) => revisionArn(service, revision.id) === arn)
        .map((revision) => describeRevision(service, revision)),
    ),
  }));
  return {
    serviceRevisions: found.flatMap(({ described }) => described),
    failures: found
      .filter(({ described }) => described.length === 0)
      .map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
}

/** Works whether or not a rollback is configured; what is over can't be stopped, what is stopping goes on doing so. */
export function stopServiceDeployment(
  { serviceDeploymentArn = '', stopType = 'ROLLBACK' }: StopServiceDeploymentCommandInput,
  call: Call,
): Output<StopServiceDeploymentCommandOutput> {
  if (stopType !== 'ROLLBACK' && stopType !== 'ABORT') {
    throw new AwsError('InvalidParameterException', `The stop type ${stopType} is not valid.`);
  }
  const found = findDeployment(call, serviceDeploymentArn);
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { status } = found.one;
  if (['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'].includes(status)) {
    throw new AwsError('ConflictException', `The service deployment is ${status} and cannot be stopped.`);
  }
  if (['PENDING', 'IN_PROGRESS'].includes(status)) {
    if (stopType === 'ROLLBACK' && found.service.lastCompleted === undefined) {
      throw new AwsError('ConflictException', 'No completed service deployment was found to roll back to.');
    }
    const kind = stopType === 'ROLLBACK' ? 'rollback-requested' : 'abort-requested';
    engineOf(call.world).happen(keyOf(call, found.service), {
      kind,
      serviceDeployment: serviceDeploymentArn,
    });
  }
  return { serviceDeploymentArn };
}

/** Ends a pause. The operation knows no conflict: what can't be continued is an invalid parameter. */
export function continueServiceDeployment(
  { serviceDeploymentArn = '', hookId = '', action = 'CONTINUE' }: ContinueServiceDeploymentCommandInput,
  call: Call,
): Output<ContinueServiceDeploymentCommandOutput> {
  const invalid = (message: string) => new AwsError('InvalidParameterException', message);
  if (action !== 'CONTINUE' && action !== 'ROLLBACK') throw invalid(`The action ${action} is not valid.`);
  const found = findDeployment(call, serviceDeploymentArn);
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { status, hooks } = found.one;
  const hook = hooks.find(({ id }) => id === hookId);
  if (!hook) throw invalid(`The service deployment has no lifecycle hook ${hookId}.`);
  if (status !== 'IN_PROGRESS') {
    throw invalid(`The service deployment is ${status}; only one that is IN_PROGRESS can be continued.`);
  }
  if (hook.status !== 'AWAITING_ACTION') {
    throw invalid(`The lifecycle hook ${hookId} is ${hook.status} and awaits no action.`);
  }
  if (action === 'ROLLBACK' && found.service.lastCompleted === undefined) {
    throw invalid('No completed service deployment was found to roll back to.');
  }
  engineOf(call.world).happen(keyOf(call, found.service), {
    kind: 'hook-answered',
    serviceDeployment: serviceDeploymentArn,
    hook: hookId,
    action,
  });
  return { serviceDeploymentArn };
}

function keyOf({ account, region }: Call, { cluster, name }: ServiceState) {
  return { account, region, name: `${cluster}/${name}` };
}

function findDeployment(call: Call, arn: string) {
  return Object.values(storeOf(call).services)
    .map((service) => ({ service, one: service.history.find((deployment) => deployment.arn === arn) }))
    .flatMap(({ service, one }) => (one ? { service, one } : []))[0];
}
