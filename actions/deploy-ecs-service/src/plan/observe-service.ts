import type { Failure } from '@tenant-delivery/action-kit/failure';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type {
  Cluster,
  Service,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment/observed';
import { familyOf } from '@tenant-delivery/deployment/plain-names';
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
  /** The newest revision of the family: mostly the same. An attempt that died may have registered another one. */
  readonly newest: TaskDefinition | undefined;
}

/** Looks at cluster, service and running revision; throws where no deploy could begin. */
export async function observeService(
  services: DeployPorts['services'],
  { names, target }: ServiceRef,
): Promise<ObservedService> {
  const { cluster: clusterName, family } = names;
  const name = target.service;
  const [cluster, service, agreed] = await inOrder([
    services.cluster(clusterName),
    services.service(clusterName, name),
    family === undefined ? undefined : services.taskDefinition(family),
  ]);
  if (cluster?.status !== 'ACTIVE') throw failures.clusterNotActive(clusterName, cluster?.status);
  if (service?.status !== 'ACTIVE') throw failures.serviceNotActive(name, clusterName, service?.status);
  const unsupported = whatIsUnsupported(service);
  if (unsupported) throw failures.serviceUnsupported(name, unsupported);
  if (service.desired < 1) throw failures.serviceWithoutTasks(name);
  const runs = service.taskDefinition;
  const newest = family === undefined ? await services.taskDefinition(familyOf(runs)) : agreed;
  const current = newest?.arn === runs ? newest : await services.taskDefinition(runs);
  if (!current) throw failures.serviceUnsupported(name, `runs ${runs}, which ECS no longer knows`);
  return { cluster, service, current, newest };
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
