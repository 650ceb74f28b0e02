import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openDeliveryWorld } from '@tenant-delivery/aws/delivery-world';
import { ecsServices } from '@tenant-delivery/aws/ecs-services';
import { elbv2Targets } from '@tenant-delivery/aws/elbv2-targets';
import type { Session } from '@tenant-delivery/aws/session';
import type { VerifyWorld } from './verify-world.ts';

/** The deploy's role signs what was verified; no client that could change a service is made. */
export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  session: Session,
): Promise<VerifyWorld> {
  return {
    ...(await openDeliveryWorld(runner, env, session, 'deploy')),
    services: ecsServices(session, 'deploy'),
    targets: elbv2Targets(session, 'deploy'),
  };
}
