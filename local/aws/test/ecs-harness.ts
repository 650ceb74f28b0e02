import { advance } from '../src/ecs/advance.ts';
import { BREAKER_OFF } from '../src/ecs/breaker.ts';
import { isOver, isWanted } from '../src/ecs/draft.ts';
import type { Context, Effect, Happening } from '../src/ecs/happening.ts';
import { ROLLING } from '../src/ecs/rollout-plan.ts';
import type { ServiceSettings, ServiceState, Subnet } from '../src/ecs/state.ts';
import type { Task } from '../src/ecs/task-state.ts';

/** How the tasks of one task definition fare, in milliseconds; a list is gone through task by task, the last stays. */
export type Fate =
  | { readonly kind: 'healthy'; readonly after: number }
  | { readonly kind: 'never-starts' }
  | { readonly kind: 'unhealthy'; readonly after: number }
  | { readonly kind: 'exits'; readonly after: number; readonly code: number };

export const ZONES: Subnet[] = [
  { id: 'subnet-a', zone: 'eu-west-1a', zoneId: 'euw1-az1', cidr: '10.0.1.0/24' },
  { id: 'subnet-b', zone: 'eu-west-1b', zoneId: 'euw1-az2', cidr: '10.0.2.0/24' },
];

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/orders/1';
const DRAINING = 30_000;

/** The pure scheduler against a made-up world: no timers, no HTTP, as many hours as a test wants. */
export function harness(
  settings: Partial<ServiceSettings>,
  fates: Readonly<Record<string, readonly Fate[]>>,
) {
  let now = 0;
  let id = 0;
  let order = 0;
  const queue: { at: number; order: number; happening: Happening }[] = [];
  const asked: Record<string, number> = {};
  const names: Context['names'] = {
    digits: () => String(1_000_000_000_000_000_000n + BigInt(id++)),
    hex: (length) => String(id++).padStart(length, '0'),
    short: () => `short-${id++}`,
    uuid: () => `uuid-${id++}`,
  };
  const room: Context['room'] = {
    taken: () => false,
    capacity: () => 251,
    shortage: undefined,
    beyondQuota: () => undefined,
  };
  const watchers: ((before: ServiceState, after: ServiceState) => void)[] = [];
  let service = firstService({ ...SETTINGS, ...settings });

  const later = (milliseconds: number, happening: Happening) => {
    queue.push({ at: now + milliseconds, order: order++, happening });
    queue.sort((a, b) => a.at - b.at || a.order - b.order);
  };
  const happen = (happening: Happening) => {
    const before = service;
    const step = advance(before, happening, {
      now,
      names,
      room,
      inAlarm: () => false,
      sendsTo: () => true,
    });
    service = step.service;
    for (const watch of watchers) watch(before, service);
    for (const effect of step.effects) perform(effect);
  };
  const perform = (effect: Effect): void => {
    if (effect.kind === 'later') {
      later(effect.milliseconds, effect.happening);
      return;
    }
    if (effect.kind === 'shift') return;
    const task = taskOf(effect.task);
    const { targetGroupArn = '' } = 'targetGroupArn' in effect ? effect : {};
    switch (effect.kind) {
      case 'run': {
        const fate = fateOf(task);
        if (fate.kind === 'never-starts') {
          const reason = 'CannotPullContainerError: not found';
          later(1_000, {
            kind: 'ended',
            task: task.id,
            end: { kind: 'cannot-start', container: 'app', reason },
          });
          return;
        }
        later(1_000, { kind: 'started', task: task.id });
        if (fate.kind === 'exits') {
          later(1_000 + fate.after, { kind: 'ended', task: task.id, end: exited(fate.code) });
        }
        return;
      }
      case 'stop':
        later(500, { kind: 'ended', task: task.id, end: exited(0) });
        return;
      case 'register': {
        const fate = fateOf(task);
        const news = { task: task.id, targetGroupArn };
        if (fate.kind === 'healthy') {
          later(fate.after, { kind: 'target', ...news, news: { state: 'healthy' } });
        } else if (fate.kind === 'unhealthy') {
          later(fate.after, {
            kind: 'target',
            ...news,
            news: { state: 'unhealthy', description: 'Request timed out' },
          });
        }
        return;
      }
      case 'deregister':
        later(DRAINING, { kind: 'target', task: task.id, targetGroupArn, news: { state: 'gone' } });
    }
  };
  const taskOf = (wanted: string): Task => {
    const task = service.tasks.find((one) => one.id === wanted);
    if (!task) throw new Error(`no task ${wanted}`);
    return task;
  };
  const chosen = new Map<string, Fate>();
  const fateOf = (task: Task): Fate => {
    const known = chosen.get(task.id);
    if (known) return known;
    const revision = service.revisions.find((one) => one.id === task.revision);
    const list = fates[revision?.taskDefinition ?? ''] ?? [{ kind: 'healthy', after: 5_000 }];
    const nth = asked[revision?.taskDefinition ?? ''] ?? 0;
    asked[revision?.taskDefinition ?? ''] = nth + 1;
    const fate = list[Math.min(nth, list.length - 1)] ?? { kind: 'healthy', after: 5_000 };
    chosen.set(task.id, fate);
    return fate;
  };

  return {
    get service() {
      return service;
    },
    get now() {
      return now;
    },
    happen,
    /** Nothing that was going to happen survives. */
    restart: () => {
      queue.length = 0;
      happen({ kind: 'restarted' });
    },
    watch: (watcher: (before: ServiceState, after: ServiceState) => void) => void watchers.push(watcher),
    update: (change: Partial<ServiceSettings>, deploy = change.taskDefinition !== undefined) => {
      happen({ kind: 'updated', settings: { ...service.settings, ...change }, deploy });
    },
    /** Lets this much time pass, or all that is going to happen within it. */
    run: (seconds: number) => {
      const until = now + seconds * 1_000;
      for (let next = queue[0]; next && next.at <= until; next = queue[0]) {
        queue.shift();
        now = next.at;
        happen(next.happening);
      }
      now = until;
    },
  };
}

export const live = (service: ServiceState) => service.tasks.filter((task) => !isOver(task));
export const wanted = (service: ServiceState) => service.tasks.filter(isWanted);
export const healthy = (service: ServiceState) => wanted(service).filter((task) => task.healthy);

const exited = (exitCode: number) => ({ kind: 'exited', exits: { app: { exitCode } } }) as const;

const SETTINGS: ServiceSettings = {
  taskDefinition: 'first',
  containers: [{ name: 'app', image: 'registry/orders@sha256:1' }],
  subnets: ZONES,
  securityGroups: [],
  assignPublicIp: 'DISABLED',
  loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'app', containerPort: 8080 }],
  platformVersion: '1.4.0',
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  controller: 'ECS',
  breaker: BREAKER_OFF,
  rollout: ROLLING,
  gracePeriodSeconds: 0,
  enableExecuteCommand: false,
  enableManagedTags: false,
  propagateTags: 'NONE',
  zoneRebalancing: 'DISABLED',
};

/** A service that never ran anything; `update({ taskDefinition })` begins its first deployment. */
function firstService(settings: ServiceSettings): ServiceState {
  return {
    arn: 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders',
    name: 'orders',
    cluster: 'acme-prod',
    clusterArn: 'arn:aws:ecs:eu-west-1:000011112222:cluster/acme-prod',
    createdAt: 0,
    settings,
    deployments: [],
    history: [],
    revisions: [],
    tasks: [],
    events: [],
    traffic: { production: {}, test: {} },
    lastCompleted: undefined,
    steady: false,
    restartAfter: 0,
    lastHost: {},
  };
}
