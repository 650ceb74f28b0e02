import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import { admit } from '@tenant-delivery/delivery/admit';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import { type Bake, bakeOf, bakingChange } from '@tenant-delivery/delivery/bake-record';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { type Digest, MINUTE, type Target } from '@tenant-delivery/domain';
import { imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { putDocument } from '@tenant-delivery/vault/objects';
import { bakeBeginning, holdLock } from './bake/begin-bake.ts';
import type { AgreedInputs } from './inputs.ts';
import { probeAgreed } from './probe/probe-agreed.ts';
import { endingOf } from './report/ending.ts';
import { healthReport } from './report/health-record.ts';
import { nothingBakes, outcomeOf, verifiedBefore } from './report/outcome.ts';
import { recordEnding } from './report/record-ending.ts';
import { agreedSubject } from './subject/agreed-subject.ts';
import { readReport } from './subject/read-report.ts';
import type { VerifyWorld } from './verify-world.ts';
import { verify } from './watch/verify.ts';

/**
 * Proves that the tasks of this change's deployment serve, in the agreed zones, with the image that was approved, and
 * that they keep serving for as long as was agreed. A bake that outlives the run is concluded by a later one.
 */
export async function runAgreed(given: AgreedInputs, world: VerifyWorld): Promise<Outcome> {
  const { runner, clock } = world;
  const deadline = clock.now() + given['timeout-minutes'] * MINUTE;
  const found = await runner.group('Find the contract and the change', () => findChange(given, world));
  if (!found.change) return nothingBakes(given.service);
  const { admission, change, bake } = found;
  runner.output('change', change.id);
  const digest = digestOf(given, bake);
  if (wasVerified(change, digest)) return verifiedBefore(change, digest);
  if (!digest) throw inputsInvalid([REPORT_MISSING]);
  const deployed = await runner.group('Find the deployment that is to be verified', async () => {
    const [report, resolved, record] = await inOrder([
      readReport(world, change, digest, bake),
      change.document('resolved', ResolvedService),
      change.document('image-record', imageRecordSchema),
    ]);
    runner.info(`${change.id} brought ${report.image} with ${report.taskDefinition}`);
    return { report, resolved, record };
  });
  const { subject, watched } = await runner.group('Watch its tasks at the load balancer', async () => {
    const subject = await agreedSubject(world, admission, deployed);
    const beforeLook = await holdLock(world, admission, change, bake); // not at once: what is refused has written nothing
    const probe = await probeAgreed(world, given, admission, subject);
    const beginning = await bakeBeginning(world, { admission, change, bake, report: digest }, subject);
    const wait = given['wait-minutes'] * MINUTE;
    const watched = await verify(world, subject, { deadline, wait, beforeLook, probe, beginBake: beginning });
    return { subject, watched };
  });
  return runner.group('Record what was seen', async () => {
    const ending = endingOf(watched);
    const about = { change: change.id, report: digest };
    const health = healthReport(about, subject, watched, ending, clock.now());
    const documents = { report: digest, health: await putDocument(world.vault, health) };
    const begun = watched.baked?.began.bake ?? bake;
    await recordEnding(world, { admission, change, bake: begun }, ending, documents);
    return outcomeOf(runner, admission.target.service, health, watched, { change: change.id, ...documents });
  });
}

const REPORT_MISSING =
  'report is missing: give the `report` output of deploy-ecs-service; only a bake that has begun is concluded without it';

async function findChange(given: AgreedInputs, world: VerifyWorld): Promise<Found> {
  const target = targetOf(given);
  const [found, bake] =
    given.change === 'baking'
      ? await findBaking(world, target)
      : await inOrder([admitChange(world, target, given.change), bakeOf(world, target, given.change)]);
  if (!found) return { change: undefined };
  const { admission, change } = found;
  world.runner.info(`${change.id} is ${change.state}`);
  return { admission, change, bake };
}

async function findBaking(world: VerifyWorld, target: Target) {
  const admission = await admit(world, target);
  const change = await bakingChange(world, admission);
  if (!change) return [] as const;
  return [{ admission, change }, await bakeOf(world, target, change.id)] as const;
}

type Found =
  | { readonly change: undefined }
  | { readonly change: ChangeHandle; readonly admission: Admission; readonly bake: Bake | undefined };

/** The report that was handed over, or the one with which a bake began. */
function digestOf({ report }: AgreedInputs, bake: Bake | undefined): Digest | undefined {
  return report === undefined ? bake?.record.report : (report as Digest); // its reader lets only digests through
}

/** An earlier run has verified this report, or any report when none is given. */
function wasVerified(change: ChangeHandle, digest: Digest | undefined): boolean {
  if (change.state !== 'verified' && change.state !== 'closed') return false;
  return digest === undefined || change.evidence('report') === digest;
}
