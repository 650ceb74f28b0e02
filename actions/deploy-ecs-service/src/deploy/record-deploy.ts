import { Failure } from '@tenant-delivery/action-kit/failure';
import type { DeployLock } from '@tenant-delivery/delivery/deploy-lock';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { reasonOf, stateAfter } from '../report/deployment-record.ts';
import type { ApprovedDeploy } from './approved-deploy.ts';
import { withMover } from './moved-by.ts';
import type { Recorder } from './run-deploy.ts';
import { serviceBefore } from './service-before.ts';

/** Writes a deploy into the record of its change, and gives the lock back where nobody goes on with it. */
export function recorderOf(
  world: DeliveryWorld & Pick<DeployPorts, 'services'>,
  delivery: ApprovedDeploy,
  lock: DeployLock,
): Recorder {
  const { admission, change, planDigest, observed, visibility } = delivery;
  const { runner, vault } = world;
  const begunBefore = change.state === 'deploying';
  const notBegun: Recorder['notBegun'] = async (thrown) => {
    // What an earlier attempt began is ended by the last step of this run.
    if (!begunBefore) await lock.release();
    return withMover(world, admission, change, thrown);
  };
  return {
    notBegun,
    begin: async (preflight) => {
      if (begunBefore) return;
      const before = await serviceBefore(world, admission, observed.service, visibility);
      await lock.endOthers().catch(async (thrown: unknown) => {
        throw await notBegun(thrown);
      });
      const found = preflight && { preflight: preflight.report(change.id) };
      await change.append('deploying', {
        plan: planDigest,
        documents: { 'service-before': before, ...found },
      });
    },
    interrupted: async (thrown) => {
      // The deployment still waits at its pause. The next run that answers the pause takes the lock.
      const waits = thrown instanceof Failure && thrown.code === failures.resumeRefused.code;
      if (waits) await lock.releaseUnsettled();
      return withMover(world, admission, change, thrown);
    },
    end: (report, rolledBack) =>
      runner.group('Record how it ended', async () => {
        const digest = await putDocument(vault, report);
        const state = stateAfter(report.outcome, rolledBack);
        if (state) {
          const reasons = [reasonOf(report)];
          await change.append(state, {
            plan: planDigest,
            evidence: { report: digest },
            decision: { result: 'inconclusive', reasons, note: report.why.slice(0, 2000) },
          });
          await lock.release();
        }
        // Nothing more is sent while it waits. Other changes stay away until the pause ends, because a deployment is in
        // progress. The next change that deploys records how this one ended.
        if (report.outcome === 'paused') await lock.releaseUnsettled();
      }),
  };
}
