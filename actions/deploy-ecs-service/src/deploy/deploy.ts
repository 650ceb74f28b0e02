import type { ReportedCause } from '@tenant-delivery/deployment/follow/deployment-report';
import type { DeploymentStart } from '@tenant-delivery/deployment/follow/deployment-start';
import type { Ending } from '@tenant-delivery/deployment/follow/ending';
import { explain } from '@tenant-delivery/deployment/follow/explain';
import { type FollowedFrom, type FollowOptions, follow } from '@tenant-delivery/deployment/follow/follow';
import { ownTasks, tasksByZone } from '@tenant-delivery/deployment/follow/own-tasks';
import { answerPause, type PauseAnswer } from '@tenant-delivery/deployment/follow/pause';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { sayWhy } from '../report/say-why.ts';
import type { DeployOptions } from './deploy-options.ts';
import { registerAndUpdate } from './register-and-update.ts';
import type { StartDecision } from './start-decision.ts';

/** How it went. */
export interface DeployResult {
  readonly decision: StartDecision;
  /** `undefined` when no deployment was followed. */
  readonly ended: { readonly start: DeploymentStart; readonly ending: Ending } | undefined;
}

/** Only a deployment that has begun can go on after a pause; nothing new is begun by an answer to one. */
export function assertResumable({ kind }: StartDecision, resume: DeployOptions['resume']): void {
  if (resume && kind !== 'attach') {
    throw failures.resumeRefused(resume.hook, 'no deployment of this is in progress that could wait there');
  }
}

/** Registers, runs the migration, updates once and follows, or follows what has begun. */
export async function deploy(
  ports: DeployPorts,
  options: DeployOptions,
  decision: StartDecision,
): Promise<DeployResult> {
  const { runner } = ports;
  if (decision.kind !== 'attach' && decision.kind !== 'update') return { decision, ended: undefined };
  if (runner.cancelled.aborted) return { decision: { kind: 'cancelled' }, ended: undefined };
  const begun =
    decision.kind === 'attach'
      ? decision.start
      : await registerAndUpdate(ports, options, decision.deployment);
  if ('kind' in begun) return { decision: begun, ended: undefined };
  if (!options.follows) return { decision: { kind: 'started', start: begun }, ended: undefined };
  runner.info(`Following ${begun.serviceDeployment ?? begun.rollout}`);
  // As this update leaves it: how long ECS waits by its configuration may be part of what was asked for.
  const members = decision.kind === 'update' ? decision.deployment.update.members : {};
  const service = { ...options.service, ...members };
  const { visibleIn } = options.visibility;
  const following = { ...options, service, start: begun, visibleIn };
  const from = options.resume && (await answered(ports, following, options.resume));
  return { decision, ended: { start: begun, ending: await follow(ports, following, from) } };
}

async function answered(
  ports: DeployPorts,
  following: FollowOptions,
  pause: PauseAnswer,
): Promise<FollowedFrom> {
  const from = await answerPause(ports, following, pause);
  if ('refused' in from) throw failures.resumeRefused(pause.hook, from.refused);
  return from;
}

/** Why it ended badly, said in the log as well. */
export async function causesIn(
  ports: DeployPorts,
  { decision, ended }: DeployResult,
): Promise<readonly ReportedCause[]> {
  if (decision.kind === 'migration-failed') {
    if (decision.cause) await sayWhy(ports.runner, decision.cause);
    return decision.cause ? [decision.cause] : [];
  }
  const outcome = ended?.ending.outcome;
  if (!ended || outcome === 'deployed' || outcome === 'paused') return [];
  const causes = await explain(ports, ended.ending.last);
  for (const cause of causes) await sayWhy(ports.runner, cause);
  return causes;
}

/**
 * Running tasks of the new revision by zone, once it was deployed. ECS is asked only if following has not seen as many
 * tasks as run.
 */
export async function zonesIn(
  services: DeployPorts['services'],
  ref: ServiceRef,
  { ended }: DeployResult,
): Promise<Readonly<Record<string, number>>> {
  if (ended?.ending.outcome !== 'deployed') return {};
  const { last } = ended.ending;
  const seen = (last?.tasks ?? []).filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const isWhole = seen.length === last?.deployment.tasks.running;
  return tasksByZone(isWhole ? seen : await ownTasks(services, ref, ended.start));
}
