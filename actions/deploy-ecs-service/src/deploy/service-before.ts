import { LIST_MARGIN, listableSince } from '@tenant-delivery/deployment/follow/service-deployment';
import type { Visibility } from '@tenant-delivery/deployment/follow/visibility';
import type { Service } from '@tenant-delivery/deployment/observed';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import * as v from 'valibot';
import type { DeployPorts } from '../deploy-world.ts';

/**
 * What ECS listed before a change began to deploy: whatever is listed beside it later was started since. Only ECS's own
 * clock and names are compared, so a runner whose clock is wrong attaches to nothing foreign.
 */
export const ServiceBefore = v.strictObject({
  schemaVersion: v.literal(1),
  taskDefinition: v.string(),
  /** `ecs-svc/…` of the PRIMARY rollout. */
  rollout: v.string(),
  /** Milliseconds of the server's clock from which on service deployments were listed. */
  since: v.number(),
  serviceDeployments: v.array(v.string()),
});

export type ServiceBefore = v.InferOutput<typeof ServiceBefore>;

/** With what was listed to find out how the deployment can be followed; it lists itself otherwise. */
export async function serviceBefore(
  { services, clock }: Pick<DeployPorts, 'services' | 'clock'>,
  { names, target }: ServiceRef,
  { taskDefinition, deployments }: Service,
  visibility?: Visibility,
): Promise<ServiceBefore> {
  const primary = deployments.find((each) => each.primary);
  if (!primary) throw new TypeError('ECS described a service without a PRIMARY deployment');
  const since = visibility?.since ?? listableSince(primary.createdAt - LIST_MARGIN, clock.now());
  const listed = visibility?.listed ?? (await services.deployments(names.cluster, target.service, since));
  return {
    schemaVersion: 1,
    taskDefinition,
    rollout: primary.id,
    since,
    serviceDeployments: listed.map(({ arn }) => arn),
  };
}
