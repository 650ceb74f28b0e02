import {
  deploymentByNumber,
  deploymentByTaskDefinition,
  LIST_MARGIN,
  type RolloutEntry,
  type Service,
  type ServiceDeployer,
  sameTags,
  sameTaskDefinition,
  type TaskDefinition,
  type TaskDefinitionDocument,
} from '@tenant-delivery/deployment';
import type { Started } from './begin.ts';
import type { EcsWorld } from './deploy-world.ts';
import { failures } from './failures.ts';
import type { Hold, Place } from './place.ts';
import type { Prepared } from './prepare.ts';

const APPEARS = 60_000; // milliseconds; a new service deployment is listed within seconds
const LOOK_AGAIN = 2_000;
const LOOKS = 3; // at what a request did whose answer was lost

/**
 * Registers the task definition unless the family's latest revision is the same, and updates the service once.
 * Right before the update the lock is proven held and the service proven to be as it was planned from.
 */
export async function bringAbout(
  world: EcsWorld,
  place: Place,
  deployer: ServiceDeployer,
  lock: Hold,
  now: Prepared,
  wanted: TaskDefinitionDocument,
): Promise<Started> {
  const { runner, services } = world;
  const { names, target } = place;
  const revision = await registered(world, deployer, now.current, wanted);
  const before = await services.service(names.cluster, target.service);
  if (before?.taskDefinition !== now.current.arn) {
    const runs = before?.taskDefinition ?? 'nothing';
    throw failures.planChanged([`taskDefinition.from: approved ${now.current.arn}, now ${runs}`]);
  }
  await lock.assertHeld();
  const answer = await deployer.update({ taskDefinition: revision.arn });
  const updated = answer === 'unknown' ? await lookAgain(world, place, revision.arn) : answer;
  const rollout = updated.deployments.find(({ primary }) => primary);
  if (rollout?.taskDefinition !== revision.arn) {
    throw failures.updateUnanswered(target.service, rollout?.taskDefinition ?? 'nothing');
  }
  runner.info(`${target.service} now rolls to ${revision.arn} (${rollout.id})`);
  return listed(world, place, rollout, revision.arn);
}

async function registered(
  { services, runner, clock }: EcsWorld,
  deployer: ServiceDeployer,
  current: TaskDefinition,
  wanted: TaskDefinitionDocument,
): Promise<TaskDefinition> {
  const registered = async () => {
    const latest = await services.taskDefinition(current.family);
    const same = latest?.active && sameTaskDefinition(latest.document, wanted);
    return same && sameTags(latest.tags, current.tags) ? latest : undefined;
  };
  const there = await registered();
  if (there) {
    runner.info(`${there.arn} is what was planned; nothing to register`);
    return there;
  }
  const answer = await deployer.register(wanted, current.tags);
  let made = answer === 'unknown' ? await registered() : answer;
  for (let tries = 1; made === undefined && tries < LOOKS; tries += 1) {
    await clock.sleep(LOOK_AGAIN);
    made = await registered();
  }
  if (!made) throw failures.registrationUnanswered(current.family);
  runner.info(`Registered ${made.arn}`);
  return made;
}

/** The update may have taken effect though its answer was lost: what the service runs decides. */
async function lookAgain(
  { services, clock }: EcsWorld,
  { names, target }: Place,
  taskDefinition: string,
): Promise<Service> {
  let runs = 'nothing';
  for (let tries = 0; tries < LOOKS; tries += 1) {
    const service = await services.service(names.cluster, target.service);
    if (service?.taskDefinition === taskDefinition) return service;
    runs = service?.taskDefinition ?? runs;
    await clock.sleep(LOOK_AGAIN);
  }
  throw failures.updateUnanswered(target.service, runs);
}

/** Waits until ECS lists the service deployment of this update: by number, or else by task definition. */
async function listed(
  { services, clock }: EcsWorld,
  { names, target }: Place,
  rollout: RolloutEntry,
  taskDefinition: string,
): Promise<Started> {
  const until = clock.now() + APPEARS;
  for (;;) {
    const all = await services.deployments(names.cluster, target.service, rollout.createdAt - LIST_MARGIN);
    const revisions = await Promise.all(all.map(({ targetRevision }) => services.revision(targetRevision)));
    const taskDefinitionOf = new Map(revisions.map((each) => [each.arn, each.taskDefinition]));
    const byNumber = deploymentByNumber(rollout.id, all);
    const found =
      byNumber && taskDefinitionOf.get(byNumber.targetRevision) === taskDefinition
        ? byNumber
        : deploymentByTaskDefinition(taskDefinition, all, taskDefinitionOf);
    if (found) {
      return {
        serviceDeployment: found.arn,
        serviceRevision: found.targetRevision,
        taskDefinition,
        rollout: rollout.id,
      };
    }
    if (clock.now() >= until) throw failures.deploymentNotFound(target.service, rollout.id);
    await clock.sleep(LOOK_AGAIN);
  }
}
