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
 * one-off task ends with 0 after 5 s.
 */
export interface TaskScript {
  /** The image can't be pulled, with the text after `CannotPullContainerError: `. */
  readonly pullError?: string;
  /** How long it takes until the containers have started. 0 when absent. */
  readonly startSeconds?: number;
  /** The first essential container ends by itself. */
  readonly exit?: { readonly code: number; readonly afterSeconds: number; readonly reason?: string };
  /** When its health checks begin to pass; until then the port refuses connections. 3 when absent. */
  readonly healthyAfterSeconds?: number;
  /** What every health check gets instead, from the given second on (0 when absent). */
  readonly unhealthy?: { readonly answer: ProbeAnswer; readonly afterSeconds?: number };
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
    if (script.pullError !== undefined) {
      const reason = `CannotPullContainerError: ${script.pullError}`;
      end({ kind: 'cannot-start', container: main?.name ?? '', reason });
      return;
    }
    startedAt = clock.now();
    listener.started();
    for (const { atSeconds, line } of script.log ?? []) after(atSeconds, () => main?.log(line));
    const { exit } = script;
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
    reach: () =>
      over
        ? undefined
        : { kind: 'scripted', status: 200, body: `${order.service} ${order.task} ${main?.content.digest}\n` },
  };
}

function answer(script: TaskScript, age: number): ProbeAnswer {
  if (age < 0) return { kind: 'refused' };
  if (script.unhealthy && age >= (script.unhealthy.afterSeconds ?? 0)) return script.unhealthy.answer;
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
