import type { Outcome } from '@tenant-delivery/action-kit';
import { type HeldLock, inProgress, observeVisibility, type Visibility } from '@tenant-delivery/deployment';
import type { AloneWorld } from '../deploy-world.ts';
import { type Deployment, deploymentFor } from '../plan/deployment.ts';
import { observeService } from '../plan/observe-service.ts';
import { assertSteadyAlone } from '../plan/steady.ts';
import { type Alone, preflightAlone } from '../preflight/preflight-alone.ts';
import { outcomeOf, tellFirst } from '../report/deploy-outcome.ts';
import { reportOf } from '../report/deployment-record.ts';
import type { GivenAlone } from '../request/read-given.ts';
import { assertResumable, causesIn, type DeployOptions, deploy, zonesIn } from './deploy.ts';
import { deployOptionsOf, migrationKey } from './deploy-options.ts';
import { retain } from './retain.ts';
import { findActive, findNewest, meet, type StartDecision } from './start-decision.ts';
import { waitForOthers } from './wait-for-others.ts';

/** Nobody else is kept away: there is no record that a lock could stand in. The workflow's `concurrency` does that. */
const NO_LOCK: HeldLock = { assertHeld: async () => {} };

const TRIES = ['1', '2', '3', '4', '5'] as const; // of a migration, as often as a job is repeated after it failed

/** Does what is asked, follows it to its end, and leaves the service safe. */
export async function deployAlone(world: AloneWorld, given: GivenAlone, alone: Alone): Promise<Outcome> {
  const { runner, clock } = world;
  const { place, deployment, clearance, serving } = alone;
  const startedAt = clock.now();
  const visibility = await observeVisibility(world, place, deployment.service);
  const deployer = world.deployer(clearance);
  const options: DeployOptions = {
    ...deployOptionsOf(given, startedAt),
    place,
    deployer,
    tasks: world.tasks(clearance),
    hold: NO_LOCK,
    port: serving.port,
    service: deployment.service.document,
    previous: deployment.current.arn,
    migration: migrationRunOf(world, given),
    visibility,
  };
  const deployed = await runner.group('Deploy, and follow this deployment to its end', async () => {
    const decision = await decideStart(world, given, alone, options.deadline, visibility);
    assertResumable(decision, options.resume);
    if (decision.kind === 'unchanged') await assertSteadyAlone(world, place, deployment, serving.container);
    if (decision.kind === 'update')
      await preflightAlone(world, given, { place, deployment: decision.deployment });
    return deploy(world, options, decision);
  });
  const causes = await causesIn(world, deployed);
  const report = reportOf({
    subject: {
      change: null,
      plan: null,
      target: { tenant: null, environment: null, ...place.target },
      cluster: place.names.cluster,
      container: serving.container,
      image: serving.image,
      previous: deployment.current.arn,
    },
    current: deployment.current.arn,
    deployed,
    causes,
    zones: await zonesIn(world, place, deployed),
    startedAt,
    finishedAt: clock.now(),
  });
  const outcome = outcomeOf(world, report, undefined);
  if (runner.cancelled.aborted) return tellFirst(world, outcome);
  if (report.outcome === 'deployed' && given.retention > 0) {
    const { family, arn: previous } = deployment.current;
    await retain(world, place, deployer, {
      family,
      newest: given.retention,
      previous,
      verified: async () => [],
    });
  }
  return outcome;
}

/** A run that is repeated finds its own deployment by what it brings: what others do is met by the policy. */
async function decideStart(
  world: AloneWorld,
  given: GivenAlone,
  { place, deployment, differences }: Alone,
  deadline: number,
  visibility: Visibility,
): Promise<StartDecision> {
  const other = await inProgress(world, place, deployment.service);
  if (!other) return differences.changes ? { kind: 'update', deployment } : { kind: 'unchanged' };
  const ours = given.resume
    ? await findNewest(world, place, deployment.service, visibility)
    : await findActive(world, place, deployment, visibility);
  if (ours) {
    world.runner.info(`${other.id} is in progress and brings ${ours.taskDefinition}: it is followed`);
    return { kind: 'attach', started: ours };
  }
  const met = await meet(world, place, deployment, other, given['if-in-progress'], visibility);
  if (met?.kind !== 'wait') return met ?? { kind: 'update', deployment };
  await waitForOthers(world, place, NO_LOCK, deadline);
  if (world.runner.cancelled.aborted) return met;
  return afterWaiting(world, { place, deployment }, visibility);
}

/** What the other deployment left is what this one starts from. */
async function afterWaiting(
  world: AloneWorld,
  { place, deployment }: { readonly place: Alone['place']; readonly deployment: Deployment },
  visibility: Visibility,
): Promise<StartDecision> {
  const again = await deploymentFor(world, place, await observeService(world, place), deployment.asked);
  const other = await inProgress(world, place, again.service);
  if (other) await meet(world, place, again, other, 'fail', visibility);
  const changes = again.wanted.revision !== again.current.arn || Object.keys(again.update.members).length > 0;
  return changes ? { kind: 'update', deployment: again } : { kind: 'unchanged' };
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
