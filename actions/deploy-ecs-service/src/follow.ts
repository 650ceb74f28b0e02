import type { Admission } from '@tenant-delivery/delivery';
import {
  causesOf,
  certainFailure,
  type DeployOutcome,
  judge,
  type Observation,
  type ServiceDeployer,
  type ServiceDeployment,
  sayCause,
  sayState,
  type Task,
} from '@tenant-delivery/deployment';
import type { Lock } from '@tenant-delivery/evidence';
import type { Started } from './begin.ts';
import type { DeployWorld } from './deploy-world.ts';

/** How a followed deployment ended, with the last look at it. */
export interface Ending {
  readonly outcome: Exclude<DeployOutcome, 'unchanged'>;
  readonly why: string;
  readonly last: Observation;
}

const EVERY = 5_000; // milliseconds between two looks, by the service's clock
const DIAGNOSE_EVERY = 10_000; // between two listings of stopped tasks while no count moves
const RENEW_EVERY = 60_000; // of the lock's lease
const LANDING = 15 * 60_000; // how long a rollback may take before it counts as failed

export interface Course {
  readonly admission: Admission;
  readonly started: Started;
  readonly port: number;
  readonly deployer: ServiceDeployer;
  readonly lock: Lock;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Follows one service deployment to its end at a fixed short interval; SDK waiters swallow errors and overshoot.
 * A deployment that cannot end well, or that has run out of time, is stopped and rolled back.
 */
export async function follow(world: DeployWorld, course: Course): Promise<Ending> {
  const { clock, runner } = world;
  const look = looker(world, course);
  let said = '';
  let renewAt = clock.now() + RENEW_EVERY;
  let ended: { readonly outcome: 'failed' | 'timed-out'; readonly why: string } | undefined;
  let deadline = course.deadline;
  for (;;) {
    const seen = await look();
    const state = sayState(seen);
    if (state !== said) runner.info(state);
    said = state;
    const judgement = judge(seen);
    switch (judgement.kind) {
      case 'deployed':
        return ended
          ? { outcome: 'deployed', why: 'it became healthy before it could be stopped', last: seen }
          : { outcome: 'deployed', why: 'ECS reports the service deployment as SUCCESSFUL', last: seen };
      case 'rolled-back':
        return {
          outcome: ended?.outcome === 'timed-out' ? 'timed-out' : 'rolled-back',
          why: ended ? `${ended.why}; the previous revision serves again` : judgement.reason,
          last: seen,
        };
      case 'rollback-failed':
        return { outcome: 'rollback-failed', why: judgement.reason, last: seen };
      case 'superseded':
        return { outcome: 'superseded', why: judgement.reason, last: seen };
      case 'stopped':
        return { outcome: ended?.outcome ?? 'failed', why: ended?.why ?? judgement.reason, last: seen };
      case 'rolling-back':
        if (!ended) {
          ended = { outcome: 'failed', why: judgement.reason };
          deadline = clock.now() + LANDING;
        }
        break;
      default: {
        const end = whyToStop(judgement, clock.now() >= deadline);
        if (end && !ended) {
          runner.warning(`${end.why}: stopping the deployment and rolling back`);
          await course.lock.assertHeld();
          await course.deployer.rollBack(course.started.serviceDeployment);
          ended = end;
          deadline = clock.now() + LANDING;
        }
      }
    }
    if (ended && clock.now() >= deadline) {
      return {
        outcome: 'rollback-failed',
        why: `${ended.why}; the rollback did not end in 15 minutes`,
        last: seen,
      };
    }
    if (runner.cancelled.aborted) {
      return {
        outcome: 'cancelled',
        why: `the run was cancelled while the deployment was ${state}`,
        last: seen,
      };
    }
    if (clock.now() >= renewAt) {
      await course.lock.assertHeld();
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(EVERY, runner.cancelled);
  }
}

function whyToStop(
  judgement: ReturnType<typeof judge>,
  late: boolean,
): { readonly outcome: 'failed' | 'timed-out'; readonly why: string } | undefined {
  if (judgement.kind === 'doomed') return { outcome: 'failed', why: sayCause(judgement.cause) };
  return late ? { outcome: 'timed-out', why: 'the time limit is over' } : undefined;
}

/** One look costs one request; stopped tasks and target health are asked for only when they can tell something. */
function looker(world: DeployWorld, { admission, started, port }: Course): () => Promise<Observation> {
  const { services, clock } = world;
  const { cluster } = admission.names;
  const service = admission.target.service;
  let stopped: readonly Task[] = [];
  let counts = '';
  let diagnosed = Number.NEGATIVE_INFINITY;
  return async () => {
    const deployment = await services.deployment(started.serviceDeployment);
    const now = JSON.stringify([deployment.status, deployment.tasks, deployment.breaker]);
    if (now !== counts || clock.now() >= diagnosed + DIAGNOSE_EVERY) {
      const all = await services.tasks(cluster, service, 'STOPPED');
      stopped = all.filter((task) => isOurs(task, started));
      counts = now;
      diagnosed = clock.now();
    }
    const doubtful = certainFailure(causesOf(stopped), 0) !== undefined;
    return {
      deployment,
      primary: await primaryAtTheEnd(world, cluster, service, deployment),
      taskDefinition: started.taskDefinition,
      stopped,
      healthy: doubtful ? await healthyTasks(world, admission, started, port) : 0,
    };
  };
}

function isOurs(task: Task, { taskDefinition, rollout }: Started): boolean {
  return task.taskDefinition === taskDefinition && (task.startedBy ?? rollout) === rollout;
}

async function primaryAtTheEnd(
  { services }: DeployWorld,
  cluster: string,
  service: string,
  { status }: ServiceDeployment,
): Promise<string | undefined> {
  if (status !== 'SUCCESSFUL') return undefined;
  return (await services.service(cluster, service))?.taskDefinition;
}

async function healthyTasks(
  { services, targets }: DeployWorld,
  { names, target }: Admission,
  started: Started,
  port: number,
): Promise<number> {
  const [{ targetGroups }, running] = await Promise.all([
    services.revision(started.serviceRevision),
    services.tasks(names.cluster, target.service, 'RUNNING'),
  ]);
  const states = (await Promise.all(targetGroups.map((group) => targets.targets(group)))).flat();
  const healthy = states.filter((each) => each.state === 'healthy' && (each.port ?? port) === port);
  return running.filter(
    (task) => isOurs(task, started) && healthy.some(({ address }) => address === task.address),
  ).length;
}
