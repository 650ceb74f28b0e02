import { Failure, type Outcome } from '@tenant-delivery/action-kit';
import { type Admission, type ChangeHandle, takeDeployLock, targetOf } from '@tenant-delivery/delivery';
import { DeployRequest, observeVisibility, Plan } from '@tenant-delivery/deployment';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { clear } from '@tenant-delivery/tenancy';
import { digestOf, putDocument } from '@tenant-delivery/vault';
import type { DeployWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { assertApproved } from '../plan/approval.ts';
import { observeChange } from '../plan/observe-change.ts';
import { prepare } from '../plan/prepare.ts';
import { type PreflightInputs, preflightChange } from '../preflight/preflight-change.ts';
import { deployedBefore, outcomeOf, tellFirst } from '../report/deploy-outcome.ts';
import { reasonOf, reportOf, stateAfter } from '../report/deployment-record.ts';
import { assertResumable, causesIn, type DeployOptions, deploy, zonesIn } from './deploy.ts';
import { type DeployInputs, deployOptionsOf, migrationKey } from './deploy-options.ts';
import { withMover } from './moved-by.ts';
import { retain, verifiedRevisions } from './retain.ts';
import { serviceBefore } from './service-before.ts';
import { decideStart } from './start-decision.ts';

/** Does what was approved, follows it to its end, and leaves the service safe. */
export async function deployChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  given: DeployInputs & PreflightInputs,
): Promise<Outcome> {
  const { runner, clock } = world;
  const startedAt = clock.now();
  if (change.state === 'verified' || change.state === 'closed') return deployedBefore(world, change);
  const { resume, hook } = given;
  if (resume && hook && change.state !== 'deploying') {
    // Before anything is asked of ECS: this begins nothing.
    throw failures.resumeRefused(hook, `${change.id} is ${change.state}, and no deployment of it waits`);
  }
  const { approved, planDigest, intent, observed, prepared, visibility } = await runner.group(
    'Compare what is there with what was approved',
    async () => {
      const planDigest = assertApproved(admission, change, clock.now());
      const [approved, request] = await Promise.all([
        change.document('plan', Plan),
        change.document('request', DeployRequest),
      ]);
      const intent = { request, migration: approved.migration };
      const observed = await observeChange(world, admission, change);
      const begun = change.state === 'deploying'; // what was begun may always be followed
      const prepared = begun ? undefined : await prepare(world, admission, change, observed, intent);
      const visibility = await observeVisibility(world, admission, observed.service);
      return { approved, planDigest, intent, observed, prepared, visibility };
    },
  );
  const { cluster, service } = observed;
  const facts = { identity: world.identity, region: world.region, cluster, service };
  const clearance = clear('service', admission, facts, clock.now());
  const deployer = world.deployer(clearance);
  const lock = await takeDeployLock(world, admission, change);
  const options: DeployOptions = {
    ...deployOptionsOf(given, startedAt),
    place: admission,
    deployer,
    tasks: world.tasks(clearance),
    hold: lock,
    port: observed.port,
    service: service.document,
    previous: approved.taskDefinition.from,
    migration: migrationRunOf(approved, change, planDigest),
    visibility,
  };
  const deployed = await runner.group('Deploy, and follow this deployment to its end', async () => {
    const { deadline } = options;
    const policy = given['if-in-progress'];
    const facts = { approved, intent, visibility, observed, prepared, policy, deadline };
    const begun = change.state === 'deploying';
    const orRelease = async (thrown: unknown): Promise<never> => {
      // Nothing was begun, so nobody is kept away; what an earlier attempt began is ended by the last step of this run.
      if (!begun) await lock.release();
      throw await withMover(world, admission, change, thrown);
    };
    const decision = await decideStart(world, admission, change, lock, facts)
      .then((begins) => {
        assertResumable(begins, options.resume);
        return begins;
      })
      .catch(orRelease);
    const looked =
      decision.kind === 'update'
        ? await preflightChange(
            world,
            admission,
            change,
            observed.resolved,
            decision.deployment,
            given,
            decision.looked,
          ).catch(orRelease)
        : undefined;
    if (change.state !== 'deploying') {
      const [before, preflight] = await Promise.all([
        serviceBefore(world, admission, service, visibility).then((seen) => putDocument(world.vault, seen)),
        looked && putDocument(world.vault, looked.report(change.id)),
      ]);
      const evidence = { 'service-before': before, ...(preflight && { preflight }) };
      await lock.endOthers().catch(orRelease);
      await change.append('deploying', { plan: planDigest, evidence });
    }
    return deploy(world, options, decision).catch(async (thrown: unknown) => {
      // It waits where it waited before, for whoever answers it next.
      if (thrown instanceof Failure && thrown.code === failures.resumeRefused.code)
        await lock.releaseUnsettled();
      throw await withMover(world, admission, change, thrown);
    });
  });
  const causes = await causesIn(world, deployed);
  const zones = await zonesIn(world, admission, deployed);
  const report = reportOf({
    subject: {
      change: change.id,
      plan: planDigest,
      target: targetOf(admission.target),
      cluster: admission.names.cluster,
      container: approved.image.container,
      image: approved.image.to,
      previous: approved.taskDefinition.from,
    },
    current: observed.current.arn,
    deployed,
    causes,
    zones,
    startedAt,
    finishedAt: clock.now(),
  });
  const outcome = outcomeOf(world, report, digestOf(canonicalJson(report)));
  const told = runner.cancelled.aborted ? tellFirst(world, outcome) : outcome;
  await runner.group('Record how it ended', async () => {
    const digest = await putDocument(world.vault, report);
    const state = stateAfter(report.outcome, deployed.ended?.ending.rolledBack ?? false);
    if (state) {
      await change.append(state, {
        plan: planDigest,
        evidence: { report: digest },
        decision: { result: 'inconclusive', reasons: [reasonOf(report)], note: report.why.slice(0, 2000) },
      });
      await lock.release();
    }
    // Nothing more is sent while it waits; that it is in progress keeps others away until the pause is ended. Whoever
    // deploys after that, or over it, records its end.
    if (report.outcome === 'paused') await lock.releaseUnsettled();
  });
  if (report.outcome === 'deployed' && given.retention > 0) {
    const verified = () => verifiedRevisions(world, admission);
    const { family } = observed.current;
    const previous = approved.taskDefinition.from;
    await retain(world, admission, deployer, { family, newest: given.retention, previous, verified });
  }
  return told;
}

/** One key: a migration that fails ends its change, and the next change is another one. */
function migrationRunOf({ migration }: Plan, change: ChangeHandle, plan: Digest): DeployOptions['migration'] {
  if (!migration) return undefined;
  return {
    migration: { ...migration, command: migration.command ?? undefined },
    keys: [migrationKey([change.id, plan])],
    startedBy: `tenant-delivery/${change.id}`,
  };
}
