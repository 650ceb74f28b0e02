import { registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { Service, TaskDefinitionDocument } from '@tenant-delivery/deployment/observed';
import { containersOf, imageOf, portsOf } from '@tenant-delivery/deployment/task-definition/task-definition';

/** The container that a service is known by, where nobody has agreed on one. */
export interface Serving {
  readonly container: string;
  readonly image: string;
  /** 0 when it takes no requests. */
  readonly port: number;
}

/** The container behind the load balancer, or else the first that the task cannot do without. */
export function servingOf({ document }: Pick<Service, 'document'>, wanted: TaskDefinitionDocument): Serving {
  const [registered] = registrationsOf(document);
  const containers = containersOf(wanted);
  const essential = containers.find((each) => each['essential'] !== false) ?? containers[0];
  const container = registered?.container ?? String(essential?.['name'] ?? '');
  return {
    container,
    image: imageOf(wanted, container) ?? '',
    port: registered?.port ?? portsOf(wanted, container)[0] ?? 0,
  };
}
