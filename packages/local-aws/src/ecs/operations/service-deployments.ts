import type {
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
import { atMost, clusterOf, serviceOf, storeOf } from './find.ts';
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
  const fitting = state.history.filter(
    (one) =>
      now - one.createdAt < KEPT &&
      (!after || one.createdAt > after.getTime()) &&
      (!before || one.createdAt < before.getTime()) &&
      (!input.status || input.status.length === 0 || input.status.includes(one.status)),
  );
  const { items, next } = page(fitting, input);
  return { serviceDeployments: items.map((one) => briefDeployment(state, one)), ...next };
}

export function describeServiceDeployments(
  { serviceDeploymentArns }: DescribeServiceDeploymentsCommandInput,
  call: Call,
): Output<DescribeServiceDeploymentsCommandOutput> {
  const found = atMost(20, serviceDeploymentArns, 'serviceDeploymentArns').map((arn) => ({
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
  const found = atMost(20, serviceRevisionArns, 'serviceRevisionArns').map((arn) => ({
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

/** Works whether or not a rollback is configured; what is over can't be stopped. */
export function stopServiceDeployment(
  { serviceDeploymentArn = '', stopType = 'ROLLBACK' }: StopServiceDeploymentCommandInput,
  call: Call,
): Output<StopServiceDeploymentCommandOutput> {
  if (stopType !== 'ROLLBACK') {
    throw new AwsError(
      'InvalidParameterException',
      `local-aws does not support the stop type ${stopType}; use ROLLBACK.`,
    );
  }
  const found = findDeployment(call, serviceDeploymentArn);
  if (!found) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  const { status } = found.one;
  if (['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'].includes(status)) {
    throw new AwsError('ConflictException', `The service deployment is ${status} and cannot be stopped.`);
  }
  if (['PENDING', 'IN_PROGRESS'].includes(status)) {
    if (found.service.lastCompleted === undefined) {
      throw new AwsError('ConflictException', 'No completed service deployment was found to roll back to.');
    }
    const name = `${found.service.cluster}/${found.service.name}`;
    const key = { account: call.account, region: call.region, name };
    engineOf(call.world).happen(key, { kind: 'rollback-requested', serviceDeployment: serviceDeploymentArn });
  }
  return { serviceDeploymentArn };
}

function findDeployment(call: Call, arn: string) {
  return Object.values(storeOf(call).services)
    .map((service) => ({ service, one: service.history.find((deployment) => deployment.arn === arn) }))
    .flatMap(({ service, one }) => (one ? { service, one } : []))[0];
}
