import { Failure } from '@tenant-delivery/action-kit/failure';
import { evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { lastVerified } from '@tenant-delivery/delivery/last-verified';
import { type Digest, isDigest } from '@tenant-delivery/domain';
import { policyOf } from '@tenant-delivery/findings/effective-policy';
import { meetPolicies } from '@tenant-delivery/findings/meet-policies';
import type { Policy } from '@tenant-delivery/findings/policy';
import type { Judgement } from '@tenant-delivery/findings/verdict';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { toldByBuild } from '../build-word.ts';
import { failures } from '../failures.ts';
import { type Inspection, inspectImage } from '../inspect-image.ts';
import { judgeFound } from '../judge-image.ts';
import { expiring } from './expiring.ts';
import type { ReGateWorld } from './ports.ts';
import type { RunningImage, RunningService } from './running.ts';

/**
 * Every image that the service's tasks run, judged by today's findings under today's floor and what the running version
 * asked for inside it. Only what the registry and ECS say counts; what they do not say is unknown, and the rest is judged.
 */
export async function judgeService(
  world: ReGateWorld,
  admission: Admission,
  minutes: number,
): Promise<RunningService> {
  const { service } = admission.target;
  const unknown: string[] = [];
  const notes: string[] = [];
  const observed = observing(unknown);
  const version = await observed('what its version asked for', () => versionOf(world, admission));
  const manifest = version?.manifest;
  const container = admission.service.container ?? manifest?.container.name;
  if (container === undefined) {
    if (unknown.length === 0) notes.push('No version of it was verified here yet.');
    return { service, images: [], unknown, notes };
  }
  const running = await observed('what it runs', () => runningDigests(world, admission, container, unknown));
  const { policy: effective, breaches } = meetPolicies(admission.environment.scanFloor, manifest?.scan);
  if (breaches.length > 0)
    notes.push("Its version's own rules are outside the floor now. Where they are, the floor judges.");
  if (running?.size === 0) notes.push('No task of it runs.');
  const policy = policyOf(effective);
  const { repository } = admission.names;
  const images: RunningImage[] = [];
  for (const [digest, tasks] of running ?? []) {
    const inspection = { repository, digest, minutes };
    const judgement = await observed(`the image ${digest}`, () =>
      judgeRunning(world, version, policy, inspection),
    );
    if (!judgement) continue;
    images.push({ digest, tasks, judgement, policy });
    if (judgement.reasonCode === 'SCAN_NOT_EVIDENCE' || judgement.reasonCode === 'NOTHING_TO_INSPECT')
      unknown.push(`the image ${digest}: ${judgement.reasons[0] ?? 'its inspection is no evidence'}`);
  }
  const soon = await expiring(world.lifecycle, repository, [...(running?.keys() ?? [])], world.clock.now());
  for (const sentence of soon) world.runner.warning(`${service}: ${sentence}`);
  return { service, images, unknown, notes: [...notes, ...soon] };
}

/** Looks, and keeps in `unknown` why it could not. */
function observing(unknown: string[]) {
  return async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      unknown.push(`${what}: ${thrown.code}, ${thrown.message}`);
      return undefined;
    }
  };
}

/** One image that runs. What our build said of its version is believed where it is about that image. */
async function judgeRunning(
  world: ReGateWorld,
  version: Version | undefined,
  policy: Policy,
  inspection: Inspection,
): Promise<Judgement> {
  const { repository, digest } = inspection;
  const inspected = await inspectImage(world, inspection, () => failures.imageAbsent(repository, digest));
  const record = version && (await recordOf(world, version));
  const children = toldByBuild(inspected, record ?? {});
  return judgeFound(world, children, policy, { repository, now: world.clock.now() });
}

/** The version that was verified last. */
interface Version {
  readonly change: string;
  readonly manifest: ServiceManifest;
  readonly record: Digest | undefined;
}

/** The version that was verified last, and what it asked for; nothing where none was. */
async function versionOf(world: ReGateWorld, { target }: Admission): Promise<Version | undefined> {
  const last = await lastVerified(world, target);
  if (!last) return undefined;
  const { events } = last;
  const named = evidenceIn(events, 'manifest');
  const manifest = await readDocument(world, last.id, 'manifest', named, ServiceManifest);
  return { change: last.id, manifest, record: evidenceIn(events, 'image-record') };
}

/** What our build said of the version: what is listed, and what no scanner sees. */
async function recordOf(world: ReGateWorld, { change, record }: Version): Promise<ImageRecord | undefined> {
  return record && readDocument(world, change, 'image-record', record, imageRecordSchema);
}

/** By digest, how many running tasks have it in the service's container. A task that names none is unknown. */
async function runningDigests(
  { services }: ReGateWorld,
  { environment, target }: Admission,
  container: string,
  unknown: string[],
): Promise<ReadonlyMap<Digest, number>> {
  const found = new Map<Digest, number>();
  for (const { arn, containers } of await services.tasks(environment.cluster, target.service, 'RUNNING')) {
    const digest = containers.find(({ name }) => name === container)?.imageDigest;
    if (digest === undefined || !isDigest(digest))
      unknown.push(`the task ${arn}: ECS does not say which image its container ${container} runs`);
    else found.set(digest, (found.get(digest) ?? 0) + 1);
  }
  return found;
}
