import type { StopOrder, TaskEnd } from '../ecs/happening.ts';
import type { World } from '../world/world.ts';
import type {
  ContainerOrder,
  ProbeAnswer,
  RunningTask,
  TaskListener,
  TaskOrder,
  TaskRuntime,
} from './runtime.ts';

/**
 * What a simulated task does, in virtual seconds from its start. Without a script: healthy after 3 s, for ever; a
 * one-off task ends with 0 after 5 s. Texts may name `{image}`, `{registry}`, `{repository}`, `{family}`, `{task}`,
 * `{account}` and `{region}` of the task.
 */
export interface TaskScript {
  /** The image can't be pulled, with the text after `CannotPullContainerError: `. */
  readonly pullError?: string;
  /** It can't start for another reason, with the whole text. */
  readonly cannotStart?: {
    readonly reason: string;
    /** Whose reason it is in DescribeTasks; of a container's the task says only `Task failed to start`. */
    readonly of: 'task' | 'container';
  };
  /** How long it takes until the containers have started. 0 when absent. */
  readonly startSeconds?: number;
  /** The first essential container ends by itself. */
  readonly exit?: { readonly code: number; readonly afterSeconds: number; readonly reason?: string };
  /** Something from outside ends it. */
  readonly interrupted?: StopOrder & { readonly afterSeconds: number };
  /** When its health checks begin to pass; until then the port refuses connections. 3 when absent. */
  readonly healthyAfterSeconds?: number;
  /** What every health check gets instead, from the given second on (0 when absent) until another (for ever). */
  readonly unhealthy?: {
    readonly answer: ProbeAnswer;
    readonly afterSeconds?: number;
    readonly untilSeconds?: number;
  };
  /** From when on its containers' own health checks fail. Never when absent. */
  readonly sickAfterSeconds?: number;
  /** From when on its answers stand out among those of others. Never when absent. */
  readonly anomalousAfterSeconds?: number;
  readonly log?: readonly { readonly atSeconds: number; readonly line: string }[];
}

/** A script, or a choice for the n-th task (from 1) that it is asked for. */
export type TaskScripting =
  | TaskScript
  | ((task: { readonly nth: number; readonly order: TaskOrder }) => TaskScript);

export interface SimulatedRuntime extends TaskRuntime {
  /**
   * `subject` is an image digest, a task definition family or a service name; the most specific one counts. For a
   * one-off task, before all of them: its `startedBy`, then its group, which is `family:NAME` where RunTask named none.
   */
  script(subject: string, scripting: TaskScripting): void;
}

/** A one-off task that nobody scripted does its work and ends. */
const ONE_OFF: TaskScript = { exit: { code: 0, afterSeconds: 5 } };

export function simulatedRuntime(world: Pick<World, 'clock'>): SimulatedRuntime {
  const scripts = new Map<string, TaskScripting>();
  const asked = new Map<string, number>();
  const scriptFor = (order: TaskOrder): TaskScript => {
    const digests = order.containers.map((container) => container.content.digest);
    const subject = [
      ...(order.service === '' ? [order.startedBy, order.group] : []),
      ...digests,
      order.family,
      order.service,
    ].find((one) => scripts.has(one));
    const scripting = subject === undefined ? undefined : scripts.get(subject);
    if (subject === undefined || scripting === undefined) return order.service === '' ? ONE_OFF : {};
    const nth = (asked.get(subject) ?? 0) + 1;
    asked.set(subject, nth);
    return typeof scripting === 'function' ? scripting({ nth, order }) : scripting;
  };
  return {
    script: (subject, scripting) => void scripts.set(subject, scripting),
    run: (order, listener) => simulate(world, order, scriptFor(order), listener),
  };
}

