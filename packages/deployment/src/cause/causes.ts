import type { Task, TaskContainer, TaskDefinitionDocument } from '../observed.ts';
import { withNames } from '../plain-names.ts';
import type { CauseClass, Certainty } from './cause-class.ts';
import { CAUSE_CLASSES } from './classes.ts';

/** Why tasks stopped: those of one fingerprint, with one of them as the example. */
export interface Cause {
  readonly class: string;
  readonly certainty: Certainty;
  readonly failAt: number | undefined;
  /** Distinct stopped tasks with this fingerprint. */
  readonly count: number;
  readonly fingerprint: string;
  readonly task: string;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  readonly container: string | undefined;
  readonly exitCode: number | undefined;
  readonly containerReason: string | undefined;
  readonly advice: string;
}

/**
 * Causes of the stopped tasks of one deployment, noise left out, the most telling first. A task counts once however
 * often it is listed, and the example of a cause is the task that stopped first. `essential` names the containers
 * whose end ends the task, when the task definition is known.
 */
export function causesOf(stopped: readonly Task[], essential?: ReadonlySet<string>): readonly Cause[] {
  const causes = new Map<string, Cause>();
  const distinct = new Map(stopped.map((task) => [task.arn, task]));
  for (const task of [...distinct.values()].sort(byEnd)) {
    const cause = causeOf(task, essential);
    if (cause.certainty === 'noise') continue;
    const known = causes.get(cause.fingerprint);
    causes.set(cause.fingerprint, known ? { ...known, count: known.count + 1 } : cause);
  }
  return [...causes.values()].sort(
    (a, b) =>
      weight(b.certainty) - weight(a.certainty) || b.count - a.count || compare(a.fingerprint, b.fingerprint),
  );
}

/** Names of the containers whose end ends the task: all but those that say otherwise. */
export function essentialContainers(document: TaskDefinitionDocument): ReadonlySet<string> {
  const containers = document['containerDefinitions'];
  const names = (Array.isArray(containers) ? containers : []).flatMap((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const { name, essential } = each as { readonly [member: string]: unknown }; // an object by the line above
    return typeof name === 'string' && essential !== false ? [name] : [];
  });
  return new Set(names);
}

function byEnd(a: Task, b: Task): number {
  return (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0) || compare(a.arn, b.arn);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The cause after which waiting is pointless: enough distinct tasks of one fingerprint while no task of the new
 * revision is healthy. If one is healthy, or if that is not known (`undefined`), the deployment is left to ECS and the
 * time limit.
 */
export function certainFailure(causes: readonly Cause[], healthy: number | undefined): Cause | undefined {
  if (healthy !== 0) return undefined;
  return causes.find(({ count, failAt }) => failAt !== undefined && count >= failAt);
}

/** What ECS says of every task that ended by itself, and more of none. */
const TOLD_ALREADY = 'Essential container in task exited';

const LONGEST = 400; // characters of a reason; the log lines have all of it

/** One sentence: what was seen, how often. */
export function sayCause({ count, stopCode, container, exitCode, ...cause }: Cause): string {
  const said = [cause.containerReason, cause.stoppedReason].filter((each) => each && each !== TOLD_ALREADY);
  const reason = withNames([...new Set(said)].join('; ').replace(/[\r\n]+/g, ' '));
  const why = reason && ` (${reason.length > LONGEST ? `${reason.slice(0, LONGEST)}…` : reason})`;
  const tasks = count === 1 ? 'one task' : `${count} tasks`;
  if (exitCode !== undefined && stopCode !== 'ServiceSchedulerInitiated') {
    return `${tasks}: ${container ? `container ${container}` : 'the task'} exited with code ${exitCode}${why}`;
  }
  return `${tasks} ${stopCode === 'TaskFailedToStart' ? 'did not start' : 'stopped'}${why}`;
}

/**
 * Characters of a reason that are read and kept. AWS writes some hundred; part of it is a registry's, a runtime's or an
 * image's own text, and the patterns of the classes would take minutes over a megabyte of it.
 */
const READ = 4_000;

function causeOf(stopped: Task, essential: ReadonlySet<string> | undefined): Cause {
  const task = shortened(stopped);
  const counted = task.containers.filter(({ name }) => essential?.has(name) ?? true);
  // A sidecar that may end does not end a running task, but one that cannot start keeps it from running.
  const ended = task.stopCode === 'EssentialContainerExited' && counted.length > 0;
  const container = deadContainer(ended ? counted : task.containers);
  const found = classOf(task, container);
  const fingerprint = [
    found.name,
    task.stopCode ?? '',
    normalised(task.stoppedReason ?? ''),
    container?.name ?? '',
    container?.exitCode ?? '',
    normalised(container?.reason ?? ''),
  ].join('|');
  return {
    class: found.name,
    certainty: found.certainty,
    failAt: found.failAt,
    count: 1,
    fingerprint,
    task: task.arn,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    container: container?.name,
    exitCode: container?.exitCode,
    containerReason: container?.reason,
    advice: found.advice,
  };
}

function shortened(task: Task): Task {
  return {
    ...task,
    stoppedReason: task.stoppedReason?.slice(0, READ),
    containers: task.containers.map((each) => ({ ...each, reason: each.reason?.slice(0, READ) })),
  };
}

function classOf(task: Task, container: TaskContainer | undefined): CauseClass {
  const said = [task.stoppedReason ?? '', container?.reason ?? '', task.stopCode ?? ''];
  const found = CAUSE_CLASSES.find(
    ({ stopCode, exitCode, text }) =>
      (stopCode === undefined || stopCode === task.stopCode) &&
      (exitCode === undefined || exitCode === container?.exitCode) &&
      (text === undefined || said.some((words) => text.test(words))),
  );
  if (!found) throw new TypeError('the table of causes ends in a class that matches everything');
  return found;
}

/** Codes of a container that was ended because another one had died (SIGKILL, SIGTERM). */
const ENDED_BY_ECS: readonly number[] = [137, 143];

/** The container that ended the task: not one that ECS ended for its sake, unless it says why itself. */
function deadContainer(containers: readonly TaskContainer[]): TaskContainer | undefined {
  const failed = ({ exitCode }: TaskContainer) => exitCode !== undefined && exitCode !== 0;
  return (
    containers.find(({ reason }) => reason !== undefined) ??
    containers.find((each) => failed(each) && !ENDED_BY_ECS.includes(each.exitCode ?? 0)) ??
    containers.find(failed) ??
    containers.find(({ exitCode }) => exitCode !== undefined) ??
    containers[0]
  );
}

/** The same words for the same reason: ids, addresses, ARNs and numbers differ from task to task. */
function normalised(text: string): string {
  return text
    .replace(/arn:[^\s)]+/g, 'ARN')
    .replace(/\b[0-9a-f]{8}[0-9a-f-]*\b/gi, 'ID')
    .replace(/\d+/g, 'N')
    .replace(/\s+/g, ' ')
    .trim();
}

function weight(certainty: Certainty): number {
  return ['noise', 'transient', 'outside', 'likely', 'certain'].indexOf(certainty);
}
