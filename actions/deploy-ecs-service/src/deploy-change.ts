import type { Outcome } from '@tenant-delivery/action-kit';
import { type Admission, type ChangeHandle, takeDeployLock } from '@tenant-delivery/delivery';
import { DeployRequest, Plan } from '@tenant-delivery/deployment';
import { canonicalJson } from '@tenant-delivery/domain';
import { clear } from '@tenant-delivery/tenancy';
import { digestOf, putDocument } from '@tenant-delivery/vault';
import { assertApproved } from './approved.ts';
import { beginningOf } from './begin.ts';
import { bringAbout } from './bring-about.ts';
import { deployedBefore, outcomeOf, tellFirst } from './deploy-outcome.ts';
import type { DeployWorld } from './deploy-world.ts';
import { isBad, reportOf, stateAfter } from './deployment-record.ts';
import { explain } from './explain.ts';
import { REASON_OF } from './failures.ts';
import { follow } from './follow.ts';
import { inspect } from './inspect.ts';
import { tasksByZone } from './look.ts';
import { type Going, preflightChange } from './preflight-change.ts';
import { prepare } from './prepare.ts';
import { sayWhy } from './say-why.ts';
import { serviceBefore } from './service-before.ts';

const MINUTE = 60_000; // milliseconds

/** Does what was approved, follows it to its end, and leaves the service safe. */
export async function deployChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  given: Going,
): Promise<Outcome> {
  const { runner, clock } = world;
  const startedAt = clock.now();
  if (change.state === 'verified' || change.state === 'closed') return deployedBefore(world, change);
  const { approved, planDigest, request, inspected, prepared } = await runner.group(
    'Compare what is there with what was approved',
    async () => {
      const planDigest = assertApproved(admission, change, clock.now());
      const [approved, request] = await Promise.all([
        change.document('plan', Plan),
        change.document('request', DeployRequest),
      ]);
      const inspected = await inspect(world, admission, change);
      const begun = change.state === 'deploying'; // what was begun may always be followed
      const prepared = begun ? undefined : await prepare(world, admission, change, inspected, request);
      return { approved, planDigest, request, inspected, prepared };
    },
  );
  const { cluster, service } = inspected;
  const facts = { identity: world.identity, region: world.region, cluster, service };
  const deployer = world.deployer(clear('service', admission, facts, clock.now()));
  const lock = await takeDeployLock(world, admission, change);
  const deadline = startedAt + given['timeout-minutes'] * MINUTE;
  // Nothing was begun, so nobody is kept away.
  const orRelease = async (thrown: unknown): Promise<never> => {
    await lock.release();
    throw thrown;
  };
  const { beginning, ended } = await runner.group(
    'Deploy, and follow this deployment to its end',
    async () => {
      const beginning = await beginningOf(world, admission, change, lock, {
        approved,
        request,
        inspected,
        prepared,
        policy: given['if-in-progress'],
        deadline,
      }).catch(orRelease);
      const looked =
        beginning.kind === 'update'
          ? await preflightChange(
              world,
              admission,
              change,
              inspected.resolved,
              beginning.making,
              given,
            ).catch(orRelease)
          : undefined;
      if (change.state !== 'deploying') {
        const [before, preflight] = await Promise.all([
          serviceBefore(world, admission, service).then((seen) => putDocument(world.vault, seen)),
          looked && putDocument(world.vault, looked.report(change.id)),
        ]);
        const evidence = { 'service-before': before, ...(preflight && { preflight }) };
        await change.append('deploying', { plan: planDigest, evidence });
      }
      if (beginning.kind !== 'attach' && beginning.kind !== 'update') return { beginning, ended: undefined };
      if (runner.cancelled.aborted) return { beginning, ended: undefined };
      const started =
        beginning.kind === 'attach'
          ? beginning.started
          : await bringAbout(world, admission, deployer, lock, beginning.making);
      if (started.serviceDeployment === undefined) {
        return { beginning: { kind: 'settled' } as const, ended: undefined };
      }
      runner.info(`Following ${started.serviceDeployment}`);
      const course = {
        place: admission,
        started,
        port: inspected.port,
        deployer,
        lock,
        deadline,
        service: service.document,
        previous: approved.taskDefinition.from,
      };
      return { beginning, ended: { started, ending: await follow(world, course) } };
    },
  );
  const causes = ended && isBad(ended.ending.outcome) ? await explain(world, ended.ending.last) : [];
  for (const cause of causes) await sayWhy(world, cause);
  const zones =
    ended?.ending.outcome === 'deployed' ? await tasksByZone(world, admission, ended.started) : {};
  const times = { startedAt, finishedAt: clock.now() };
  const report = reportOf({
    admission,
    change,
    approved,
    planDigest,
    prepared: inspected,
    beginning,
    ended,
    causes,
    zones,
    ...times,
  });
  const outcome = outcomeOf(world, report, digestOf(canonicalJson(report)));
  const told = runner.cancelled.aborted ? tellFirst(world, outcome) : outcome;
  await runner.group('Record how it ended', async () => {
    const digest = await putDocument(world.vault, report);
    const state = stateAfter(report.outcome, ended?.ending.rolledBack ?? false);
    if (state) {
      await change.append(state, {
        plan: planDigest,
        evidence: { report: digest },
        decision: {
          result: 'inconclusive',
          reasons: [REASON_OF[report.outcome]],
          note: report.why.slice(0, 2000),
        },
      });
      await lock.release();
    }
    // Nothing more is sent while it waits; that it is in progress keeps others away until the pause is ended.
    if (report.outcome === 'paused') await lock.release();
  });
  return told;
}
