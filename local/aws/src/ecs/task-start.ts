import { balancersOf, type Draft, event, isOver, isWanted, later } from './draft.ts';
import type { Happening } from './happening.ts';
import { newTask } from './new-task.ts';
import { addressOf, choosePlace, nextHost } from './placement.ts';
import type { Deployment, Subnet } from './state.ts';
import { turnHealthy, weigh } from './task-health.ts';
import type { Task } from './task-state.ts';

/** Virtual milliseconds that Fargate takes, roughly. */
export const PROVISIONING = 2_000;
const ACTIVATING = 1_000;
const PLACING_AGAIN = 10_000;
/** A task that nothing checks counts as healthy after it ran this long. */
const LASTING = 40_000;

/** Starts one task of a deployment in the zone that has fewest; answers nothing where there is no room for it. */
export function launch(draft: Draft, deployment: Deployment): Task | undefined {
  const { service, at } = draft;
  const live = service.tasks.filter((task) => !isOver(task));
  const { subnets, containers } =
    service.revisions.find(({ id }) => id === deployment.revision) ?? service.settings;
  if (shortageFor(draft, deployment) !== undefined) return undefined;
  const place = choosePlace(
    subnets.filter((subnet) => inSubnet(live, subnet) < at.room.capacity(subnet)),
    live
      .filter(isWanted)
      .map((task) => ({ zone: task.subnet.zone, primary: task.deployment === deployment.id })),
  );
  if (!place) return undefined;
  const own = new Set(live.map((task) => task.address));
  const taken = (address: string) => own.has(address) || at.room.taken(address);
  const host = nextHost(place.cidr, service.lastHost[place.id] ?? 0, taken);
  if (host === undefined) return undefined;
  service.lastHost[place.id] = host;
  const task: Task = {
    ...newTask(containers, { subnet: place, address: addressOf(place.cidr, host) }, at),
    deployment: deployment.id,
    revision: deployment.revision,
    targets: {},
    healthy: false,
    provedHealthy: false,
    checkFailed: false,
  };
  service.tasks.push(task);
  later(draft, PROVISIONING, { kind: 'provisioned', task: task.id });
  return task;
}

const inSubnet = (tasks: readonly Task[], { id }: Subnet) =>
  tasks.filter(({ subnet }) => subnet.id === id).length;

/** Why no further task of this deployment can be placed, addresses aside. */
function shortageFor({ service, at }: Draft, { revision }: Deployment): string | undefined {
  if (at.room.shortage !== undefined) return at.room.shortage;
  const definitionOf = (id: string) =>
    (service.revisions.find((one) => one.id === id) ?? service.settings).taskDefinition;
  const own = service.tasks.filter((task) => !isOver(task)).map((task) => definitionOf(task.revision));
  return at.room.beyondQuota(definitionOf(revision), own);
}

/** Says why a task that is wanted was not started, and looks again in a while. */
export function couldNotPlace(draft: Draft, deployment: Deployment): void {
  const { service, at } = draft;
  const reason = shortageFor(draft, deployment) ?? 'no free address is left in the subnets.';
  event(draft, `was unable to place a task. Reason: ${reason}`);
  service.restartAfter = at.now + PLACING_AGAIN;
  later(draft, PLACING_AGAIN, { kind: 'look' });
}

export function provisioned(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'PROVISIONING') return;
  task.lastStatus = 'PENDING';
  task.pullStartedAt = draft.at.now;
  draft.effects.push({ kind: 'run', task: task.id });
}

export function pulled(
  draft: Draft,
  task: Task,
  { digests, checked }: Extract<Happening, { kind: 'pulled' }>,
): void {
  task.pullStoppedAt = draft.at.now;
  for (const container of task.containers) {
    container.digest = digests[container.name];
    container.checked = checked.includes(container.name);
  }
  draft.service.revisions = draft.service.revisions.map((one) =>
    one.id === task.revision ? { ...one, digests: { ...digests, ...one.digests } } : one,
  );
}

export function started(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'PENDING' || !isWanted(task)) return;
  task.lastStatus = 'ACTIVATING';
  for (const container of task.containers) container.lastStatus = 'RUNNING';
  for (const { targetGroupArn, port } of balancersOf(draft, task)) {
    task.targets[targetGroupArn] = 'initial';
    draft.effects.push({ kind: 'register', task: task.id, targetGroupArn, port });
    event(draft, `registered 1 targets in (target-group ${targetGroupArn})`);
  }
  later(draft, ACTIVATING, { kind: 'activated', task: task.id });
}

export function activated(draft: Draft, task: Task): void {
  if (task.lastStatus !== 'ACTIVATING' || !isWanted(task)) return;
  task.lastStatus = 'RUNNING';
  task.startedAt = draft.at.now;
  const checked = Object.keys(task.targets).length > 0 || task.containers.some((one) => one.checked);
  if (!checked) {
    later(draft, LASTING, { kind: 'lasted', task: task.id });
    return;
  }
  later(draft, draft.service.settings.gracePeriodSeconds * 1_000, { kind: 'grace-over', task: task.id });
  weigh(draft, task);
}

export function lasted(draft: Draft, task: Task): void {
  if (task.lastStatus === 'RUNNING' && isWanted(task)) turnHealthy(draft, task);
}
