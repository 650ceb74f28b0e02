import type { Outcome } from '@tenant-delivery/action-kit';
import { type Admission, type ChangeHandle, takeDeployLock } from '@tenant-delivery/delivery';
import {
  type DeploymentReport,
  type DeployOutcome,
  Plan,
  type ReportedCause,
} from '@tenant-delivery/deployment';
import type { ChangeState, Digest } from '@tenant-delivery/domain';
import { clear } from '@tenant-delivery/tenancy';
import { putDocument } from '@tenant-delivery/vault';
import { assertApproved } from './approved.ts';
import { begin } from './begin.ts';
import { bringAbout } from './bring-about.ts';
import type { DeployWorld } from './deploy-world.ts';
import { isBad, reportOf } from './deployment-record.ts';
import { explain } from './explain.ts';
import { REASON_OF } from './failures.ts';
import { follow } from './follow.ts';
import { prepare } from './prepare.ts';
import { deployHeadline, deployRemedy, deploySummary } from './report.ts';
import { serviceBefore } from './service-before.ts';

const MINUTE = 60_000; // milliseconds

/** Does what was approved, follows it to its end, and leaves the service safe. */
export async function deployChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  minutes: number,
): Promise<Outcome> {
  const { runner, clock } = world;
  const startedAt = clock.now();
  if (change.state === 'verified' || change.state === 'closed') return deployedBefore(world, change);
  const { approved, planDigest, prepared } = await runner.group(
    'Compare what is there with what was approved',
    async () => {
      const planDigest = assertApproved(admission, change, clock.now());
      const approved = await change.document('plan', Plan);
      return { approved, planDigest, prepared: await prepare(world, admission, change) };
    },
  );
  const { cluster, service } = prepared;
  const facts = { identity: world.identity, region: world.region, cluster, service };
  const deployer = world.deployer(clear('service', admission, facts, clock.now()));
  const lock = await takeDeployLock(world, admission, change);
  const { beginning, ended } = await runner.group(
    'Deploy, and follow this deployment to its end',
    async () => {
      const beginning = await begin(world, admission, change, approved, prepared).catch(
        async (thrown: unknown) => {
          await lock.release(); // nothing was begun
          throw thrown;
        },
      );
      if (change.state !== 'deploying') {
        const before = await putDocument(world.vault, await serviceBefore(world, admission, service));
        await change.append('deploying', { plan: planDigest, evidence: { 'service-before': before } });
      }
      if (beginning.kind === 'unchanged') return { beginning, ended: undefined };
      if (runner.cancelled.aborted) return { beginning, ended: undefined };
      const started =
        beginning.kind === 'attach'
          ? beginning.started
          : await bringAbout(world, admission, deployer, lock, prepared, beginning.wanted);
      runner.info(`Following ${started.serviceDeployment}`);
      const deadline = startedAt + minutes * MINUTE;
      const course = { admission, started, port: prepared.port, deployer, lock, deadline };
      return { beginning, ended: { started, ending: await follow(world, course) } };
    },
  );
  const causes = ended && isBad(ended.ending.outcome) ? await explain(world, ended.ending.last) : [];
  for (const cause of causes) await sayWhy(world, cause);
  const times = { startedAt, finishedAt: clock.now() };
  const report = reportOf({
    admission,
    change,
    approved,
    planDigest,
    prepared,
    beginning,
    ended,
    causes,
    ...times,
  });
  return runner.group('Record how it ended', async () => {
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
    return outcomeOf(world, report, digest);
  });
}

/** An earlier attempt of this job has come to the end; its report is handed on again. */
function deployedBefore({ runner }: DeployWorld, change: ChangeHandle): Outcome {
  const report = change.evidence('report') ?? '';
  const headline = `${change.id} was deployed and verified before; nothing to do.`;
  runner.output('plan', change.evidence('plan') ?? '');
  runner.output('needs-approval', 'false');
  runner.output('report', report);
  return {
    outcome: 'unchanged',
    reasonCode: 'OK',
    ok: true,
    headline,
    facts: { change: change.id, report },
    summary: `### ${headline}`,
  };
}

/** Where an ending leads the change; success stays `deploying` until it is verified. */
function stateAfter(outcome: DeployOutcome, rolledBack: boolean): ChangeState | undefined {
  switch (outcome) {
    case 'deployed':
    case 'unchanged':
      return undefined;
    case 'superseded':
    case 'cancelled':
      return 'abandoned';
    default:
      return rolledBack ? 'rolled-back' : 'failed';
  }
}

/** The cause as a reader at 3 a.m. needs it. Reasons and lines are others' words: never taken as commands. */
async function sayWhy({ runner }: DeployWorld, cause: ReportedCause): Promise<void> {
  const exit = cause.exitCode === null ? '' : ` with exit code ${cause.exitCode}`;
  const title = `Cause: ${cause.class}, ${cause.count} stopped ${cause.count === 1 ? 'task' : 'tasks'}${exit}`;
  await runner.group(title, async () => {
    const told = [cause.stopCode, cause.stoppedReason, cause.containerReason].filter((line) => line !== null);
    runner.verbatim(told.map((line) => line.replace(/[\r\n]/g, ' ')));
    runner.info(
      cause.log.length > 0
        ? `The last lines of ${cause.container}:`
        : 'It wrote no log lines that could be found.',
    );
    runner.verbatim(cause.log.map((line) => line.replace(/[\r\n]/g, ' ')));
    runner.info(cause.advice);
  });
}

function outcomeOf({ runner }: DeployWorld, report: DeploymentReport, digest: Digest): Outcome {
  const ok = !isBad(report.outcome);
  runner.output('plan', report.plan);
  runner.output('needs-approval', 'false');
  runner.output('revision', report.taskDefinition);
  runner.output('report', digest);
  return {
    outcome: report.outcome,
    reasonCode: REASON_OF[report.outcome],
    ok,
    headline: deployHeadline(report),
    ...(!ok && { remedy: deployRemedy(report) }),
    facts: {
      change: report.change,
      plan: report.plan,
      report: digest,
      image: report.image,
      taskDefinition: report.taskDefinition,
      serviceDeployment: report.serviceDeployment,
      causes: report.causes.map(({ class: name, count, exitCode }) => ({ class: name, count, exitCode })),
    },
    summary: deploySummary(report),
  };
}
