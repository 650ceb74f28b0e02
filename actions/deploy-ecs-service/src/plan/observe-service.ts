import type { Failure } from '@tenant-delivery/action-kit/failure';
import type {
  Cluster,
  Service,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment/observed';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { isKnownStrategy } from '@tenant-delivery/deployment/strategies/strategies';
import { containerNames, portsOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import { nearest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';

/** The service as it is, with the revision that it runs: where every plan starts from. */
export interface ObservedService {
  readonly cluster: Cluster;
  readonly service: Service;
  readonly current: TaskDefinition;
}

/** Looks at cluster, service and running revision; throws where no deploy could begin. */
export async function observeService(
  { services }: Pick<DeployPorts, 'services'>,
  { names, target }: ServiceRef,
): Promise<ObservedService> {
  const { cluster: clusterName } = names;
  const name = target.service;
  const [cluster, service] = await Promise.all([
    services.cluster(clusterName),
    services.service(clusterName, name),
  ]);
  if (cluster?.status !== 'ACTIVE') throw failures.clusterNotActive(clusterName, cluster?.status);
  if (service?.status !== 'ACTIVE') throw failures.serviceNotActive(name, clusterName, service?.status);
  const unsupported = whatIsUnsupported(service);
  if (unsupported) throw failures.serviceUnsupported(name, unsupported);
  if (service.desired < 1) throw failures.serviceWithoutTasks(name);
  const current = await services.taskDefinition(service.taskDefinition);
  if (!current)
    throw failures.serviceUnsupported(name, `runs ${service.taskDefinition}, which ECS no longer knows`);
  return { cluster, service, current };
}

function whatIsUnsupported({ controller, strategy }: Service): string | undefined {
  if (controller === 'CODE_DEPLOY') return 'is deployed by CodeDeploy (controller CODE_DEPLOY)';
  if (controller !== 'ECS') return `is deployed by another program (controller ${controller})`;
  if (!isKnownStrategy(strategy)) return `uses the deployment strategy ${strategy}`;
  return undefined;
}

/** What the contract and the manifest say of the task definition that runs, and is not so. */
export function judgeContainer(
  { names: { family }, target: { service } }: Admission,
  container: string,
  current: TaskDefinition,
  request: DeployRequest,
): Failure | undefined {
  if (current.family !== family) return failures.familyMismatch(service, current.family, family);
  if (request.source.kind !== 'running') return undefined; // it says itself which containers it has
  const names = containerNames(current.document);
  return names.includes(container)
    ? undefined
    : failures.containerNotFound(container, current.arn, names, nearest(container, names));
}

export function judgePort(
  container: string,
  port: number,
  document: TaskDefinitionDocument,
): Failure | undefined {
  const ports = portsOf(document, container);
  return ports.includes(port) ? undefined : failures.portNotMapped(container, port, ports);
}
