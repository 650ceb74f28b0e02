import type { ServiceDeployment, TaskCounts } from '../observed.ts';
import { configuredRest } from '../strategies/time-limit.ts';
import type { Answer } from './answer.ts';
import { withTargets } from './fold-targets.ts';
import type { Question } from './next-question.ts';
import { isTaskOf } from './own-tasks.ts';
import { deploymentOfEntry } from './rollout-entry.ts';
import type { Snapshot } from './snapshot.ts';

/** What is known once one more answer has come. Nothing is asked here, so that following can be thought through. */
export function fold(snapshot: Snapshot, answer: Answer): Snapshot {
  switch (answer.kind) {
    case 'deployment':
      return withDeployment(asked(snapshot, 'deployment', answer.at), answer.deployment, snapshot);
    case 'deployment-denied':
      return { ...asked(snapshot, 'deployment', answer.at), visibleIn: 'rollout-entry', moved: false };
    case 'service':
      return withService(asked(snapshot, 'service', answer.at), answer);
    case 'events':
      return { ...asked(snapshot, 'service', answer.at), service: answer.service };
    case 'stopped':
      return withStopped(asked(snapshot, 'stopped', answer.at), answer.tasks);
    case 'essential':
      return { ...snapshot, essential: answer.containers };
    case 'groups':
      return { ...snapshot, groups: answer.groups };
    case 'targets':
      return withTargets(asked(snapshot, 'targets', answer.at), answer);
    case 'unread':
      return withoutAnswer(asked(snapshot, answer.question, answer.at), answer);
  }
}

function asked(snapshot: Snapshot, question: Question, at: number): Snapshot {
  return { ...snapshot, askedAt: { ...snapshot.askedAt, [question]: at } };
}

function withDeployment(snapshot: Snapshot, deployment: ServiceDeployment, before: Snapshot): Snapshot {
  // It came here after it was last seen elsewhere; how long one rests that was found so, nobody knows.
  const rests = before.deployment ? before.askedAt.deployment + configuredRest(deployment) : 0;
  const restsUntil = isSameRest(before.deployment, deployment) ? before.restsUntil : rests;
  return { ...snapshot, deployment, restsUntil, moved: false };
}

/** Whether a deployment rests where it rested before: at the same stage, with the same share of the traffic. */
function isSameRest(before: ServiceDeployment | undefined, now: ServiceDeployment): boolean {
  return before?.stage === now.stage && before?.productionWeight === now.productionWeight;
}

function withService(snapshot: Snapshot, { service, at }: Extract<Answer, { kind: 'service' }>): Snapshot {
  const { subject, visibleIn, deployment } = snapshot;
  const { start, previous } = subject;
  if (!service) return { ...snapshot, service };
  if (visibleIn === 'rollout-entry')
    return { ...snapshot, service, deployment: deploymentOfEntry(service, { ...start, previous }, at) };
  const ours = service.deployments.find(({ id }) => id === start.rollout);
  if (!ours?.tasks || !deployment) return { ...snapshot, service, moved: true };
  if (isUnderWay(deployment.tasks, ours.tasks))
    return { ...snapshot, service, moved: false, deployment: { ...deployment, tasks: ours.tasks } };
  return { ...snapshot, service, moved: !sameCounts(deployment.tasks, ours.tasks) };
}

/** More tasks have started and others are still to come: these counts call for no look at the service deployment. */
function isUnderWay(before: TaskCounts, now: TaskCounts): boolean {
  return now.requested === before.requested && now.running >= before.running && now.running < now.requested;
}

function sameCounts(a: TaskCounts, b: TaskCounts): boolean {
  return a.requested === b.requested && a.running === b.running && a.pending === b.pending;
}

function withStopped(snapshot: Snapshot, listed: Extract<Answer, { kind: 'stopped' }>['tasks']): Snapshot {
  const own = new Set(listed.filter((task) => isTaskOf(task, snapshot.subject.start)));
  const ended = listed.filter((task) => task.lastStatus === 'STOPPED' || !own.has(task));
  const stopped = new Map([...snapshot.stopped, ...own].map((task) => [task.arn, task]));
  const more = stopped.size > snapshot.stopped.length;
  return {
    ...snapshot,
    over: new Set([...snapshot.over, ...ended.map(({ arn }) => arn)]),
    tasks: new Map([...snapshot.tasks, ...[...own].map((task) => [task.arn, task] as const)]),
    stopped: [...stopped.values()],
    running: more ? undefined : snapshot.running, // another one may have its place
  };
}

/** What could not be read leaves what was known; whether tasks are well is known no more. */
function withoutAnswer(
  snapshot: Snapshot,
  { question, denied }: Extract<Answer, { kind: 'unread' }>,
): Snapshot {
  return {
    ...snapshot,
    healthy: question === 'targets' ? undefined : snapshot.healthy,
    denied: denied ? new Set([...snapshot.denied, question]) : snapshot.denied,
  };
}
