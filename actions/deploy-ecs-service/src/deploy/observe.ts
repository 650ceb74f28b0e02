import { Failure } from '@tenant-delivery/action-kit';
import {
  causesOf,
  certainFailure,
  configuredRest,
  deploymentOfEntry,
  essentialContainers,
  type Followed,
  healthyPercentAtTheEnd,
  isTaskOf,
  type LostTargets,
  neverHealthy,
  type Observation,
  passes,
  type Service,
  type ServiceDeployment,
  type ServiceEvent,
  strategyNamed,
  type TargetState,
  type Task,
} from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { furtherQuestions, type Known, nextQuestion, type Question } from './next-look.ts';
import type { ServiceRef } from './service-ref.ts';

/** A deployment that has begun. Without the right to list service deployments, its ARNs are nobody's to know. */
export interface DeploymentStart {
  readonly serviceDeployment: string | undefined;
  readonly serviceRevision: string | undefined;
  readonly taskDefinition: string;
  /** `ecs-svc/…`: what its tasks carry in `startedBy`. */
  readonly rollout: string;
  /** Those that ECS said it registers the tasks in; absent or empty where nobody has asked or it had not said yet. */
  readonly targetGroups?: readonly string[];
}

/** What is looked at, and what was known when the deployment began. */
export interface FollowSubject {
  readonly place: ServiceRef;
  readonly started: DeploymentStart;
  readonly port: number;
  /** The service as ECS describes it, its deployment configuration in it. */
  readonly service?: Service['document'] | undefined;
  /** The task definition that the service ran before. */
  readonly previous?: string | undefined;
  readonly seenIn?: Followed['seenIn'] | undefined;
}

/** An observation with what is new in it. */
export interface Seen extends Observation {
  /** Service events of this deployment that were not seen before, oldest first. Others' words. */
  readonly events: readonly ServiceEvent[];
  /** Tasks of this deployment, running and stopped, as they were last seen. */
  readonly tasks: readonly Task[];
}

export interface Looker {
  look(): Promise<Seen>;
  /** Where the deployment is seen, by now. */
  seenIn(): Followed['seenIn'];
}

const NOTHING_CHECKED = 40_000; // milliseconds after which ECS calls a task healthy that nobody checks (deploying-to-ecs §3.4)

