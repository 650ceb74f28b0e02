import type { Outcome } from '@tenant-delivery/action-kit';
import type { AloneWorld } from '../deploy-world.ts';
import { type Making, makingOf } from '../plan/deployment.ts';
import { observe } from '../plan/observe-service.ts';
import { assertSteadyAlone } from '../plan/steady.ts';
import { outcomeOf, tellFirst } from '../report/deploy-outcome.ts';
import { reportOf } from '../report/deployment-record.ts';
import type { GivenAlone } from '../request/read-given.ts';
import { type Alone, preflightAlone } from '../run-alone.ts';
import { assertResumable, carryOut, causesIn, type Orders, zonesIn } from './deploy.ts';
import { migrationKey, waysOf } from './deploy-options.ts';
import { inProgress, waitForOthers } from './in-progress.ts';
import { retain } from './retain.ts';
import type { Hold } from './service-ref.ts';
import { type Beginning, findActive, findNewest, meet } from './start-decision.ts';
import { canFollow, type Sight } from './visibility.ts';

/** Nobody else is kept away: there is no record that a lock could stand in. The workflow's `concurrency` does that. */
const NO_LOCK: Hold = { assertHeld: async () => {} };

const TRIES = ['1', '2', '3', '4', '5'] as const; // of a migration, as often as a job is repeated after it failed

/** Does what is asked, follows it to its end, and leaves the service safe. */
export async function deployAlone(world: AloneWorld, given: GivenAlone, alone: Alone): Promise<Outcome> {
  const { runner, clock } = world;
  const { place, making, clearance, serving } = alone;
  const startedAt = clock.now();
  const sight = await canFollow(world, place, making.service);
  const deployer = world.deployer(clearance);
  const orders: Orders = {
    ...waysOf(given, startedAt),
    place,
    deployer,
    tasks: world.tasks(clearance),
    hold: NO_LOCK,
    port: serving.port,
    service: making.service.document,
    previous: making.current.arn,
    migration: orderOf(world, given),
    sight,
  };
  const carried = await runner.group('Deploy, and follow this deployment to its end', async () => {
    const beginning = await beginningOf(world, given, alone, orders.deadline, sight);
    assertResumable(beginning, orders.resume);
    if (beginning.kind === 'unchanged') await assertSteadyAlone(world, place, making, serving.container);
    if (beginning.kind === 'update') await preflightAlone(world, given, { place, making: beginning.making });
    return carryOut(world, orders, beginning);
  });
  const causes = await causesIn(world, carried);
  const report = reportOf({
    subject: {
      change: null,
      plan: null,
      target: { tenant: null, environment: null, ...place.target },
      cluster: place.names.cluster,
      container: serving.container,
      image: serving.image,
      previous: making.current.arn,
    },
    current: making.current.arn,
    carried,
    causes,
    zones: await zonesIn(world, place, carried),
    startedAt,
    finishedAt: clock.now(),
  });
  const outcome = outcomeOf(world, report, undefined);
  if (runner.cancelled.aborted) return tellFirst(world, outcome);
  if (report.outcome === 'deployed' && given.retention > 0) {
    const { family, arn: previous } = making.current;
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
async function beginningOf(
  world: AloneWorld,
  given: GivenAlone,
  { place, making, differences }: Alone,
  deadline: number,
  sight: Sight,
): Promise<Beginning> {
  const other = await inProgress(world, place, making.service);
  if (!other) return differences.changes ? { kind: 'update', making } : { kind: 'unchanged' };
  const ours = given.resume
    ? await findNewest(world, place, making.service, sight)
    : await findActive(world, place, making, sight);
  if (ours) {
    world.runner.info(`${other.id} is in progress and brings ${ours.taskDefinition}: it is followed`);
    return { kind: 'attach', started: ours };
  }
  const met = await meet(world, place, making, other, given['if-in-progress'], sight);
  if (met?.kind !== 'wait') return met ?? { kind: 'update', making };
  await waitForOthers(world, place, NO_LOCK, deadline);
  if (world.runner.cancelled.aborted) return met;
  return afterWaiting(world, { place, making }, sight);
}

/** What the other deployment left is what this one starts from. */
async function afterWaiting(
  world: AloneWorld,
  { place, making }: { readonly place: Alone['place']; readonly making: Making },
  sight: Sight,
): Promise<Beginning> {
  const again = await makingOf(world, place, await observe(world, place), making.asked);
  const other = await inProgress(world, place, again.service);
  if (other) await meet(world, place, again, other, 'fail', sight);
  const changes = again.wanted.revision !== again.current.arn || Object.keys(again.update.members).length > 0;
  return changes ? { kind: 'update', making: again } : { kind: 'unchanged' };
}

/** The keys are of the job, whatever its attempt, so that a job that is repeated finds the task that it began. */
function orderOf({ runner }: AloneWorld, given: GivenAlone): Orders['migration'] {
  const { migration } = given.wishes;
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
