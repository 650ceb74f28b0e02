import { Failure } from '@tenant-delivery/action-kit/failure';
import type {
  LifecycleHook,
  RolloutEntry,
  Service,
  ServiceDeployment,
  ServiceRevision,
  TargetState,
  Task,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment/observed';
import type {
  ServiceDeployer,
  ServiceReader,
  ServiceUpdate,
  TargetReader,
  TaskRunner,
  TaskToRun,
} from '@tenant-delivery/deployment/ports';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';
import { SERVICE_DOCUMENT } from './preflight/surroundings.ts';

/** What a deployment shows this many seconds after it was made. */
export interface Moment {
  readonly status: string;
  readonly reason?: string;
  readonly running?: number;
  readonly crashed?: number;
  readonly crash?: Partial<Task>;
  readonly healthy?: number;
  readonly hooks?: readonly LifecycleHook[];
  readonly breaker?: { readonly status: string; readonly failures: number; readonly threshold: number };
}

export interface Fault {
  readonly call: 'register' | 'update' | 'rollBack';
  readonly when: 'before' | 'after';
}

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
export const FAMILY = 'acme-prod-orders';
export const OLD_IMAGE = `127.0.0.1:5000/acme/orders@sha256:${'0'.repeat(64)}`;

export function aDocument(image: string): TaskDefinitionDocument {
  return {
    family: FAMILY,
    networkMode: 'awsvpc',
    memory: '512',
    containerDefinitions: [
      {
        name: 'orders',
        image,
        portMappings: [{ containerPort: 8080 }],
        environment: [{ name: 'TOKEN', value: 'hunter2' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/td/acme/prod/orders', 'awslogs-stream-prefix': 'td' },
        },
      },
    ],
  };
}

/** An ECS with one service in memory: what it was asked, and how a deployment goes as a script over time. */
export function anEcs(clock: FakeClock, script: (seconds: number) => Moment) {
  const definitions = new Map<string, TaskDefinition>();
  const define = (
    body: TaskDefinitionDocument,
    tags = [{ key: 'tenant', value: 'acme' }],
  ): TaskDefinition => {
    const revision = definitions.size + 1;
    const arn = `${ARN}:task-definition/${FAMILY}:${revision}`;
    const made = {
      arn,
      family: FAMILY,
      active: true,
      document: { ...body, taskDefinitionArn: arn, revision, status: 'ACTIVE', volumes: [] },
      tags,
    };
    definitions.set(arn, made);
    return made;
  };
  const first = define(aDocument(OLD_IMAGE));
  const made: { number: number; taskDefinition: string; at: number; stoppedAt?: number }[] = [];
  const calls: string[] = [];
  /** What each UpdateService said. */
  const updates: ServiceUpdate[] = [];
  let described: Service['document'] = SERVICE_DOCUMENT;
  const faults: Fault[] = [];
  const state: {
    over: Partial<Service>;
    rollback: 'lands' | 'fails' | 'hangs';
    cluster: string;
    /** The answer to the update never comes; `lost`: nor does the update arrive. */
    unanswered: boolean;
    lost: boolean;
    listed: boolean;
    /** The answer to the registration never comes; `all`: nor does the registration arrive. */
    registrationLost: 'answer' | 'all' | undefined;
    /** Codes with which the next looks at a deployment fail. */
    blind: string[];
    /** Happens while the task definition is being registered. */
    meanwhile: () => Promise<void>;
    /** A pause was answered. */
    answered: boolean;
    /** The role may not look at service deployments. */
    denied: boolean;
    /** Happens when an update has arrived and before it takes effect. */
    justBefore: () => void;
    targets: TargetState[] | undefined;
    /** What a service revision says beside its task definition, by its number. */
    revisions: Record<number, Partial<ServiceRevision>>;
    /** The status that ECS tells of a deployment, by its number, whatever the script says. */
    statuses: Record<number, string>;
  } = {
    over: {},
    rollback: 'lands',
    cluster: 'ACTIVE',
    unanswered: false,
    lost: false,
    listed: true,
    registrationLost: undefined,
    blind: [],
    meanwhile: async () => {},
    answered: false,
    denied: false,
    justBefore: () => {},
    targets: undefined,
    revisions: {},
    statuses: {},
  };
  const mutate = async <T>(call: Fault['call'], does: () => T): Promise<T> => {
    const fault = faults.findIndex((each) => each.call === call);
    const when = fault < 0 ? undefined : faults.splice(fault, 1)[0]?.when;
    if (when === 'before') throw new Error(`the machine died before ${call}`);
    calls.push(call);
    const done = does();
    if (when === 'after') throw new Error(`the machine died after ${call}`);
    return done;
  };

  const momentOf = (each: (typeof made)[number]): Moment => {
    if (each.stoppedAt === undefined) return script((clock.now() - each.at) / 1000);
    const moment = script((each.stoppedAt - each.at) / 1000);
    const landed = clock.now() - each.stoppedAt >= 20_000;
    if (!landed || state.rollback === 'hangs') return { ...moment, status: 'ROLLBACK_IN_PROGRESS' };
    return { ...moment, status: state.rollback === 'lands' ? 'ROLLBACK_SUCCESSFUL' : 'ROLLBACK_FAILED' };
  };
  const currentDefinition = (): string => {
    const last = made.at(-1);
    if (!last) return first.arn;
    return momentOf(last).status === 'ROLLBACK_SUCCESSFUL' ? first.arn : last.taskDefinition;
  };
  const service = (): Service => {
    const last = made.at(-1);
    const status = last ? momentOf(last).status : 'SUCCESSFUL';
    const rolloutState = { SUCCESSFUL: 'COMPLETED', STOPPED: 'FAILED', ROLLBACK_SUCCESSFUL: 'COMPLETED' }[
      status
    ];
    const primary: RolloutEntry = {
      id: `ecs-svc/${last?.number ?? 1}`,
      primary: true,
      taskDefinition: currentDefinition(),
      rolloutState: (rolloutState as RolloutEntry['rolloutState']) ?? 'IN_PROGRESS', // only the three words above
      createdAt: last?.at ?? 0,
    };
    return {
      arn: `${ARN}:service/acme-prod/orders`,
      clusterArn: `${ARN}:cluster/acme-prod`,
      status: 'ACTIVE',
      controller: 'ECS',
      strategy: 'ROLLING',
      taskDefinition: currentDefinition(),
      desired: 2,
      running: 2,
      deployments: [primary],
      events: [],
      document: described,
      breaker: { enabled: true, rollback: true },
      ...state.over,
    };
  };
  const task = (n: number, taskDefinition: string, number: number, more: Partial<Task>): Task => ({
    arn: `${ARN}:task/acme-prod/${number}${String(n).padStart(31, '0')}`,
    taskDefinition,
    startedBy: `ecs-svc/${number}`,
    lastStatus: 'RUNNING',
    zone: n % 2 ? 'eu-west-1a' : 'eu-west-1b',
    address: `10.20.${number}.${n}`,
    stopCode: undefined,
    stoppedReason: undefined,
    containers: [
      {
        name: 'orders',
        exitCode: undefined,
        reason: undefined,
        imageDigest: /@(.*)/.exec(
          JSON.stringify(definitions.get(taskDefinition)?.document).split('"image":"')[1]?.split('"')[0] ??
            '',
        )?.[1],
      },
    ],
    ...more,
  });
  const running = (): Task[] => {
    const last = made.at(-1);
    const number = last?.number ?? 1;
    return [1, 2].map((n) => task(n, currentDefinition(), number, {}));
  };

  const services: ServiceReader = {
    cluster: async () => ({ arn: `${ARN}:cluster/acme-prod`, status: state.cluster }),
    service: async () => service(),
    taskDefinition: async (name) =>
      name === FAMILY ? [...definitions.values()].at(-1) : definitions.get(name),
    deployments: async (_, __, since) => {
      if (state.denied) throw new Failure('AWS_DENIED', 'AWS denied ecs:ListServiceDeployments', 'allow it');
      if (since < clock.now() - 90 * 24 * 3_600_000) throw new Error('createdAt.after is too far back');
      return made
        .filter(({ at }) => at >= since && state.listed)
        .map((each) => ({
          arn: `deployment-${each.number}`,
          targetRevision: `${ARN}:service-revision/acme-prod/orders/${each.number}`,
          createdAt: each.at,
          status: state.statuses[each.number] ?? momentOf(each).status,
        }))
        .reverse();
    },
    deployment: async (arn): Promise<ServiceDeployment> => {
      const blind = state.blind.shift();
      if (blind) throw new Failure(blind, 'nothing was seen', 'none');
      const each = made.find(({ number }) => arn === `deployment-${number}`);
      if (!each) throw new Error(`no ${arn}`);
      const moment = momentOf(each);
      return {
        arn,
        targetRevision: `${ARN}:service-revision/acme-prod/orders/${each.number}`,
        status: moment.status,
        reason: moment.reason,
        strategy: 'ROLLING',
        stage: undefined,
        productionWeight: undefined,
        testWeight: undefined,
        hooks: moment.hooks ?? [],
        sources: [],
        createdAt: 0,
        finishedAt: undefined,
        tasks: { requested: 2, running: moment.running ?? 0, pending: 2 - (moment.running ?? 0) },
        breaker: moment.breaker,
        alarms: [],
        rollback: undefined,
      };
    },
    revision: async (arn) => {
      const each = made.find(({ number }) => arn.endsWith(`/${number}`));
      return {
        arn,
        taskDefinition: each?.taskDefinition ?? first.arn,
        targetGroups: ['group'],
        images: [],
        document: {},
        ...state.revisions[each?.number ?? 1],
      };
    },
    tasks: async (_, __, status) => {
      const last = made.at(-1);
      if (status === 'RUNNING') return running();
      if (!last) return [];
      const { crashed = 0, crash = {} } = momentOf(last);
      const dead = { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' };
      const others = [
        ...[7, 8].map((n) => task(n, first.arn, 1, { ...dead, startedBy: undefined })),
        ...[7, 8].map((n) => task(n, last.taskDefinition, 99, dead)), // an earlier deployment of the same revision
      ];
      const ours = Array.from({ length: crashed }, (_, i) =>
        task(i + 1, last.taskDefinition, last.number, {
          lastStatus: 'STOPPED',
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          containers: [{ name: 'orders', exitCode: 3, reason: undefined, imageDigest: undefined }],
          ...crash,
        }),
      );
      return [...others, ...ours];
    },
  };
  const targets: TargetReader = {
    loadBalancer: async (name) => ({ arn: 'balancer', name, scheme: 'internal' }),
    targetGroup: async (name) => ({
      arn: 'group',
      name: name === 'group' ? 'acme-prod-orders' : name,
      loadBalancers: ['balancer'],
      healthCheck: { path: '/healthz', port: 'traffic-port', matcher: '200', timeoutSeconds: 5 },
    }),
    targets: async () => {
      const last = made.at(-1);
      const healthy = last ? (momentOf(last).healthy ?? 0) : 2;
      return (
        state.targets ??
        running().map(({ address }, i) => ({
          address: address ?? '',
          port: 8080,
          state: i < healthy ? 'healthy' : 'initial',
          reason: undefined,
          description: undefined,
        }))
      );
    },
  };
  const deployer: ServiceDeployer = {
    register: async (body, tags) => {
      await state.meanwhile();
      return mutate('register', () => {
        if (state.registrationLost === 'all') return 'unknown';
        const made = define(body, [...tags]);
        return state.registrationLost === 'answer' ? 'unknown' : made;
      });
    },
    update: async (update) =>
      mutate('update', () => {
        const { taskDefinition, members = {} } = update;
        updates.push(update);
        state.justBefore();
        if (state.lost) return 'unknown';
        const before = service().deployments;
        const { forceNewDeployment, ...set } = members;
        described = { ...described, ...set };
        const rolls = ['networkConfiguration', 'loadBalancers'].some((member) => member in set);
        if (service().taskDefinition !== taskDefinition || forceNewDeployment === true || rolls) {
          made.push({ number: made.length + 2, taskDefinition, at: clock.now() });
          const replaced = before.map((each) => ({ ...each, primary: false }));
          const after = service();
          return state.unanswered
            ? 'unknown'
            : { ...after, deployments: [...after.deployments, ...replaced] };
        }
        return state.unanswered ? 'unknown' : service();
      }),
    rollBack: async (arn) =>
      mutate('rollBack', () => {
        const each = made.find(({ number }) => arn === `deployment-${number}`);
        if (each && each.stoppedAt === undefined) each.stoppedAt = clock.now();
        return 'asked';
      }),
    resume: async (_, hook, action) => {
      calls.push(`${action} ${hook}`);
      state.answered = true;
      return 'asked';
    },
    deregister: async () => {},
  };
  /** How the next task that is run goes: after so many seconds it stops, with this code. */
  const oneOff = { seconds: 20, exitCode: 0 as number | undefined, refusals: [] as string[] };
  const ran = new Map<
    string,
    { readonly task: TaskToRun; readonly at: number; stopped?: string } & Pick<
      typeof oneOff,
      'seconds' | 'exitCode'
    >
  >();
  const tasks: TaskRunner = {
    run: async (wanted) => {
      const refused = oneOff.refusals.shift();
      if (refused !== undefined) return refused === 'unknown' ? 'unknown' : { refused };
      if (!ran.has(wanted.key)) {
        calls.push('run');
        ran.set(wanted.key, { task: wanted, at: clock.now(), ...oneOff });
      }
      return oneOffTask(wanted.key);
    },
    task: async (arn) => oneOffTask(arn.split('/').at(-1) ?? ''),
    stop: async (arn, reason) => {
      calls.push('stop');
      const found = ran.get(arn.split('/').at(-1) ?? '');
      if (found) found.stopped = reason;
    },
  };
  const oneOffTask = (key: string): Task => {
    const found = ran.get(key);
    if (!found) throw new Error(`no task ${key}`);
    const over = clock.now() - found.at >= found.seconds * 1000;
    const exitCode = found.stopped ? 143 : over ? found.exitCode : undefined;
    const stopped = over || found.stopped !== undefined;
    return {
      arn: `${ARN}:task/acme-prod/${key}`,
      taskDefinition: found.task.taskDefinition,
      startedBy: found.task.startedBy,
      lastStatus: stopped ? 'STOPPED' : 'RUNNING',
      zone: undefined,
      address: undefined,
      stopCode: stopped ? 'EssentialContainerExited' : undefined,
      stoppedReason: found.stopped,
      stoppedAt: stopped ? found.at + found.seconds * 1000 : undefined,
      containers: [
        { name: found.task.container, exitCode, reason: undefined, imageDigest: undefined },
        { name: 'sidecar', exitCode: stopped ? 137 : undefined, reason: undefined, imageDigest: undefined },
      ],
    };
  };
  return {
    tasks,
    oneOff,
    ran,
    services,
    targets,
    deployer,
    calls,
    updates,
    faults,
    state,
    definitions,
    made,
    define,
    document: aDocument,
    service,
  };
}
