import {
  causesOf,
  certainFailure,
  type Observation,
  type ServiceDeployment,
  type Task,
} from '@tenant-delivery/deployment';
import type { Started } from './begin.ts';
import type { EcsWorld } from './deploy-world.ts';
import type { Place } from './place.ts';

const DIAGNOSE_EVERY = 10_000; // milliseconds between two listings of stopped tasks while no count moves

/** One look costs one request; stopped tasks and target health are asked for only when they can tell something. */
export function looker(
  world: EcsWorld,
  place: Place,
  started: Started,
  port: number,
): () => Promise<Observation> {
  const { services, clock } = world;
  const { cluster } = place.names;
  const service = place.target.service;
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
      healthy: doubtful ? await healthyTasks(world, place, started, port) : 0,
    };
  };
}

/** How many tasks of the deployment run in each zone. */
export async function tasksByZone(
  { services }: Pick<EcsWorld, 'services'>,
  { names, target }: Place,
  started: Started,
): Promise<Readonly<Record<string, number>>> {
  const running = await services.tasks(names.cluster, target.service, 'RUNNING');
  const zones = running
    .filter((task) => isOurs(task, started))
    .map(({ zone }) => zone ?? 'unknown')
    .sort();
  return Object.fromEntries(zones.map((zone) => [zone, zones.filter((each) => each === zone).length]));
}

function isOurs(task: Task, { taskDefinition, rollout }: Started): boolean {
  return task.taskDefinition === taskDefinition && (task.startedBy ?? rollout) === rollout;
}

async function primaryAtTheEnd(
  { services }: EcsWorld,
  cluster: string,
  service: string,
  { status }: ServiceDeployment,
): Promise<string | undefined> {
  if (status !== 'SUCCESSFUL') return undefined;
  return (await services.service(cluster, service))?.taskDefinition ?? 'nothing';
}

async function healthyTasks(
  { services, targets }: EcsWorld,
  { names, target }: Place,
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
