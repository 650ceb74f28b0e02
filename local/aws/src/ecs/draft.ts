import { plainCopy } from '../world/plain-copy.ts';
import { say } from './events.ts';
import type { Context, Effect, Happening } from './happening.ts';
import type { Deployment, ServiceDeployment, ServiceState } from './state.ts';
import type { Task, TaskRun } from './task-state.ts';

/** A service while one happening is worked into it: the copy that may be changed, and what is to be done. */
export interface Draft {
  readonly service: ServiceState;
  readonly effects: Effect[];
  readonly at: Context;
}

/**
 * A copy that may be changed. What never changes again is not copied, however much of it there is: tasks that are over,
 * service deployments that have ended, revisions and events.
 */
export function draftOf(service: ServiceState): ServiceState {
  const { history, revisions, events, tasks, ...rest } = service;
  return {
    ...plainCopy(rest),
    tasks: tasks.map((one) => (isOver(one) ? one : plainCopy(one))),
    history: history.map((one) => (OPEN.includes(one.status) ? plainCopy(one) : one)),
    revisions: [...revisions],
    events: [...events],
  };
}

export function later(draft: Draft, milliseconds: number, happening: Happening): void {
  draft.effects.push({ kind: 'later', milliseconds, happening });
}

export function event(draft: Draft, text: string): void {
  say(draft.service, text, { now: draft.at.now, id: draft.at.names.uuid() });
}

export function taskOf(draft: Draft, id: string): Task | undefined {
  return draft.service.tasks.find((task) => task.id === id);
}

export function primaryOf({ service }: Draft): Deployment | undefined {
  return service.deployments[0];
}

export const OPEN: readonly ServiceDeployment['status'][] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/** The service deployment that is still going on; there is never more than one. */
export function openOf({ service }: Draft): ServiceDeployment | undefined {
  return service.history.find((one) => OPEN.includes(one.status));
}

export function isWanted(task: TaskRun): boolean {
  return task.desiredStatus === 'RUNNING';
}

export function isOver(task: TaskRun): boolean {
  return task.lastStatus === 'STOPPED';
}

/** Ports that a task must be registered with, by target group. */
export function balancersOf(
  { service }: Draft,
  task: Task,
): readonly { targetGroupArn: string; port: number }[] {
  const revision = service.revisions.find((one) => one.id === task.revision);
  return (revision?.loadBalancers ?? []).map((one, index) => ({
    targetGroupArn: revision?.groups[index] ?? one.targetGroupArn,
    port: one.containerPort,
  }));
}
