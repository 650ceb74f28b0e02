import type { Failure } from '@tenant-delivery/action-kit';
import type { Admission } from '@tenant-delivery/delivery';
import {
  type Cluster,
  containerNames,
  portsOf,
  type Service,
  type TaskDefinition,
} from '@tenant-delivery/deployment';
import { nearest } from '@tenant-delivery/domain';
import type { ResolvedService } from '@tenant-delivery/tenancy';
import type { DeployWorld } from './deploy-world.ts';
import { failures } from './failures.ts';

/** The service as it is, with the revision that it runs: where every plan starts from. */
export interface Observed {
  readonly cluster: Cluster;
  readonly service: Service;
  readonly current: TaskDefinition;
}

/** Looks at cluster, service and running revision; throws where a delivery could not begin. */
export async function observe(
  { services }: Pick<DeployWorld, 'services'>,
  admission: Admission,
  resolved: ResolvedService,
): Promise<Observed> {
  const { cluster: clusterName, family } = admission.names;
  const name = admission.target.service;
  const [cluster, service] = await Promise.all([
    services.cluster(clusterName),
    services.service(clusterName, name),
  ]);
  if (cluster?.status !== 'ACTIVE') throw failures.clusterNotActive(clusterName, cluster?.status);
  if (service?.status !== 'ACTIVE') throw failures.serviceNotActive(name, clusterName, service?.status);
  const unsupported = whatIsUnsupported(service);
  if (unsupported) throw failures.serviceUnsupported(name, unsupported);
  const current = await services.taskDefinition(service.taskDefinition);
  if (!current)
    throw failures.serviceUnsupported(name, `runs ${service.taskDefinition}, which ECS no longer knows`);
  const breach = judgeTaskDefinition(name, current, family, resolved);
  if (breach) throw breach;
  return { cluster, service, current };
}

function whatIsUnsupported({ controller, strategy, desired }: Service): string | undefined {
  if (controller !== 'ECS') return `is deployed by ${controller}`;
  if (strategy !== 'ROLLING') return `uses the deployment strategy ${strategy}`;
  return desired < 1 ? 'has a desired count of 0, so that nothing could be verified' : undefined;
}

function judgeTaskDefinition(
  service: string,
  current: TaskDefinition,
  family: string,
  { container }: ResolvedService,
): Failure | undefined {
  if (current.family !== family) return failures.familyMismatch(service, current.family, family);
  const names = containerNames(current.document);
  const name = container.name.value;
  if (!names.includes(name)) {
    return failures.containerNotFound(name, current.arn, names, nearest(name, names));
  }
  const ports = portsOf(current.document, name);
  return ports.includes(container.port.value)
    ? undefined
    : failures.portNotMapped(name, container.port.value, ports);
}
