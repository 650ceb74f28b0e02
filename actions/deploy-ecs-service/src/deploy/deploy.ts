import type { ReportedCause, Service, ServiceDeployer, TaskRunner } from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { sayWhy } from '../report/say-why.ts';
import type { Ending } from './ending.ts';
import { explain } from './explain.ts';
import { type Course, follow } from './follow.ts';
import { type MigrationOrder, migrate } from './migrate.ts';
import { tasksByZone } from './observe.ts';
import { revisionFor, updateTo } from './register-and-update.ts';
import { resumeDeployment } from './resume-deployment.ts';
import type { Hold, Place } from './service-ref.ts';
import type { Beginning, Started } from './start-decision.ts';
import type { Sight } from './visibility.ts';

/** What a deploy goes by once it is settled what is to be done, with a contract or without. */
export interface Orders {
  readonly place: Place;
  readonly deployer: ServiceDeployer;
  readonly tasks: TaskRunner;
  readonly hold: Hold;
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
  readonly migration: MigrationOrder | undefined;
  readonly sight: Sight;
}

/** How it went. */
export interface CarriedOut {
  readonly beginning: Beginning;
  /** `undefined` when no deployment was followed. */
  readonly ended: { readonly started: Started; readonly ending: Ending } | undefined;
}

/** Only a deployment that has begun can go on after a pause; nothing new is begun by an answer to one. */
export function assertResumable({ kind }: Beginning, resume: Orders['resume']): void {
  if (resume && kind !== 'attach') {
    throw failures.resumeRefused(resume.hook, 'no deployment of this is in progress that could wait there');
  }
}

/** Registers, runs the migration, updates once and follows, or follows what has begun. */
export async function carryOut(world: EcsWorld, orders: Orders, beginning: Beginning): Promise<CarriedOut> {
  const { runner } = world;
  if (beginning.kind !== 'attach' && beginning.kind !== 'update') return { beginning, ended: undefined };
  if (runner.cancelled.aborted) return { beginning: { kind: 'cancelled' }, ended: undefined };
  const started =
    beginning.kind === 'attach' ? beginning.started : await begun(world, orders, beginning.making);
  if ('kind' in started) return { beginning: started, ended: undefined };
  runner.info(`Following ${started.serviceDeployment ?? started.rollout}`);
  const { hold, resume, sight, ...rest } = orders;
  // As this update leaves it: how long ECS waits by its configuration may be part of what was asked for.
  const members = beginning.kind === 'update' ? beginning.making.update.members : {};
  const service = { ...orders.service, ...members };
  const course: Course = { ...rest, service, started, lock: hold, seenIn: sight.seenIn };
  const ending = resume
    ? await resumeDeployment(world, course, resume.hook, resume.action)
    : await follow(world, course);
  return { beginning, ended: { started, ending } };
}

async function begun(
  world: EcsWorld,
  { place, deployer, tasks, hold, migration, sight }: Orders,
  making: Parameters<typeof revisionFor>[2],
): Promise<Started | Beginning> {
  const revision = await revisionFor(world, deployer, making);
  if (migration) {
    const migrated = await migrate(world, tasks, hold, making, revision, migration);
    if (migrated.kind !== 'done') return migrated;
  }
  if (world.runner.cancelled.aborted) return { kind: 'cancelled' };
  return updateTo(world, place, deployer, hold, making, revision, sight);
}

/** Why it ended badly, said in the log as well. */
export async function causesIn(
  world: EcsWorld,
  { beginning, ended }: CarriedOut,
): Promise<readonly ReportedCause[]> {
  if (beginning.kind === 'migration-failed') {
    if (beginning.cause) await sayWhy(world, beginning.cause);
    return beginning.cause ? [beginning.cause] : [];
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
  place: Place,
  { ended }: CarriedOut,
): Promise<Readonly<Record<string, number>>> {
  return ended?.ending.outcome === 'deployed' ? tasksByZone(world, place, ended.started) : {};
}
