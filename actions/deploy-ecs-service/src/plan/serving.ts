import {
  containersOf,
  imageOf,
  portsOf,
  registrationsOf,
  type Service,
  type TaskDefinitionDocument,
} from '@tenant-delivery/deployment';

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
