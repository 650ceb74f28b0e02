import type { Runner } from '@tenant-delivery/action-kit/runner';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { resourceTrail } from '@tenant-delivery/aws/cloudtrail/resource-trail';
import { tunnelReader } from '@tenant-delivery/aws/ec2/tunnel-reader';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { balancerProtection } from '@tenant-delivery/aws/elb/balancer-protection';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { openAdmissionWorld, openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { issues } from '@tenant-delivery/github/issues/issues';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { type ProvisionInputs, ROLE_OF } from './inputs.ts';
import type { World } from './ports.ts';

/** One role does all that a mode does: it asks CloudFormation, signs, and writes its own changes into the vault. */
export function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ProvisionInputs,
  session: Session,
): World {
  const role = ROLE_OF[given.mode];
  const github = () =>
    githubClient(runner.context.apiUrl, given['github-token'], session.clock, runner.cancelled);
  const recording = () => openDeliveryWorld(runner, env, session, 'provision', { signs: role, writes: role });
  const stacks = (region: string) => stackPlanner(session, role, region);
  return {
    runner,
    plan: async () => ({ ...(await recording()), stacks, services: ecsServices(session, role) }),
    settle: async () => ({
      ...(await recording()),
      stacks,
      runs: async () => workflowRuns(await github()),
    }),
    apply: async () => ({
      ...(await recording()),
      stacks: (region) => stackExecutor(session, role, region),
      services: ecsServices(session, role),
      targets: elbv2Targets(session, role),
      surroundings: preflightReader(session, role),
      balancers: balancerProtection(session, role),
      tunnels: tunnelReader(session, role),
    }),
    observe: async () => ({
      ...(await openAdmissionWorld(runner, env, session, role)),
      stacks,
      trail: (region) => resourceTrail(session.clientConfig(role), region),
      issues: async () => issues(await github()),
    }),
  };
}
