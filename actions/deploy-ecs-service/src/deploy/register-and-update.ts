import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { saw } from '@tenant-delivery/action-kit/saw';
import { type DeploymentStart, startOfEntry } from '@tenant-delivery/deployment/follow/deployment-start';
import {
  deploymentByNumber,
  deploymentByTaskDefinition,
  LIST_MARGIN,
} from '@tenant-delivery/deployment/follow/service-deployment';
import type { RolloutEntry, Service, TaskDefinition } from '@tenant-delivery/deployment/observed';
import { lastOf } from '@tenant-delivery/deployment/plain-names';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { serviceChanges } from '@tenant-delivery/deployment/plan/service-update';
import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { sameTags, sameTaskDefinition } from '@tenant-delivery/deployment/task-definition/canonical';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { DeployOptions } from './deploy-options.ts';
import { migrate } from './migrate.ts';
import type { StartDecision } from './start-decision.ts';

const APPEARS = 60_000; // milliseconds; a new service deployment is listed within seconds
const LOOK_AGAIN = 2_000;
const LOOKS = 3; // at what a request did whose answer was lost

/** Registers what is not there yet, runs the migration of it, and updates the service once. */
export async function registerAndUpdate(
  ports: DeployPorts,
  options: DeployOptions,
  deployment: Deployment,
): Promise<DeploymentStart | StartDecision> {
  const { wanted } = deployment;
  const revision = wanted.revision ?? (await registered(ports, options.deployer, deployment)).arn;
  if (options.migration) {
    const migrated = await migrate(ports, { ...options, migration: options.migration }, deployment, revision);
    if (migrated.kind !== 'done') return migrated;
  }
  if (ports.runner.cancelled.aborted) return { kind: 'cancelled' };
  return updateTo(ports, options, deployment, revision);
}

/** Right before the update the lock is proven held, and the service proven to be as it was planned from. */
async function updateTo(
  ports: DeployPorts,
  { ref, deployer, lock, visibility }: DeployOptions,
  now: Deployment,
  revision: string,
): Promise<DeploymentStart | Extract<StartDecision, { kind: 'settled' }>> {
  const { runner, services } = ports;
  const { names, target } = ref;
  const [before] = await inOrder([services.service(names.cluster, target.service), lock.assertHeld()]);
  if (before?.taskDefinition !== now.current.arn) {
    const runs = before?.taskDefinition ?? 'nothing';
    throw failures.planChanged([`taskDefinition.from: planned from ${now.current.arn}, now ${runs}`]);
  }
  const { members } = serviceChanges(now.asked.update, before); // merged with what is there now, not with what was read
  const answer = await deployer.update({ taskDefinition: revision, members });
  const updated = answer === 'unknown' ? await observeAgain(ports, ref, revision, before, now) : answer;
  const rollout = updated.deployments.find(({ primary }) => primary);
  if (rollout?.taskDefinition !== revision) {
    throw failures.updateUnanswered(target.service, rollout?.taskDefinition ?? 'nothing');
  }
  sayReplaced(ports, before, updated);
  if (!('platformVersion' in members)) sawPlatform(ports, before, updated);
  if (before.deployments.some(({ primary, id }) => primary && id === rollout.id)) {
    runner.info(`${target.service} is set as asked; ECS needs no new deployment for that`);
    return { kind: 'settled', taskDefinition: revision };
  }
  runner.info(`${target.service} now rolls to ${lastOf(revision)} (${rollout.id})`);
  return visibility.visibleIn === 'rollout-entry'
    ? startOfEntry(rollout)
    : listed(ports, ref, rollout, visibility.listed);
}

function sawPlatform({ runner }: Pick<DeployPorts, 'runner'>, before: Service, after: Service): void {
  const versionOf = ({ document }: Service) => String(document['platformVersion'] ?? 'none');
  saw(runner, 'ecs-omitted-platform-version', { before: versionOf(before), after: versionOf(after) });
}

