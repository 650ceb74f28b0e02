import { AwsError, type Call } from '../world/service.ts';
import type { ServiceState } from './state.ts';

/**
 * "Services in the DRAINING or INACTIVE status can still be viewed with the DescribeServices API operation" (DeleteService,
 * Amazon ECS API Reference). By `cluster/service`.
 */
interface DeletedServices {
  /** Those whose tasks still end. The store of ECS has them until none runs. */
  readonly draining: Record<string, true>;
  /** As they were at their end. */
  readonly inactive: Record<string, ServiceState>;
}

export function deletedServices({ world, account, region }: Call): DeletedServices {
  return world.state<DeletedServices>('ecs-deleted', account, region, () => ({ draining: {}, inactive: {} }));
}

/** A service of that name that has come to its end, by name or by ARN. */
export function inactiveService(call: Call, cluster: string, reference: string): ServiceState | undefined {
  return Object.values(deletedServices(call).inactive).find(
    (one) => one.cluster === cluster && (one.name === reference || one.arn === reference),
  );
}

/** A new service may take the name of one that has ended, and not of one that still drains. */
export function refuseDraining(call: Call, name: string): void {
  if (deletedServices(call).draining[name])
    throw new AwsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
}

/** "The specified service isn't active. You can't update a service that's inactive" (UpdateService, Errors). */
export function refuseDeleted(call: Call, name: string): void {
  const { draining, inactive } = deletedServices(call);
  if (draining[name] || inactive[name])
    throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
}