/** A look costs one request at the most, and more only when it can tell something (next-look.ts). */
export function looker(world: EcsWorld, subject: FollowSubject, answered?: string): Looker {
  const { services, targets, clock, runner } = world;
  const { place, started, port } = subject;
  const { cluster } = place.names;
  const name = place.target.service;
  const percent = healthyPercentAtTheEnd(subject.service ?? {});

  let seenIn: Followed['seenIn'] = subject.seenIn ?? 'service-deployment';
  let deployment: ServiceDeployment | undefined;
  let restsUntil = 0;
  let service: Service | undefined;
  let stopped: readonly Task[] = [];
  let running: { readonly tasks: readonly Task[]; readonly count: number | undefined } | undefined;
  let moved = false;
  let healthy: number | undefined = 0;
  let essential: ReadonlySet<string> | undefined;
  let groups: readonly string[] | undefined;
  const tasks = new Map<string, Task>();
  /** ARNs of stopped tasks of which nothing more will be heard: others', and those that have come to their end. */
  const over = new Set<string>();
  const events = new Map<string, ServiceEvent>();
  const targetReasons = new Map<string, string>();
  /** Since when a target of ours has had no way to become healthy, by its task. */
  const hopelessSince = new Map<string, number>();
  let lost: LostTargets | undefined;
  /** ARNs of tasks of ours that a target group has shown. */
  const registered = new Set<string>();
  const denied = new Set<Question>();
  const never = Number.NEGATIVE_INFINITY;
  const askedAt: Record<Question, number> = {
    deployment: never,
    service: never,
    stopped: never,
    targets: never,
  };

  const known = (now: number): Known => {
    const hopeless = causesOf(stopped, essential).some(({ failAt }) => failAt !== undefined);
    const dying = hopeless && !(healthy !== undefined && healthy > 0);
    const suspect = hopelessSince.size > 0;
    return {
      ...{ now, seenIn, deployment, healthy, enough: enough(), dying, moved },
      ...{ suspect, restsUntil, askedAt, denied },
    };
  };

  const enough = (): number => {
    const requested = deployment?.tasks.requested ?? 0;
    return requested === 0 ? 0 : Math.max(1, Math.ceil((requested * percent) / 100));
  };

  /** What explains but does not decide: a denial is said once, trouble that passes leaves what was known. */
  const optionally = async <T>(
    question: Question,
    what: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    askedAt[question] = clock.now();
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'AWS_DENIED') {
        denied.add(question);
        runner.warning(`${thrown.message}. Without it this run can't tell ${what}.`);
        return undefined;
      }
      if (!passes(thrown)) throw thrown;
      return undefined;
    }
  };

  const askDeployment = async (): Promise<void> => {
    if (started.serviceDeployment === undefined) return;
    const before = { deployment, seenAt: askedAt.deployment };
    askedAt.deployment = clock.now();
    moved = false;
    try {
      deployment = await services.deployment(started.serviceDeployment);
      if (!isSameRest(before.deployment, deployment)) {
        // It came here after it was last seen elsewhere; how long one rests that was found so, nobody knows.
        restsUntil = before.deployment ? before.seenAt + configuredRest(deployment) : 0;
      }
    } catch (thrown) {
      const first = deployment === undefined;
      if (!(first && thrown instanceof Failure && thrown.code === 'AWS_DENIED')) throw thrown;
      seenIn = 'rollout-entry';
      runner.warning(`${thrown.message}. ${DEGRADED}`);
      await askService();
    }
  };

  const readService = async (): Promise<Service | undefined> => {
    askedAt.service = clock.now();
    service = await services.service(cluster, name);
    return service;
  };

  /** Answers whether the service bears out that the deployment goes on. */
  const askService = async (): Promise<boolean> => {
    const found = await readService();
    if (!found) return false;
    if (seenIn === 'rollout-entry') {
      deployment = deploymentOfEntry(found, { ...started, previous: subject.previous });
      return true;
    }
    const ours = found.deployments.find(({ id }) => id === started.rollout);
    const counts = ({ requested, running, pending }: ServiceDeployment['tasks']) => [
      requested,
      running,
      pending,
    ];
    moved =
      ours?.tasks === undefined ||
      deployment === undefined ||
      counts(ours.tasks).join() !== counts(deployment.tasks).join();
    return ours?.primary === true && ours.rolloutState === 'IN_PROGRESS';
  };

  const askStopped = async (): Promise<void> => {
    const listed = await optionally('stopped', 'why tasks stop', () =>
      services.tasks(cluster, name, 'STOPPED', over),
    );
    if (!listed) return;
    const ours = listed.filter((task) => isTaskOf(task, started));
    for (const task of listed) if (task.lastStatus === 'STOPPED' || !ours.includes(task)) over.add(task.arn);
    for (const task of ours) tasks.set(task.arn, task);
    const dead = new Map([...stopped, ...ours].map((task) => [task.arn, task]));
    if (dead.size > stopped.length) running = undefined; // another one may have its place
    stopped = [...dead.values()];
    if (stopped.length > 0) essential ??= await essentialOf();
  };

  const essentialOf = async (): Promise<ReadonlySet<string> | undefined> => {
    const definition = await services.taskDefinition(started.taskDefinition).catch((thrown: unknown) => {
      if (passes(thrown)) return undefined;
      throw thrown;
    });
    return definition && essentialContainers(definition.document);
  };

  /** Asked for again when their number is another, or one has left; `fresh` where their own checks are what counts. */
  const runningTasks = async (fresh: boolean): Promise<readonly Task[]> => {
    const count = deployment?.tasks.running;
    if (!fresh && running && running.count === count) return running.tasks;
    const listed = (await services.tasks(cluster, name, 'RUNNING')).filter((task) => isTaskOf(task, started));
    for (const task of listed) tasks.set(task.arn, task);
    // A load balancer has addresses; a task that runs and has none yet is asked for again soon.
    const whole = listed.every(
      ({ lastStatus, address }) => lastStatus !== 'RUNNING' || address !== undefined,
    );
    running = whole ? { tasks: listed, count } : undefined;
    return listed;
  };

  const groupsOf = async (): Promise<readonly string[]> => {
    if (started.targetGroups?.length) return started.targetGroups;
    if (started.serviceRevision !== undefined && seenIn === 'service-deployment') {
      return (await services.revision(started.serviceRevision)).targetGroups;
    }
    const balancers = (service ?? (await readService()))?.document['loadBalancers'];
    return (Array.isArray(balancers) ? balancers : []).flatMap((each) =>
      typeof each === 'object' &&
      each !== null &&
      !Array.isArray(each) &&
      typeof each['targetGroupArn'] === 'string'
        ? [each['targetGroupArn']]
        : [],
    );
  };

  /** Answers whether a task of ours has left: another one has its place. */
  const countHealthy = async (): Promise<boolean> => {
    let left = false;
    healthy = await optionally('targets', 'how many tasks are healthy', async () => {
      groups ??= await groupsOf();
      const [alive, states] = await Promise.all([
        runningTasks(groups.length === 0),
        Promise.all(groups.map((group) => targets.targets(group))),
      ]);
      if (groups.length === 0) return alive.filter((task) => isWell(task, clock.now())).length;
      const ours = states.flat().filter((each) => (each.port ?? port) === port);
      let count = 0;
      for (const task of alive) {
        const target = ours.find(({ address }) => address === task.address);
        if (target === undefined || target.state === 'draining') left ||= registered.has(task.arn);
        else registered.add(task.arn);
        if (target?.state === 'healthy') count += 1;
        else if (target && /^un/.test(target.state)) targetReasons.set(task.arn, sayTarget(target));
        if (target && neverHealthy(target)) {
          hopelessSince.set(task.arn, hopelessSince.get(task.arn) ?? clock.now());
        } else hopelessSince.delete(task.arn);
      }
      for (const arn of hopelessSince.keys())
        if (!alive.some((task) => task.arn === arn)) hopelessSince.delete(arn);
      lost ??= lostAmong(alive, ours); // it ends the deployment, and explains that when its targets are gone
      return count;
    });
    return left;
  };

  /** What of our tasks is lost, unless enough others may still become healthy. */
  const lostAmong = (alive: readonly Task[], ours: readonly TargetState[]): LostTargets | undefined => {
    const needed = strategyNamed(deployment?.strategy ?? '').lostAfter;
    const given = alive.filter(
      ({ arn }) => clock.now() - (hopelessSince.get(arn) ?? Number.POSITIVE_INFINITY) >= needed,
    );
    const target = ours.find(({ address }) => address === given[0]?.address);
    const advice = target && neverHealthy(target)?.advice;
    const requested = deployment?.tasks.requested ?? 0;
    return target && advice !== undefined && given.length > requested - enough()
      ? { tasks: given.map(({ arn }) => arn), says: sayTarget(target), advice }
      : undefined;
  };

  const askTargets = async (): Promise<void> => {
    if (!(await countHealthy())) return;
    running = undefined;
    if (!denied.has('stopped')) await askStopped();
    await countHealthy();
  };

  const ASK: Readonly<Record<Question, () => Promise<unknown>>> = {
    deployment: askDeployment,
    service: askService,
    stopped: askStopped,
    targets: askTargets,
  };

  const look = async (): Promise<Seen> => {
    const now = clock.now();
    const before = deployment;
    const dead = stopped.length;
    const question = nextQuestion(known(now));
    const answer = question === 'nothing' ? undefined : await ASK[question]();
    const doubtful =
      (question === 'service' && answer === false) ||
      (question === 'stopped' && stopped.length !== dead) ||
      (question === 'targets' && (healthy ?? Number.POSITIVE_INFINITY) >= enough());
    if (doubtful && seenIn === 'service-deployment') await askDeployment();
    if (deployment === undefined) throw new TypeError('a look ended without an answer');
    if (deployment.tasks.running === 0) healthy = 0;
    // Nobody was asked about tasks that run by now.
    else if (before?.tasks.running === 0 && askedAt.targets < now) healthy = undefined;
    for (const further of furtherQuestions(known(now), before)) {
      if (further === 'service') await optionally('service', 'what ECS says of the service', readService);
      else await ASK[further]();
    }
    // A verdict of failure stands on who is healthy at this moment, not half a minute ago.
    const causes = causesOf(stopped, essential);
    if (certainFailure(causes, 0) && askedAt.targets < now && !denied.has('targets')) await askTargets();
    // And on what ECS says of it now: it may have turned it already.
    const doomed = certainFailure(causesOf(stopped, essential), healthy) !== undefined || lost !== undefined;
    if (doomed && askedAt.deployment < now && seenIn === 'service-deployment') await askDeployment();
    const primary = deployment.status === 'SUCCESSFUL' ? await primaryAtTheEnd() : undefined;
    return {
      deployment,
      primary,
      taskDefinition: started.taskDefinition,
      stopped,
      healthy,
      essential,
      targetReasons: new Map(targetReasons),
      lost,
      warned: newestWarning(),
      answered,
      events: newEvents(deployment),
      tasks: [...tasks.values()],
    };
  };

  const primaryAtTheEnd = async (): Promise<string> => {
    const found = askedAt.service === clock.now() && service ? service : await readService();
    return found?.taskDefinition ?? 'nothing';
  };

  const newEvents = ({ createdAt }: ServiceDeployment): readonly ServiceEvent[] => {
    const fresh = (service?.events ?? []).filter(({ id, at }) => at >= createdAt && !events.has(id));
    for (const event of fresh) events.set(event.id, event);
    return fresh.toSorted((a, b) => a.at - b.at);
  };

  const newestWarning = (): string | undefined => {
    const [newest] = [...events.values()].sort((a, b) => b.at - a.at);
    return newest && warns(newest.message) ? newest.message : undefined;
  };

  return { look, seenIn: () => seenIn };
}

