import { Failure } from '@tenant-delivery/action-kit/failure';
import { type FakeClock, fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { DeploymentStart } from '../../src/follow/deployment-start.ts';
import type { ExplainPorts } from '../../src/follow/explain.ts';
import { type FollowedFrom, type FollowOptions, follow } from '../../src/follow/follow.ts';
import type { FollowPorts } from '../../src/follow/follow-ports.ts';
import type { LifecycleHook, RolloutEntry, Service, ServiceDeployment, Task } from '../../src/observed.ts';
import type { ServiceDeployer } from '../../src/ports.ts';

/** What a deployment shows this many seconds after it was made. */
export interface Shown {
  readonly status?: string;
  readonly reason?: string;
  readonly strategy?: string;
  readonly configuration?: ServiceDeployment['configuration'];
  readonly stage?: string;
  readonly weight?: number;
  readonly hooks?: readonly LifecycleHook[];
  readonly requested?: number;
  readonly running?: number;
  /** Old tasks that still run. */
  readonly old?: number;
  /** Seconds at which tasks of ours died, so far. */
  readonly deaths?: readonly number[];
  readonly crash?: Partial<Task>;
  readonly healthy?: number;
  /** What the target group says of those that are not healthy. */
  readonly unhealthy?: readonly [string, string];
  /** What it says of the last ones: that they can never be. */
  readonly unused?: { readonly count: number; readonly reason: string };
  readonly breaker?: { readonly failures: number; readonly threshold: number };
  readonly alarms?: readonly string[];
  /** The task definition that the service names, when it is not ours. */
  readonly names?: string;
  /** For a role that sees the service alone; as rolling services have it otherwise. */
  readonly rolloutState?: RolloutEntry['rolloutState'] | 'absent';
}

export interface Event {
  readonly at: number;
  readonly message: string;
}

const ARN = 'arn:aws:ecs:eu-west-1:000011112222';
export const OURS = `${ARN}:task-definition/acme-prod-orders:8`;
export const OLD = `${ARN}:task-definition/acme-prod-orders:7`;
export const DEPLOYMENT = `${ARN}:service-deployment/acme-prod/orders/abcDEF123`;
const REVISION = `${ARN}:service-revision/acme-prod/orders/2`;

export interface Story {
  readonly script: (seconds: number, answered: number | undefined) => Shown;
  readonly events?: readonly Event[];
  readonly service?: Service['document'];
  readonly start?: Partial<DeploymentStart>;
  readonly options?: Partial<FollowOptions>;
  readonly minutes?: number;
  /** Seconds that a rollback takes; `Infinity` for never. */
  readonly landing?: number;
  readonly refuses?: string;
}

/** One deployment of acme's orders in memory, told by a script over time, and the follower over it. */
export function aRollout(story: Story) {
  const clock: FakeClock = fakeClock();
  const runner: FakeRunner = fakeRunner();
  const beganAt = clock.now();
  /** AWS's own calls, by kind: a listing of tasks describes them too, when there are any. */
  const calls: string[] = [];
  const state: {
    rollBackAt: number | undefined;
    answeredAt: number | undefined;
    action: string | undefined;
    /** Happens before the call of this number, counted from 1. */
    before: (call: string, number: number) => void | Promise<void>;
    log: readonly string[];
  } = { rollBackAt: undefined, answeredAt: undefined, action: undefined, before: () => {}, log: [] };
  const called = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      calls.push(name);
      await state.before(name, calls.length);
    }
  };
  const seconds = () => (clock.now() - beganAt) / 1000;

  const shown = (): Shown => {
    const { rollBackAt } = state;
    if (rollBackAt === undefined) return story.script(seconds(), state.answeredAt);
    const landed = seconds() - rollBackAt >= (story.landing ?? 20);
    return {
      ...story.script(rollBackAt, state.answeredAt),
      hooks: [],
      status: landed ? 'ROLLBACK_SUCCESSFUL' : 'ROLLBACK_IN_PROGRESS',
      ...(landed && { names: OLD }),
    };
  };
  const task = (number: number, more: Partial<Task> = {}): Task => ({
    arn: `${ARN}:task/acme-prod/${String(number).padStart(32, '0')}`,
    taskDefinition: OURS,
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    zone: number % 2 ? 'eu-west-1a' : 'eu-west-1b',
    address: `10.20.0.${number}`,
    stopCode: undefined,
    stoppedReason: undefined,
    createdAt: beganAt,
    startedAt: beganAt + 1000,
    containers: [{ name: 'orders', exitCode: undefined, reason: undefined, imageDigest: undefined }],
    ...more,
  });
  const dead = (): Task[] =>
    (shown().deaths ?? [])
      .filter((at) => at <= seconds())
      .map((at, index) =>
        task(10_000 + index, {
          lastStatus: 'STOPPED',
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          stoppedAt: beganAt + at * 1000,
          containers: [{ name: 'orders', exitCode: 3, reason: undefined, imageDigest: undefined }],
          ...shown().crash,
        }),
      );
  const others = [
    task(90_000, {
      taskDefinition: OLD,
      startedBy: 'ecs-svc/1',
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
    }),
    task(90_001, { startedBy: 'ecs-svc/9', lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' }),
  ];
  const counts = () => {
    const { requested = 2, running = 0 } = shown();
    return { requested, running, pending: Math.max(0, requested - running) };
  };
  const deployment = (): ServiceDeployment => {
    const now = shown();
    return {
      arn: DEPLOYMENT,
      targetRevision: REVISION,
      status: now.status ?? 'IN_PROGRESS',
      reason: now.reason,
      strategy: now.strategy ?? 'ROLLING',
      configuration: now.configuration,
      stage: now.stage,
      productionWeight: now.weight,
      testWeight: undefined,
      hooks: now.hooks ?? [],
      tasks: counts(),
      sources:
        now.old === undefined
          ? []
          : [{ revision: 'old', tasks: { requested: 0, running: now.old, pending: 0 } }],
      createdAt: beganAt,
      finishedAt: undefined,
      breaker: now.breaker && { status: 'MONITORING', ...now.breaker },
      alarms: now.alarms ?? [],
      rollback: undefined,
    };
  };
  const service = (): Service => {
    const now = shown();
    // once ECS goes back, the version before is PRIMARY again
    const names = now.names ?? (/^ROLLBACK_[IS]/.test(now.status ?? '') ? OLD : OURS);
    const word = { SUCCESSFUL: 'COMPLETED', STOPPED: 'FAILED' }[
      now.status ?? ''
    ] as RolloutEntry['rolloutState'];
    const ours = now.rolloutState === 'absent' ? undefined : (now.rolloutState ?? word ?? 'IN_PROGRESS');
    const entry = (
      id: number,
      taskDefinition: string,
      primary: boolean,
      rolloutState: RolloutEntry['rolloutState'],
    ) => ({
      id: `ecs-svc/${id}`,
      primary,
      taskDefinition,
      rolloutState,
      createdAt: beganAt,
      ...(id === 2 && { tasks: counts() }),
    });
    return {
      arn: `${ARN}:service/acme-prod/orders`,
      clusterArn: `${ARN}:cluster/acme-prod`,
      status: 'ACTIVE',
      controller: 'ECS',
      strategy: now.strategy ?? 'ROLLING',
      taskDefinition: names,
      desired: 2,
      running: 2,
      deployments:
        names === OURS
          ? [entry(2, OURS, true, ours), entry(1, OLD, false, 'COMPLETED')]
          : [
              entry(3, names, true, 'COMPLETED'),
              entry(2, OURS, false, now.rolloutState === undefined ? 'FAILED' : ours),
            ],
      breaker: { enabled: true, rollback: true },
      events: (story.events ?? [])
        .filter(({ at }) => at <= seconds())
        .map(({ at, message }) => ({ id: `event-${at}-${message}`, at: beganAt + at * 1000, message }))
        .reverse(),
      document: story.service ?? {},
    };
  };
  const old = () =>
    Array.from({ length: shown().old ?? 0 }, (_, index) =>
      task(20_000 + index, { taskDefinition: OLD, startedBy: 'ecs-svc/1' }),
    );
  const pages = (name: string, rows: number) => Array.from({ length: Math.ceil(rows / 100) }, () => name); // ECS lists and describes a hundred tasks at once
  /** Another one, with another address, for each that died. */
  const running = () => {
    const died = dead().length;
    return Array.from({ length: shown().running ?? 0 }, (_, index) => task(index + 1 + died));
  };

  const ports: FollowPorts & ExplainPorts = {
    runner,
    clock,
    services: {
      cluster: async () => undefined,
      service: async () => {
        await called('DescribeServices');
        return service();
      },
      taskDefinition: async (arn) => {
        await called('DescribeTaskDefinition');
        const logConfiguration = {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/td/acme/prod/orders', 'awslogs-stream-prefix': 'td' },
        };
        const document = { containerDefinitions: [{ name: 'orders', logConfiguration }] };
        return { arn, family: 'acme-prod-orders', active: true, document, tags: [] };
      },
      deployments: async () => {
        await called('ListServiceDeployments');
        return [
          { arn: DEPLOYMENT, targetRevision: REVISION, createdAt: beganAt, status: deployment().status },
        ];
      },
      deployment: async () => {
        await called('DescribeServiceDeployments');
        return deployment();
      },
      revision: async (arn) => {
        await called('DescribeServiceRevisions');
        return { arn, taskDefinition: OURS, images: [], document: {}, targetGroups: ['group'] };
      },
      tasks: async (_, __, status, over) => {
        const listed = status === 'RUNNING' ? [...running(), ...old()] : [...others, ...dead()];
        const asked = listed.filter(({ arn }) => !over?.has(arn));
        const listing = pages('ListTasks', Math.max(1, listed.length));
        await called(...listing, ...pages('DescribeTasks', asked.length));
        return asked;
      },
    },
    targets: {
      loadBalancer: async () => undefined,
      targetGroup: async () => undefined,
      targets: async () => {
        await called('DescribeTargetHealth');
        const { healthy = 0, unhealthy, unused } = shown();
        const [reason, description] = unhealthy ?? [];
        return running().map(({ address }, index, all) => {
          const target = { address: address ?? '', port: 8080 };
          if (state.rollBackAt !== undefined) {
            return { ...target, state: 'draining', reason: 'Target.DeregistrationInProgress', description };
          }
          if (unused && index >= all.length - unused.count) {
            return {
              ...target,
              state: 'unused',
              reason: unused.reason,
              description: 'words of the balancer',
            };
          }
          return index < healthy
            ? { ...target, state: 'healthy', reason: undefined, description: undefined }
            : { ...target, state: unhealthy ? 'unhealthy' : 'initial', reason, description };
        });
      },
    },
    logs: {
      tail: async () => {
        await called('GetLogEvents');
        return state.log;
      },
    },
  };
  const deployer: ServiceDeployer = {
    register: async () => 'unknown',
    update: async () => 'unknown',
    deregister: async () => {},
    rollBack: async () => {
      await called('StopServiceDeployment');
      if (story.refuses !== undefined) return { refused: story.refuses };
      state.rollBackAt ??= seconds();
      return 'asked';
    },
    resume: async (_, __, action) => {
      await called('ContinueServiceDeployment');
      if (story.refuses !== undefined) return { refused: story.refuses };
      state.action = action;
      state.answeredAt = seconds();
      if (action === 'ROLLBACK') state.rollBackAt = seconds();
      return 'asked';
    },
  };
  const held: number[] = [];
  const options: FollowOptions = {
    ref: {
      names: { cluster: 'acme-prod' },
      target: { account: '000011112222', region: 'eu-west-1', service: 'orders' },
    },
    start: {
      serviceDeployment: DEPLOYMENT,
      serviceRevision: REVISION,
      taskDefinition: OURS,
      rollout: 'ecs-svc/2',
      targetGroups: ['group'],
      ...story.start,
    },
    port: 8080,
    deployer,
    lock: {
      assertHeld: async () => {
        held.push(seconds());
      },
    },
    deadline: beganAt + (story.minutes ?? 20) * 60_000,
    service: story.service,
    previous: OLD,
    ...story.options,
  };
  return {
    clock,
    runner,
    ports,
    options,
    calls,
    state,
    seconds,
    held,
    follow: (from?: FollowedFrom) => follow(ports, options, from),
    log: () => runner.log.join('\n'),
    countOf: (name: string) => calls.filter((each) => each === name).length,
  };
}

export const denied = (action: string) => new Failure('AWS_DENIED', `AWS denied ${action}`, 'Allow it.');
