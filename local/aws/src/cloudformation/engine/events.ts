import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { World } from '../../world/world.ts';
import { STACK_TYPE, type Stack, type StackResource } from '../state.ts';

/** Sets a stack's status, with the event that says so. */
export function setStatus(world: World, stack: Stack, status: StackStatus, reason?: string): void {
  const at = Math.round(world.clock.now());
  stack.status = status;
  stack.reason = reason;
  if (status === 'DELETE_COMPLETE') stack.deleted = at;
  stack.events.push({
    id: randomUUID(),
    at,
    logicalId: stack.name,
    physicalId: stack.id,
    type: STACK_TYPE,
    status: status as ResourceStatus, // every status of a stack that an event carries is one of a resource too
    ...(reason !== undefined && { reason }),
    ...(stack.operation?.token !== undefined && { token: stack.operation.token }),
  });
  world.touched();
}

/** Sets a resource's status, with the event that says so. */
export function setResourceStatus(
  world: World,
  stack: Stack,
  resource: StackResource,
  status: ResourceStatus,
  reason?: string,
): void {
  const at = Math.round(world.clock.now());
  resource.status = status;
  resource.reason = reason;
  resource.updated = at;
  stack.events.push({
    id: `${resource.logicalId}-${status}-${randomUUID()}`,
    at,
    logicalId: resource.logicalId,
    physicalId: resource.physicalId ?? '',
    type: resource.type,
    status,
    properties: JSON.stringify(resource.properties),
    ...(reason !== undefined && { reason }),
    ...(stack.operation?.token !== undefined && { token: stack.operation.token }),
  });
  world.touched();
}
