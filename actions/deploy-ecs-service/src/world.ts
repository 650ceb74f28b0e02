import type { Runner } from '@tenant-delivery/action-kit/runner';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { autoscalingRange } from '@tenant-delivery/aws/autoscaling-range';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch-alarms';
import { openDeliveryWorld } from '@tenant-delivery/aws/delivery-world';
import { ecsDeployer } from '@tenant-delivery/aws/ecs-deployer';
import { ecsRevisions } from '@tenant-delivery/aws/ecs-revisions';
import { ecsServices } from '@tenant-delivery/aws/ecs-services';
import { ecsTaskRunner } from '@tenant-delivery/aws/ecs-task-runner';
import { elbv2Targets } from '@tenant-delivery/aws/elbv2-targets';
import { logsTail } from '@tenant-delivery/aws/logs-tail';
import { preflightReader } from '@tenant-delivery/aws/preflight-reader';
import { ecrInspections } from '@tenant-delivery/aws/scan-findings';
import type { Session } from '@tenant-delivery/aws/session';
import type { DeployWorld } from './deploy-world.ts';

/** The gate's role plans: it can change nothing in ECS. The deploy's role deploys, and only what was cleared. */
export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  session: Session,
  role: 'gate' | 'deploy',
): Promise<DeployWorld> {
  return {
    ...(await openDeliveryWorld(runner, env, session, role)),
    region: session.region,
    services: ecsServices(session, role),
    targets: elbv2Targets(session, role),
    scaling: autoscalingRange(session, role),
    logs: logsTail(session, role),
    images: ecrInspections(session, role),
    surroundings: preflightReader(session, role),
    alarms: cloudwatchAlarms(session, role),
    credentialsUntil: 'renewed', // by a fresh token of the job
    workspace: workspaceAt(runner.context.workspace),
    revisions: ecsRevisions(session, role),
    deployer: (clearance) => ecsDeployer(session, clearance, session.clock.now()),
    tasks: (clearance) => ecsTaskRunner(session, clearance, session.clock.now()),
  };
}
