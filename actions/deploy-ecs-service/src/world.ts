import type { Runner } from '@tenant-delivery/action-kit/runner';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling/range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { ecrRepository } from '@tenant-delivery/aws/ecr/repository';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import type { ServiceClearance } from '@tenant-delivery/aws/ecs/cleared-service';
import { ecsDeployer } from '@tenant-delivery/aws/ecs/deployer';
import { ecsRevisions } from '@tenant-delivery/aws/ecs/revisions';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { ecsTags } from '@tenant-delivery/aws/ecs/tags';
import { ecsTaskRunner } from '@tenant-delivery/aws/ecs/task-runner';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { logsTail } from '@tenant-delivery/aws/logs/tail';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import type { AmbientSession } from '@tenant-delivery/aws/session/ambient-session';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import type { AloneWorld, DeployWorld } from './deploy-world.ts';
import type { GivenAlone } from './request/read-given.ts';

/** The gate's role plans: it can change nothing in ECS. The deploy's role deploys, and only what was cleared. */
export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  session: Session,
  role: 'gate' | 'deploy',
): Promise<DeployWorld> {
  return {
    ...(await openDeliveryWorld(runner, env, session, role)),
    ...portsOf(runner, session, role),
    credentialsUntil: 'renewed', // by a fresh token of the job
  };
}

/** With the credentials that the job has. Both modes have the same, so mode plan is held to reading by what it calls. */
export async function openAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: Pick<GivenAlone, 'account' | 'region' | 'credentials-until'>,
): Promise<AloneWorld> {
  const { ambientSession } = await import('@tenant-delivery/aws/session/ambient-session'); // which a delivery never loads
  const session = await ambientSession(runner, env, given);
  return {
    runner,
    clock: session.clock,
    identity: session.identity,
    ...portsOf(runner, session, 'deploy'),
    tags: ecsTags(session, 'deploy'),
    repositories: ecrRepository(session, 'deploy'),
    credentialsUntil: given['credentials-until'] ?? session.credentialsUntil,
  };
}

/** Everything that a deploy reads from AWS, and the deployer, which needs a clearance to change a service. */
function portsOf(runner: Runner, session: Session | AmbientSession, role: 'gate' | 'deploy') {
  const { account } = 'identity' in session ? session.identity : session.target;
  return {
    region: session.region,
    local: session.local,
    services: ecsServices(session, role),
    targets: elbv2Targets(session, role),
    scaling: autoscalingRange(session, role),
    logs: logsTail(session, role),
    images: ecrInspections({ ...session, target: { account } }, role),
    surroundings: preflightReader(session, role),
    alarms: cloudwatchAlarms(session, role),
    workspace: workspaceAt(runner.context.workspace),
    revisions: ecsRevisions(session, role),
    deployer: (clearance: ServiceClearance) => ecsDeployer(session, clearance, session.clock.now()),
    tasks: (clearance: ServiceClearance) => ecsTaskRunner(session, clearance, session.clock.now()),
  };
}
