import { wait } from '@tenant-delivery/rotation/steps-taken';
import { tasksInWords } from './plan-tasks.ts';
import { DEPLOY_PATIENCE, LOOK_AGAIN, MOST_DEPLOYS, SETTLE } from './policy.ts';
import type { ObservedService, ObservedTask } from './ports.ts';
import { type Change, roundOf } from './progress.ts';
import { hold } from './reasons.ts';
import { act, asksAgain, isUrgent, note, type SecretsManagerMove, type Sight } from './sight.ts';
import { type Brought, holds, needsRevision } from './snapshot.ts';

/** Whether a service can get the version now, or only once it is the current one. */
export function canName({ uses }: ObservedService, policy: { readonly pinning: boolean }): boolean {
  return uses.pins.length > 0 || (policy.pinning && uses.loose);
}

/**
 * Brings a version to services, each by a deployment of ECS, and has every task of each show it. One goes ahead; the
 * others follow together. `undefined`: all have it.
 */
export function bring(
  sight: Sight,
  brought: Brought,
  services: readonly ObservedService[],
): SecretsManagerMove | undefined {
  const sorted = services.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ahead = sorted.filter((one) => isAttested(sight, one, brought));
  const shown = ahead.some(({ desired }) => desired > 0);
  const first = sorted.find((one) => one.desired > 0) ?? sorted[0];
  const turn = shown || !first ? sorted : [first];
  const moves = turn.flatMap((one) => bringTo(sight, one, brought) ?? []);
  const rank = ['note', 'act', 'hold', 'wait'];
  const [next] = moves.toSorted(
    (a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind) || untilOf(a) - untilOf(b),
  );
  if (next) return next;
  return turn === sorted ? undefined : bringAll(sight, brought, sorted);
}

/** Brings the version to every service: the one that went first has no task that could show it. */
function bringAll(
  sight: Sight,
  brought: Brought,
  services: readonly ObservedService[],
): SecretsManagerMove | undefined {
  const [next] = services.flatMap((one) => bringTo(sight, one, brought) ?? []);
  return next;
}

function untilOf(move: SecretsManagerMove): number {
  return move.kind === 'wait' ? move.until : 0;
}

function tasksOf({ seen }: Sight, { id }: ObservedService): readonly ObservedTask[] {
  return seen.tasks.filter(({ service }) => service === id);
}

function isAttested(sight: Sight, { id, taskDefinition }: ObservedService, { version }: Brought): boolean {
  const attested = roundOf(sight.progress).attested.get(id);
  return attested?.version === version && attested.taskDefinition === taskDefinition;
}

function bringTo(sight: Sight, service: ObservedService, brought: Brought): SecretsManagerMove | undefined {
  const { progress, policy, now } = sight;
  const { id, obstacles, rollout, settled, taskDefinition } = service;
  const attested = isAttested(sight, service, brought);
  const stale = needsRevision(service.uses, brought, policy.pinning);
  const late = tasksOf(sight, service).filter((task) => !holds(task, brought));
  if (attested && !stale && late.length === 0) return undefined;
  if (obstacles.length > 0) return hold('ROTATION_SERVICE', `${id} cannot be brought the value.`, obstacles);
  const said = roundOf(progress).changes.get(id);
  const change = said?.step.version === brought.version ? said : undefined;
  const going = rollout.state === 'going' || !settled;
  if (going) {
    if (now < rollout.createdAt + DEPLOY_PATIENCE)
      return wait(now + LOOK_AGAIN, `a deployment of ${id} is under way (${rollout.id})`);
    return change && !stale
      ? failed(sight, service, change)
      : wait(now + 15 * SETTLE, `a deployment of ${id} does not end (${rollout.id})`);
  }
  if (change && rollout.id === change.step.rollout && now < change.at + SETTLE)
    return wait(change.at + SETTLE, `ECS may not yet tell of the deployment of ${id}`);
  const undone = change && !isLost(service, change) && (stale ? taskDefinition === change.step.from : true);
  if (stale) {
    if (undone && !asksAgain(sight, change.process)) return failed(sight, service, change);
    return changeService(sight, service, brought, change);
  }
  if (rollout.state === 'failed' && !(change && asksAgain(sight, change.process)))
    return hold(
      'ROTATION_DEPLOY_FAILED',
      `The deployment ${rollout.id} of ${id} failed.`,
      factsOf(sight, service),
    );
  const stopping = late.filter((task) => task.taskDefinition !== taskDefinition || !task.running);
  if (late.length > stopping.length) {
    if (change?.step.do === 'restart' && undone && !asksAgain(sight, change.process))
      return failed(sight, service, change);
    return changeService(sight, service, brought, change);
  }
  if (stopping.length > 0) return patiently(sight, service, `tasks of ${id} are still stopping`);
  return attest(sight, service, brought);
}