/** No update is conditional at ECS, so the answer is compared with what was read: whom did this one replace? */
function sayReplaced({ runner }: Pick<DeployPorts, 'runner'>, before: Service, after: Service): void {
  const known = new Set(before.deployments.map(({ id }) => id));
  const strangers = after.deployments.filter(({ primary, id }) => !primary && !known.has(id));
  for (const { id, taskDefinition } of strangers) {
    runner.warning(
      `This update replaced ${id}, which somebody began while this run prepared; it brought ${taskDefinition}`,
    );
  }
}

async function registered(
  { services, runner, clock }: DeployPorts,
  deployer: ServiceDeployer,
  { current, newest, wanted }: Deployment,
): Promise<TaskDefinition> {
  const asWanted = (latest: TaskDefinition | undefined) => {
    const same = latest?.active && sameTaskDefinition(latest.document, wanted.document);
    return same && sameTags(latest.tags, wanted.tags) ? latest : undefined;
  };
  const registered = async () => asWanted(await services.taskDefinition(current.family));
  const there = asWanted(newest);
  if (there) {
    runner.info(`${lastOf(there.arn)} is what was planned; nothing to register`);
    return there;
  }
  const answer = await deployer.register(wanted.document, wanted.tags);
  let made = answer === 'unknown' ? await registered() : answer;
  for (let tries = 1; made === undefined && tries < LOOKS; tries += 1) {
    await clock.sleep(LOOK_AGAIN);
    made = await registered();
  }
  if (!made) throw failures.registrationUnanswered(current.family);
  runner.info(`Registered ${lastOf(made.arn)}`);
  return made;
}

/**
 * The update may have taken effect though its answer was lost: what the service runs decides, and how it is set. One that
 * asked for a new deployment alone shows in nothing but a new PRIMARY.
 */
async function observeAgain(
  { services, clock }: DeployPorts,
  { names, target }: ServiceRef,
  taskDefinition: string,
  before: Service,
  { asked }: Deployment,
): Promise<Service> {
  const { forceNewDeployment, ...stated } = asked.update;
  const was = before.deployments.find(({ primary }) => primary)?.id;
  let runs = 'nothing';
  for (let tries = 0; tries < LOOKS; tries += 1) {
    const service = await services.service(names.cluster, target.service);
    const rolls = service?.deployments.some(({ primary, id }) => primary && id !== was) ?? false;
    const moved = rolls || (before.taskDefinition === taskDefinition && forceNewDeployment !== true);
    if (service?.taskDefinition === taskDefinition && moved && isSet(stated, service)) return service;
    runs = service?.taskDefinition ?? runs;
    await clock.sleep(LOOK_AGAIN);
  }
  throw failures.updateUnanswered(target.service, runs);
}

function isSet(stated: DeployRequest['update'], service: Service): boolean {
  return Object.keys(serviceChanges(stated, service).members).length === 0;
}

/**
 * Waits until ECS lists the service deployment of this update: by number, or else by task definition. The list may be
 * older than the update, and show an earlier deployment of the same task definition alone: what was there before is not it.
 */
async function listed(
  { services, clock }: DeployPorts,
  { names, target }: ServiceRef,
  rollout: RolloutEntry,
  before: DeployOptions['visibility']['listed'],
): Promise<DeploymentStart> {
  const { taskDefinition } = rollout;
  const known = new Set(before.map(({ arn }) => arn));
  const until = clock.now() + APPEARS;
  for (;;) {
    const since = rollout.createdAt - LIST_MARGIN;
    const all = (await services.deployments(names.cluster, target.service, since)).filter(
      ({ arn }) => !known.has(arn),
    );
    const revisions = await Promise.all(all.map(({ targetRevision }) => services.revision(targetRevision)));
    const byArn = new Map(revisions.map((each) => [each.arn, each]));
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
        targetGroups: byArn.get(found.targetRevision)?.targetGroups ?? [],
        createdAt: found.createdAt,
      };
    }
    if (clock.now() >= until) throw failures.deploymentNotFound(target.service, rollout.id);
    await clock.sleep(LOOK_AGAIN);
  }
}