function simulate(
  { clock }: Pick<World, 'clock'>,
  order: TaskOrder,
  script: TaskScript,
  listener: TaskListener,
): RunningTask {
  let startedAt: number | undefined;
  let over = false;
  const pending: (() => void)[] = [];
  const after = (seconds: number, work: () => void) => void pending.push(clock.after(seconds * 1_000, work));
  const main = order.containers.find((container) => container.essential) ?? order.containers[0];
  const end = (how: Parameters<TaskListener['ended']>[0]) => {
    if (over) return;
    over = true;
    for (const cancel of pending) cancel();
    listener.ended(how);
  };
  const age = () => (startedAt === undefined ? -1 : (clock.now() - startedAt) / 1_000);

  after(script.startSeconds ?? 0, () => {
    const failure = failureToStart(script, order, main?.name ?? '');
    if (failure) {
      end(failure);
      return;
    }
    startedAt = clock.now();
    listener.started();
    for (const { atSeconds, line } of script.log ?? [])
      after(atSeconds, () => main?.log(filled(line, order)));
    const { exit, interrupted } = script;
    if (interrupted) {
      const { afterSeconds, code, reason } = interrupted;
      after(afterSeconds, () => listener.interrupted({ code, reason: filled(reason, order) }));
    }
    if (exit) {
      after(exit.afterSeconds, () =>
        end({
          kind: 'exited',
          exits: exits(order.containers, main, exit.code, exit.reason),
        }),
      );
    }
  });

  return {
    stop: () => {
      after(0, () =>
        end({ kind: 'exited', exits: startedAt === undefined ? {} : exits(order.containers, main, 0) }),
      );
    },
    probe: async () => answer(script, over ? -1 : age()),
    checkContainer: async () => !over && age() < (script.sickAfterSeconds ?? Number.POSITIVE_INFINITY),
    anomalous: () => age() >= (script.anomalousAfterSeconds ?? Number.POSITIVE_INFINITY),
    reach: () =>
      over
        ? undefined
        : { kind: 'scripted', status: 200, body: `${order.service} ${order.task} ${main?.content.digest}\n` },
  };
}

function failureToStart(
  { pullError, cannotStart }: TaskScript,
  order: TaskOrder,
  container: string,
): Extract<TaskEnd, { kind: 'cannot-start' }> | undefined {
  if (pullError !== undefined)
    return {
      kind: 'cannot-start',
      container,
      reason: `CannotPullContainerError: ${filled(pullError, order)}`,
    };
  if (!cannotStart) return undefined;
  const reason = filled(cannotStart.reason, order);
  if (cannotStart.of === 'task') return { kind: 'cannot-start', container: '', reason };
  return { kind: 'cannot-start', container, reason, taskReason: 'Task failed to start' };
}

function filled(text: string, order: TaskOrder): string {
  const image = order.containers[0]?.image ?? '';
  const [registry = '', ...path] = image.split('/');
  const repository = path.join('/').replace(/[@:].*$/, '');
  const { family, task, account, region } = order;
  const values: Record<string, string> = { image, registry, repository, family, task, account, region };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function answer(script: TaskScript, age: number): ProbeAnswer {
  // One that should have ended by now answers nothing, though a slow machine has not come to its end yet.
  if (age < 0 || age >= (script.exit?.afterSeconds ?? Number.POSITIVE_INFINITY)) return { kind: 'refused' };
  const {
    answer: instead,
    afterSeconds = 0,
    untilSeconds = Number.POSITIVE_INFINITY,
  } = script.unhealthy ?? {};
  if (instead && age >= afterSeconds && age < untilSeconds) return instead;
  return age < (script.healthyAfterSeconds ?? 3) ? { kind: 'refused' } : { kind: 'answered', status: 200 };
}

/** The one that ended by itself with its code; those that were stopped because of it with SIGTERM's. */
function exits(
  containers: readonly ContainerOrder[],
  main: ContainerOrder | undefined,
  code: number,
  reason?: string,
) {
  return Object.fromEntries(
    containers.map((container) => [
      container.name,
      container === main
        ? { exitCode: code, ...(reason === undefined ? {} : { reason }) }
        : { exitCode: 143 },
    ]),
  );
}
