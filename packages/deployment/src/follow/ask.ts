import { Failure } from '@tenant-delivery/action-kit/failure';
import { essentialContainers } from '../cause/causes.ts';
import { registrationsOf } from '../health/registrations.ts';
import type { Answer, TargetsAnswer } from './answer.ts';
import { fold } from './fold.ts';
import { knownRunning } from './fold-targets.ts';
import type { FollowPorts } from './follow-ports.ts';
import type { Question } from './next-question.ts';
import { passes } from './patience.ts';
import type { Snapshot } from './snapshot.ts';
import { DEGRADED } from './visibility.ts';

/** Asks one question of ECS or the load balancer, and answers what is known then. */
export async function ask(ports: FollowPorts, snapshot: Snapshot, question: Question): Promise<Snapshot> {
  switch (question) {
    case 'deployment':
      return askDeployment(ports, snapshot);
    case 'service':
      return fold(snapshot, await serviceAnswer(ports, snapshot, 'service'));
    case 'stopped':
      return askStopped(ports, snapshot);
    case 'targets':
      return askTargets(ports, snapshot);
  }
}

/** The first look shows whether the role may see service deployments; if not, the service's own list is used. */
async function askDeployment(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  const { clock, runner, services } = ports;
  const { serviceDeployment } = snapshot.subject.start;
  if (serviceDeployment === undefined) return snapshot;
  const at = clock.now();
  try {
    return fold(snapshot, {
      kind: 'deployment',
      at,
      deployment: await services.deployment(serviceDeployment),
    });
  } catch (thrown) {
    if (snapshot.deployment !== undefined || !isDenied(thrown)) throw thrown;
    runner.warning(`${thrown.message}. ${DEGRADED}`);
    return ask(ports, fold(snapshot, { kind: 'deployment-denied', at }), 'service');
  }
}

async function serviceAnswer(
  { clock, services }: FollowPorts,
  { subject }: Snapshot,
  kind: 'service' | 'events',
): Promise<Extract<Answer, { kind: 'service' | 'events' }>> {
  const at = clock.now();
  const { names, target } = subject.ref;
  return { kind, at, service: await services.service(names.cluster, target.service) };
}

/** The service for its events, which explain and decide nothing. */
export async function askEvents(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  const what = 'what ECS says of the service';
  return fold(
    snapshot,
    await optionally(ports, 'service', what, () => serviceAnswer(ports, snapshot, 'events')),
  );
}

/** The service for the task definition that it names once its deployment is SUCCESSFUL. */
export async function askPrimary(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  return fold(snapshot, await serviceAnswer(ports, snapshot, 'events'));
}

async function askStopped(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  const { services } = ports;
  const { names, target } = snapshot.subject.ref;
  const answer = await optionally(ports, 'stopped', 'why tasks stop', async (at) => ({
    kind: 'stopped',
    at,
    tasks: await services.tasks(names.cluster, target.service, 'STOPPED', snapshot.over),
  }));
  const told = fold(snapshot, answer);
  if (answer.kind === 'unread' || told.essential || told.stopped.length === 0) return told;
  const { taskDefinition } = snapshot.subject.start;
  const definition = await services.taskDefinition(taskDefinition).catch((thrown: unknown) => {
    if (passes(thrown)) return undefined;
    throw thrown;
  });
  const containers = definition && essentialContainers(definition.document);
  return fold(told, { kind: 'essential', containers });
}

const HEALTHY = 'how many tasks are healthy';
const LISTED_EVERY = 90_000; // milliseconds, for each page of running tasks while others are to come

/**
 * Once more if a task of ours has left its target group: what became of it, and who has its place. Where others are
 * healthy that decides nothing, and the next list of tasks tells it.
 */
async function askTargets(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  const counted = await countHealthy(ports, snapshot);
  if (!counted.left || (counted.healthy ?? 0) > 0) return counted;
  const told = counted.denied.has('stopped') ? counted : await askStopped(ports, counted);
  return countHealthy(ports, told);
}

async function countHealthy(ports: FollowPorts, snapshot: Snapshot): Promise<Snapshot> {
  const unanswered = { ...snapshot, left: false };
  const placed = snapshot.groups
    ? unanswered
    : fold(
        unanswered,
        await optionally(ports, 'targets', HEALTHY, async () => ({
          kind: 'groups',
          groups: await groupsOf(ports, snapshot),
        })),
      );
  if (!placed.groups) return placed;
  return fold(placed, await optionally(ports, 'targets', HEALTHY, (at) => targetsAnswer(ports, placed, at)));
}

async function targetsAnswer(
  { services, targets }: FollowPorts,
  snapshot: Snapshot,
  at: number,
): Promise<TargetsAnswer> {
  const { subject, groups = [], over } = snapshot;
  const { names, target } = subject.ref;
  const known = new Set([...over, ...knownRunning(snapshot).map(({ arn }) => arn)]);
  const [listed, states] = await Promise.all([
    stillCount(snapshot, at) ? undefined : services.tasks(names.cluster, target.service, 'RUNNING', known),
    Promise.all(groups.map((group) => targets.targets(group))),
  ]);
  return { kind: 'targets', at, running: listed, targets: states.flat() };
}

/**
 * Whether the running tasks that are known are enough to count who is healthy. While others are to come, and nothing is
 * decided by that count, new ones are asked for seldom: a rollout of 100 tasks costs no more than one of four.
 */
function stillCount(snapshot: Snapshot, at: number): boolean {
  const { groups = [], running, deployment, healthy } = snapshot;
  if (groups.length === 0 || !running || !deployment) return false;
  const { tasks } = deployment;
  if (running.count === tasks.running) return true;
  const isComplete = tasks.running >= tasks.requested;
  const isDecisive = healthy === undefined || healthy === 0 || (isComplete && running.count !== undefined);
  const pages = Math.ceil((2 * tasks.requested) / 100); // of ECS's list, in which old tasks are too
  return !isDecisive && at - running.at < (isComplete ? LISTED_EVERY / 3 : pages * LISTED_EVERY);
}

/** The groups that ECS said it registers this revision in, or those of the service where nobody may look at the revision. */
async function groupsOf(
  { services }: FollowPorts,
  { subject, visibleIn, service }: Snapshot,
): Promise<readonly string[]> {
  const { start, ref } = subject;
  if (start.targetGroups?.length) return start.targetGroups;
  if (start.serviceRevision !== undefined && visibleIn === 'service-deployment')
    return (await services.revision(start.serviceRevision)).targetGroups;
  const described = service ?? (await services.service(ref.names.cluster, ref.target.service));
  return registrationsOf(described?.document ?? {}).map(({ targetGroup }) => targetGroup);
}

/** What explains but does not decide: a denial is said once, trouble that passes leaves what was known. */
async function optionally(
  { clock, runner }: FollowPorts,
  question: Question,
  what: string,
  work: (at: number) => Promise<Answer>,
): Promise<Answer> {
  const at = clock.now();
  try {
    return await work(at);
  } catch (thrown) {
    const denied = isDenied(thrown);
    if (denied) runner.warning(`${thrown.message}. Without it this run can't tell ${what}.`);
    else if (!passes(thrown)) throw thrown;
    return { kind: 'unread', question, at, denied };
  }
}

function isDenied(thrown: unknown): thrown is Failure {
  return thrown instanceof Failure && thrown.code === 'AWS_DENIED';
}
