import type { Outcome } from '@tenant-delivery/action-kit/main';
import { inProgress } from '@tenant-delivery/deployment/follow/in-progress';
import { observeVisibility } from '@tenant-delivery/deployment/follow/visibility';
import type { HeldLock } from '@tenant-delivery/deployment/ports';
import type { AloneWorld } from '../deploy-world.ts';
import { type Deployment, deploymentFor } from '../plan/deployment.ts';
import { observeService } from '../plan/observe-service.ts';
import { assertSteadyAlone } from '../plan/steady.ts';
import { type Alone, preflightAlone } from '../preflight/preflight-alone.ts';
import type { GivenAlone } from '../request/read-given.ts';
import type { DeployOptions } from './deploy-options.ts';
import { deployOptionsOf, migrationKey } from './deploy-options.ts';
import { findActive, findNewest } from './find-start.ts';
import { runDeploy } from './run-deploy.ts';
import { meetOther, type StartDecision } from './start-decision.ts';
import { waitForOthers } from './wait-for-others.ts';

/** Nobody else is kept away: there is no record that a lock could stand in. The workflow's `concurrency` does that. */
const NO_LOCK: HeldLock = { assertHeld: async () => {} };

const TRIES = ['1', '2', '3', '4', '5'] as const; // of a migration, as often as a job is repeated after it failed

/** Deploys a service without a contract, and records nothing. */
export async function deployAlone(world: AloneWorld, given: GivenAlone, alone: Alone): Promise<Outcome> {
  const { ref, deployment, clearance, serving } = alone;
  const { service, current } = deployment;
  const startedAt = world.clock.now();
  const options: DeployOptions = {
    ...deployOptionsOf(given, startedAt),
    ref,
    deployer: world.deployer(clearance),
    tasks: world.tasks(clearance),
    lock: NO_LOCK,
    port: serving.port,
    service: service.document,
    previous: current.arn,
    migration: migrationRunOf(world, given),
    visibility: await observeVisibility(world, ref, service),
  };
  return runDeploy(world, {
    options,
    startedAt,
    subject: {
      change: null,
      plan: null,
      target: { tenant: null, environment: null, ...ref.target },
      cluster: ref.names.cluster,
      container: serving.container,
      image: serving.image,
      previous: current.arn,
      current: current.arn,
    },
    retention: {
      family: current.family,
      newest: given.retention,
      previous: current.arn,
      verified: async () => [],
    },
    recorder: undefined,
    decide: () => decideAlone(world, given, alone, options),
    preflight: (decision) => preflightAlone(world, given, { ref, deployment: decision.deployment }),
    assertWell: () => assertSteadyAlone(world, ref, deployment, serving.container),
  });
}

/** A run that is repeated finds its own deployment by what it brings: what others do is met by the policy. */
async function decideAlone(
  world: AloneWorld,
  given: GivenAlone,
  { ref, deployment, differences }: Alone,
  options: DeployOptions,
): Promise<StartDecision> {
  const other = await inProgress(world, ref, deployment.service);
  if (!other) return differences.changes ? { kind: 'update', deployment } : { kind: 'unchanged' };
  const start = given.resume
    ? await findNewest(world, options, deployment.service)
    : await findActive(world, options, deployment);
  if (start) {
    world.runner.info(`${other.id} is in progress and brings ${start.taskDefinition}: it is followed`);
    return { kind: 'attach', start };
  }
  const met = await meetOther(world, options, deployment, other, given['if-in-progress']);
  if (met?.kind !== 'wait') return met ?? { kind: 'update', deployment };
  await waitForOthers(world, ref, NO_LOCK, options.deadline);
  if (world.runner.cancelled.aborted) return met;
  return afterWaiting(world, options, deployment);
}

/** What the other deployment left is what this one starts from. */
async function afterWaiting(
  world: AloneWorld,
  options: DeployOptions,
  { asked, tags }: Deployment,
): Promise<StartDecision> {
  const { ref } = options;
  const deployment = await deploymentFor(world, ref, await observeService(world.services, ref), asked, {
    tags,
    mistakes: [],
  });
  const other = await inProgress(world, ref, deployment.service);
  if (other) await meetOther(world, options, deployment, other, 'fail');
  const { wanted, current, update } = deployment;
  const changes = wanted.revision !== current.arn || Object.keys(update.members).length > 0;
  return changes ? { kind: 'update', deployment } : { kind: 'unchanged' };
}

/** The keys are of the job, whatever its attempt, so that a job that is repeated finds the task that it began. */
function migrationRunOf({ runner }: AloneWorld, given: GivenAlone): DeployOptions['migration'] {
  const { migration } = given.serviceRequest;
  if (!migration) return undefined;
  const { repository, runId, job } = runner.context;
  const facts = [repository, runId, job, given.cluster ?? '', given.service, JSON.stringify(migration)];
  const [first, ...others] = TRIES.map((at) => migrationKey([...facts, at]));
  return {
    migration,
    keys: [first ?? migrationKey(facts), ...others],
    startedBy: `tenant-delivery/${runId}`,
  };
}
