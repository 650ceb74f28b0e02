import {
  answerPause,
  type DeploymentStart,
  type Ending,
  explain,
  type FollowOptions,
  follow,
  type HeldLock,
  type ReportedCause,
  type Service,
  type ServiceDeployer,
  type ServiceRef,
  type TaskRunner,
  tasksByZone,
  type Visibility,
} from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { sayWhy } from '../report/say-why.ts';
import { type MigrationRun, migrate } from './migrate.ts';
import { revisionFor, updateTo } from './register-and-update.ts';
import type { StartDecision } from './start-decision.ts';

/** What a deploy goes by once it is settled what is to be done, with a contract or without. */
export interface DeployOptions {
  readonly place: ServiceRef;
  readonly deployer: ServiceDeployer;
  readonly tasks: TaskRunner;
  readonly hold: HeldLock;
  /** On which the service takes requests. */
  readonly port: number;
  /** The service before, as ECS describes it, and the task definition that it ran. */
  readonly service: Service['document'];
  readonly previous: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly onFailure: 'rollback' | 'report';
  readonly onCancel: 'leave' | 'rollback';
  /** How a deployment goes on that waits at a pause. */
  readonly resume: { readonly hook: string; readonly action: 'continue' | 'rollback' } | undefined;
  readonly migration: MigrationRun | undefined;
  readonly visibility: Visibility;
}

/** How it went. */
export interface DeployResult {
  readonly decision: StartDecision;
  /** `undefined` when no deployment was followed. */
  readonly ended: { readonly started: DeploymentStart; readonly ending: Ending } | undefined;
}

/** Only a deployment that has begun can go on after a pause; nothing new is begun by an answer to one. */
export function assertResumable({ kind }: StartDecision, resume: DeployOptions['resume']): void {
  if (resume && kind !== 'attach') {
    throw failures.resumeRefused(resume.hook, 'no deployment of this is in progress that could wait there');
  }
}

/** Registers, runs the migration, updates once and follows, or follows what has begun. */
export async function deploy(
  world: EcsWorld,
  options: DeployOptions,
  decision: StartDecision,
): Promise<DeployResult> {
  const { runner } = world;
  if (decision.kind !== 'attach' && decision.kind !== 'update') return { decision, ended: undefined };
  if (runner.cancelled.aborted) return { decision: { kind: 'cancelled' }, ended: undefined };
  const started =
    decision.kind === 'attach' ? decision.started : await begun(world, options, decision.deployment);
  if ('kind' in started) return { decision: started, ended: undefined };
  runner.info(`Following ${started.serviceDeployment ?? started.rollout}`);
  const { hold, resume, visibility, ...rest } = options;
  // As this update leaves it: how long ECS waits by its configuration may be part of what was asked for.
  const members = decision.kind === 'update' ? decision.deployment.update.members : {};
  const service = { ...options.service, ...members };
  const { visibleIn } = visibility;
  const following: FollowOptions = {
    ...rest,
    ref: options.place,
    service,
    start: started,
    lock: hold,
    visibleIn,
  };
  const ending = resume ? await answerPause(world, following, resume) : await follow(world, following);
  if ('refused' in ending) throw failures.resumeRefused(resume?.hook ?? '', ending.refused);
  return { decision, ended: { started, ending } };
}

async function begun(
  world: EcsWorld,
  { place, deployer, tasks, hold, migration, visibility }: DeployOptions,
  deployment: Parameters<typeof revisionFor>[2],
): Promise<DeploymentStart | StartDecision> {
  const revision = await revisionFor(world, deployer, deployment);
  if (migration) {
    const migrated = await migrate(world, tasks, hold, deployment, revision, migration);
    if (migrated.kind !== 'done') return migrated;
  }
  if (world.runner.cancelled.aborted) return { kind: 'cancelled' };
  return updateTo(world, place, deployer, hold, deployment, revision, visibility);
}

/** Why it ended badly, said in the log as well. */
export async function causesIn(
  world: EcsWorld,
  { decision, ended }: DeployResult,
): Promise<readonly ReportedCause[]> {
  if (decision.kind === 'migration-failed') {
    if (decision.cause) await sayWhy(world, decision.cause);
    return decision.cause ? [decision.cause] : [];
  }
  const outcome = ended?.ending.outcome;
  if (!ended || outcome === 'deployed' || outcome === 'paused') return [];
  const causes = await explain(world, ended.ending.last);
  for (const cause of causes) await sayWhy(world, cause);
  return causes;
}

/** Running tasks of the new revision by zone, once it was deployed. */
export async function zonesIn(
  world: EcsWorld,
  place: ServiceRef,
  { ended }: DeployResult,
): Promise<Readonly<Record<string, number>>> {
  return ended?.ending.outcome === 'deployed' ? tasksByZone(world.services, place, ended.started) : {};
}