/** Whether a deployment rests where it rested before: at the same stage, with the same share of the traffic. */
function isSameRest(before: ServiceDeployment | undefined, now: ServiceDeployment): boolean {
  return before?.stage === now.stage && before?.productionWeight === now.productionWeight;
}

/** Whether ECS's own words tell of trouble: not of an end, because ECS goes on trying. */
export function warns(message: string): boolean {
  return /unable|unhealthy|failed|insufficient/i.test(message);
}

/** What a role can't see that may only look at the service. */
export const DEGRADED =
  "This run follows the service's own list of deployments instead: it can't see traffic weights, lifecycle stages, pauses, alarms or the circuit breaker's count, and it can't stop the deployment.";

/** How many tasks of the deployment run in each zone. */
export async function tasksByZone(
  { services }: Pick<EcsWorld, 'services'>,
  { names, target }: ServiceRef,
  started: DeploymentStart,
): Promise<Readonly<Record<string, number>>> {
  const running = await services.tasks(names.cluster, target.service, 'RUNNING');
  const zones = running
    .filter((task) => isTaskOf(task, started))
    .map(({ zone }) => zone ?? 'unknown')
    .sort();
  return Object.fromEntries(zones.map((zone) => [zone, zones.filter((each) => each === zone).length]));
}

/** Without a load balancer: the containers' own checks say so, or nobody checks and it runs for as long as ECS waits. */
function isWell({ containers, startedAt }: Task, now: number): boolean {
  const checks = containers.flatMap(({ health }) =>
    health === undefined || health === 'UNKNOWN' ? [] : [health],
  );
  if (checks.length > 0) return checks.every((health) => health === 'HEALTHY');
  return startedAt !== undefined && now - startedAt >= NOTHING_CHECKED;
}

function sayTarget({ state, reason, description }: TargetState): string {
  return [reason ?? state, description].filter(Boolean).join(': ');
}