/**
 * The deployment that was asked for never began, and its answer was lost. ECS may give the old id again to a deployment
 * that was rolled back.
 */
function isLost({ rollout }: ObservedService, { step, confirmed }: Change): boolean {
  return rollout.id === step.rollout && !confirmed;
}

function attest(sight: Sight, service: ObservedService, { version }: Brought): SecretsManagerMove {
  const { id, desired, taskDefinition, uses } = service;
  const tasks = tasksOf(sight, service).filter(({ running }) => running);
  const unwell = tasks.filter(({ healthy }) => !healthy);
  if (unwell.length > 0 || tasks.length < Math.min(desired, 1))
    return patiently(sight, service, `not every task of ${id} is healthy`);
  if (uses.fixed && tasks.some(({ pulled }) => !pulled))
    return hold(
      'ROTATION_NOT_PROVEN',
      `Tasks of ${id} did not pull their image with the new value.`,
      tasksInWords(tasks),
    );
  return note({ kind: 'attested', service: id, version, taskDefinition, tasks: tasks.length });
}

function patiently(sight: Sight, service: ObservedService, why: string): SecretsManagerMove {
  const { now, progress } = sight;
  const { changes, promotedAt = 0 } = roundOf(progress);
  const since = Math.max(service.rollout.createdAt, changes.get(service.id)?.at ?? 0, promotedAt);
  if (now < since + DEPLOY_PATIENCE + 15 * SETTLE) return wait(now + LOOK_AGAIN, why);
  return hold('ROTATION_DEPLOY_FAILED', `${why}.`, factsOf(sight, service));
}

function failed(sight: Sight, service: ObservedService, { step }: Change): SecretsManagerMove {
  return hold(
    'ROTATION_DEPLOY_FAILED',
    `The tasks of ${service.id} did not become healthy with the version ${step.version}.`,
    factsOf(sight, service),
  );
}

function changeService(
  sight: Sight,
  service: ObservedService,
  { version }: Brought,
  change: Change | undefined,
): SecretsManagerMove {
  const { policy, now } = sight;
  const { id, taskDefinition, prepared, busy, rollout } = service;
  if (busy && (now < busy.until || !isUrgent(sight)))
    return wait(Math.max(busy.until, now + SETTLE), `${id}: ${busy.why}`);
  if ((change?.times ?? 0) >= MOST_DEPLOYS)
    return hold('ROTATION_SERVICE', `${id} does not keep the version ${version}.`, factsOf(sight, service));
  const step = { service: id, version, from: taskDefinition, rollout: rollout.id };
  if (!needsRevision(service.uses, { version, since: undefined }, policy.pinning))
    return act(sight, { do: 'restart', ...step });
  return prepared?.version === version
    ? act(sight, { do: 'deploy', ...step, revision: prepared.revision })
    : act(sight, { do: 'register', service: id, version, from: taskDefinition });
}

function factsOf(sight: Sight, service: ObservedService): readonly string[] {
  const { id, taskDefinition, rollout } = service;
  return [
    `${id} runs ${taskDefinition}; its deployment ${rollout.id} is ${rollout.state}`,
    ...tasksInWords(tasksOf(sight, service)),
  ];
}
