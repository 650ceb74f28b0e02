import type { Given, Outcome } from '@tenant-delivery/action-kit';
import {
  type Admission,
  admit,
  type ChangeHandle,
  releaseDeployLock,
  resumeChange,
  takeDeployLock,
} from '@tenant-delivery/delivery';
import { type DeploymentReport, type HealthSample, healthyZones } from '@tenant-delivery/deployment';
import type { Digest } from '@tenant-delivery/domain';
import { imageRecordSchema } from '@tenant-delivery/oci/image-record';
import { ResolvedService } from '@tenant-delivery/tenancy';
import { putDocument } from '@tenant-delivery/vault';
import { REASON_OF } from './failures.ts';
import { findTargets, sayHealthCheck, sayOtherPath } from './find-targets.ts';
import { healthReport } from './health-record.ts';
import type { inputs } from './inputs.ts';
import { readReport } from './read-report.ts';
import { headlineOf, remedyOf, summaryOf } from './report.ts';
import type { VerifyWorld } from './verify-world.ts';
import { watch } from './watch.ts';

const MINUTE = 60_000; // milliseconds
const RENEW_EVERY = MINUTE; // of the lock's lease

/** Proves that the tasks of this deployment serve, in the agreed zones, with the image that was approved. */
export async function run(given: Given<typeof inputs>, world: VerifyWorld): Promise<Outcome> {
  const { runner, clock, vault } = world;
  const deadline = clock.now() + given['timeout-minutes'] * MINUTE;
  const digest = given.report as Digest; // its reader lets only digests through
  const { admission, change } = await runner.group('Find the contract and the change', async () => {
    const admission = await admit(world, given);
    const change = await resumeChange(world, admission, given.change);
    runner.info(`${change.id} is ${change.state}`);
    return { admission, change };
  });
  if (wasVerified(change, digest)) return verifiedBefore(change, digest);
  const report = await runner.group('Find the deployment that is to be verified', async () => {
    const report = await readReport(world, change, digest);
    runner.info(`${change.id} brought ${report.image} with ${report.taskDefinition}`);
    return report;
  });
  const { place, seen } = await runner.group('Watch its tasks at the load balancer', async () => {
    const place = await findTargets(world, admission, report);
    runner.info(sayHealthCheck(place));
    const { sample, health } = await sampler(world, admission, change, report, place.targetGroup.arn);
    for (const note of sayOtherPath(place, health.path.value)) runner.warning(note);
    const graceUntil = Date.parse(report.finishedAt) + (health.graceSeconds?.value ?? 0) * 1000;
    // Verifying belongs to deploying: whoever waits for the lock waits for this too, however long it takes.
    const lock = await takeDeployLock(world, admission, change);
    let renewAt = clock.now() + RENEW_EVERY;
    const renewing = async () => {
      if (clock.now() >= renewAt) {
        await lock.assertHeld();
        renewAt = clock.now() + RENEW_EVERY;
      }
      return sample();
    };
    return { place, seen: await watch(world, { sample: renewing, graceUntil, deadline }) };
  });
  return runner.group('Record what was seen', async () => {
    const health = healthReport(admission, report, digest, place, seen, clock.now());
    const healthDigest = await putDocument(vault, health);
    if (seen.end !== 'cancelled') {
      const verified = seen.end === 'verified';
      await change.append(verified ? 'verified' : 'failed', {
        evidence: { report: digest, health: healthDigest },
        decision: {
          result: verified ? 'allow' : 'deny',
          reasons: [REASON_OF[seen.end]],
          note: health.why.slice(0, 2000),
        },
      });
      if (!verified) await releaseDeployLock(world, admission, change);
    }
    runner.output('healthy', String(health.tasks.filter(({ state }) => state === 'healthy').length));
    runner.output('zones', healthyZones(seen.tasks).join(','));
    return {
      outcome: seen.end === 'verified' || seen.end === 'cancelled' ? seen.end : 'failed',
      reasonCode: REASON_OF[seen.end],
      ok: seen.end === 'verified',
      headline: headlineOf(admission.target.service, seen),
      ...(seen.end !== 'verified' && { remedy: remedyOf(seen) }),
      facts: {
        change: change.id,
        report: digest,
        health: healthDigest,
        zones: health.zones,
        image: report.image,
      },
      summary: summaryOf(health),
    };
  });
}

/** An earlier attempt of this job has verified the very same report. */
function wasVerified(change: ChangeHandle, digest: Digest): boolean {
  return (change.state === 'verified' || change.state === 'closed') && change.evidence('report') === digest;
}

function verifiedBefore(change: ChangeHandle, digest: Digest): Outcome {
  const headline = `${change.id} was verified before; nothing to do.`;
  return {
    outcome: 'verified',
    reasonCode: 'OK',
    ok: true,
    headline,
    facts: { change: change.id, report: digest, health: change.evidence('health') ?? null },
    summary: `### Target health: ${headline}`,
  };
}

async function sampler(
  { services, targets }: VerifyWorld,
  { names, target, environment }: Admission,
  change: ChangeHandle,
  report: DeploymentReport,
  group: string,
) {
  const [resolved, record] = await Promise.all([
    change.document('resolved', ResolvedService),
    change.document('image-record', imageRecordSchema),
  ]);
  const sample = async (): Promise<HealthSample | { readonly supersededBy: string }> => {
    const [service, running, states] = await Promise.all([
      services.service(names.cluster, target.service),
      services.tasks(names.cluster, target.service, 'RUNNING'),
      targets.targets(group),
    ]);
    if (service?.taskDefinition !== report.taskDefinition) {
      return { supersededBy: service?.taskDefinition ?? 'nothing' };
    }
    const same = running.filter(({ taskDefinition }) => taskDefinition === report.taskDefinition);
    const started = same.filter(({ startedBy }) => startedBy === report.rollout);
    return {
      tasks: started.length > 0 ? started : same, // the link from task to deployment is observed, not promised by AWS
      targets: states,
      desired: service.desired,
      container: report.container,
      port: resolved.container.port.value,
      digests: new Set([record.image.digest, ...record.platforms.map((each) => each.digest)]),
      zonesAgreed: environment.zones.length,
    };
  };
  return { sample, health: resolved.health };
}
