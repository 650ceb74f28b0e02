import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admit } from '@tenant-delivery/delivery/admit';
import { openChange, readDocument } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
import { failures } from '@tenant-delivery/delivery/failures';
import { isVerified, lastVerified } from '@tenant-delivery/delivery/last-verified';
import {
  copyRecord,
  PROVEN_BY,
  type PromotionSource,
  sourceEnvironment,
} from '@tenant-delivery/delivery/promotion-source';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { verifiedVersion } from '@tenant-delivery/delivery/verified-version';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { putDocument } from '@tenant-delivery/vault/objects';
import { abandonOlder } from './abandon-older.ts';
import { commitsBrought, originOf } from './brought.ts';
import type { OpenChangeInputs } from './inputs.ts';
import { resolve } from './manifest.ts';
import type { Elsewhere, World } from './ports.ts';
import { reportProposal } from './report.ts';

/**
 * Begins a change that brings what was verified in another environment: its whole record is copied into this vault, and
 * the gate verifies that copy before it judges the image again under the limits that hold here.
 */
export async function proposePromotion(
  given: OpenChangeInputs,
  kind: 'promotion' | 'exercise',
  world: World,
): Promise<Outcome> {
  const { runner } = world;
  const delivery = await world.delivery();
  const { admission, there } = await runner.group('Check both contracts', async () => {
    const admission = await admit(delivery, targetOf(given));
    const environment = sourceEnvironment(admission, kind);
    const place = { ...targetOf(given), environment, region: given['from-region'] ?? given.region };
    const reading = await world.readingIn(place);
    return { admission, there: { world: reading, admission: await admit(reading, place) } };
  });
  const { environment, region } = there.admission.target;
  const { id, events } = await runner.group('Find the version that is brought here', async () => {
    const id = given.from === 'latest' ? await present(there) : given.from;
    runner.info(`${id} of ${environment}`);
    return { id, events: await loadChange(there.world.vault, there.world.trust, there.admission.target, id) };
  });
  const version = verifiedVersion(id, events, PROVEN_BY);
  if ('why' in version) throw failures.promotionUnverified(environment, version.why);
  const { manifest: manifestDigest, 'image-record': imageRecord } = version.evidence;
  const manifest = await readDocument(there.world, id, 'manifest', manifestDigest, ServiceManifest);
  const resolved = resolve(`the manifest of ${id}`, { manifest }, admission);
  const record = await runner.group('Copy its record, with every document that it names', () =>
    copyRecord({ ...there.world, admission: there.admission }, events, delivery.vault),
  );
  const source: PromotionSource = {
    schemaVersion: 1,
    environment,
    region,
    change: id,
    head: version.head,
    image: version.image,
    origin: await originOf(there, id, events),
    ...(await commitsBrought(there, id, await imageHere(delivery, admission))),
  };
  const abandoned = await abandonOlder(delivery, admission, world.github);
  const [resolvedDigest, sourceDigest] = await Promise.all([
    putDocument(delivery.vault, resolved),
    putDocument(delivery.vault, source),
  ]);
  const change = await openChange(delivery, admission, {
    kind,
    evidence: {
      ...(manifestDigest && { manifest: manifestDigest }),
      ...(imageRecord && { 'image-record': imageRecord }),
      resolved: resolvedDigest,
      source: sourceDigest,
      'source-record': record,
    },
    ...(given.reason && { reason: given.reason }),
    ...(given['external-ref'] && { externalRef: given['external-ref'] }),
  });
  runner.output('change', change.id);
  return reportProposal({ change, admission, resolved, abandoned, source });
}

/** The change that the other environment runs; only if it was verified there. */
async function present({ world, admission }: Elsewhere): Promise<string> {
  const { environment } = admission.target;
  for await (const { id, state } of deployedChanges(world, admission.target)) {
    if (state === 'rolled-back') continue;
    if (isVerified(state)) return id;
    throw failures.promotionUnverified(environment, `what touched the service last, ${id}, is ${state}`);
  }
  throw failures.promotionUnverified(environment, 'nothing was delivered there yet');
}

/** The digest of the image that was verified here last. */
async function imageHere(
  world: Pick<AdmissionWorld, 'vault' | 'trust' | 'clock'>,
  { target }: Admission,
): Promise<string | undefined> {
  return (await lastVerified(world, target))?.events.at(-1)?.subject.digest.sha256;
}
