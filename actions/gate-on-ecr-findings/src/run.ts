import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { verifyPromotion } from '@tenant-delivery/delivery/promotion-source';
import { resolvedOf } from '@tenant-delivery/delivery/resolved';
import { comesFromElsewhere, formatImage, type Image } from '@tenant-delivery/domain';
import { annotationsOf } from '@tenant-delivery/findings/annotations';
import { compareFindings, deployedFindings, neededWaivers } from '@tenant-delivery/findings/compare-findings';
import { countByLayer } from '@tenant-delivery/findings/layers';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import { withVanished } from '@tenant-delivery/findings/vanished';
import { judgeImage } from '@tenant-delivery/findings/verdict';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { putDocument } from '@tenant-delivery/vault/objects';
import { attest } from './attest.ts';
import { vanishedIn, whatBuildsCannotTell } from './build-word.ts';
import { checkImage, checkProposal } from './check-proposal.ts';
import { findRunning } from './compare-with-running.ts';
import { failures } from './failures.ts';
import type { World } from './gate-world.ts';
import type { AgreedInputs } from './inputs.ts';
import { exploitationOfAll, inspectImage } from './inspect-image.ts';
import { answersOf, headlineOf, remedyOf, rowsOf, summaryOf } from './report.ts';
import { DOCUMENT, writeReports } from './report-files.ts';
import { decidedFindings, effectiveOf, scanPolicyOf, verdictOf } from './verdict-of.ts';

/**
 * Waits for the registry's inspections of the image, judges them, and records the verdict. What comes from another
 * environment is proven verified there first, and judged here again, under the limits that hold here.
 */
export async function run(given: AgreedInputs, world: World): Promise<Outcome> {
  const { runner, clock, vault } = world;
  const { admission, change, image, record } = await runner.group(
    'Find the contract and the change',
    async () => {
      const { admission, change } = await admitChange(world, given, given.change);
      if (change.evidence('image-record') === undefined) throw failures.notBuilt(change.id, change.state);
      await checkProposal(world, change, given.manifest);
      const record = await change.document('image-record', imageRecordSchema);
      const image = await imageOf(world, admission, change, record);
      runner.info(`${change.id} is ${change.state}; its image is ${formatImage(image)}`);
      return { admission, change, image, record };
    },
  );
  const repository = admission.names.repository;
  const children = await runner.group(
    'Wait for the registry to inspect every platform of the image',
    async () => {
      const { 'scan-minutes': minutes } = given;
      const { digest } = image;
      const absent = () =>
        comesFromElsewhere(change.kind)
          ? failures.imageNotReplicated(formatImage(image))
          : failures.imageAbsent(repository, digest);
      const inspected = await inspectImage(world, { repository, digest, minutes }, absent, (stored) =>
        known(record, stored),
      );
      const listed = record.referrers?.filter(({ kind }) => kind === 'sbom') ?? [];
      return inspected.map((child) =>
        withVanished(
          { ...child, sbom: listed.some(({ subject }) => subject === child.digest) },
          vanishedIn(record, child.digest),
        ),
      );
    },
  );
  return runner.group('Judge what was found, and record the verdict', async () => {
    const resolved = await resolvedOf(admission, change);
    const policy = scanPolicyOf(resolved);
    const now = clock.now();
    const running = await findRunning(world, admission, change);
    const place = {
      repository,
      now,
      ...(running && {
        deployed: deployedFindings(running.findings),
        needed: neededWaivers(running.findings),
      }),
    };
    const exploitation = await exploitationOfAll(world, policy, place, children);
    const judgement = judgeImage(children, policy, place, exploitation);
    const compared = running && compareFindings(judgement.rows, running.findings);
    const against = running &&
      compared && {
        change: running.change,
        ...compared,
        freshBy: countByLayer(compared.fresh, record.layers),
      };
    const [findings, policyDigest, floorDigest] = await Promise.all([
      putDocument(vault, { schemaVersion: 1, findings: decidedFindings(judgement) }),
      putDocument(vault, {
        schemaVersion: 1,
        limits: resolved.scan,
        ...(resolved.scanRules && { rules: resolved.scanRules }),
      }),
      putDocument(vault, { schemaVersion: 1, limits: admission.environment.scanFloor }),
    ]);
    const notTold = whatBuildsCannotTell(record);
    const judgedBy = { policy, policyDigest, floorDigest, hours: resolved.verdictHours.value };
    const verdict = verdictOf(image, children, judgement, { ...judgedBy, notTold }, findings, now);
    const digest = await putDocument(vault, verdict);
    const attestations = await attest(world, children, judgement, { verdict, digest });
    await change.append(judgement.decision === 'allow' ? 'gated' : 'denied', {
      decision: { result: judgement.decision, reasons: [judgement.reasonCode], note: headlineOf(verdict) },
      evidence: { findings, verdict: digest, ...attestations },
      ...(judgement.decision === 'allow' && comesFromElsewhere(change.kind) && { image }),
    });
    runner.output('decision', judgement.decision);
    runner.output('verdict', digest);
    runner.output('image', formatImage(image));
    runner.output('counts', JSON.stringify(judgement.counts));
    runner.verbatim([...judgement.reasons, ...rowsOf(judgement)]);
    for (const sentence of [...notTold, ...answersOf(verdict), ...annotationsOf(judgement, DOCUMENT)])
      runner.warning(sentence);
    await writeReports(world, change.id, verdict, judgement);
    return {
      outcome: judgement.decision === 'allow' ? 'gated' : 'denied',
      reasonCode: judgement.reasonCode,
      ok: judgement.decision === 'allow',
      headline: headlineOf(verdict),
      ...(judgement.decision === 'deny' && { remedy: remedyOf(judgement) }),
      facts: {
        change: change.id,
        image: formatImage(image),
        verdict: digest,
        decision: judgement.decision,
        counts: judgement.counts,
        ...(against && {
          since: {
            change: against.change,
            new: against.fresh.length,
            fixed: against.fixed.length,
            unchanged: against.unchanged,
            newBy: against.freshBy,
          },
        }),
      },
      summary: summaryOf(verdict, {
        change: change.id,
        judgement,
        policy: effectiveOf(resolved),
        against,
        byLayer: countByLayer(judgement.rows, record.layers),
        document: DOCUMENT,
      }),
    };
  });
}

/** The registry's children under the platforms that the build recorded. A recorded one that is gone was not inspected. */
function known(record: ImageRecord, stored: StoredImage): StoredImage {
  const gone = record.platforms.find(
    ({ digest }) => !stored.children.some((child) => child.digest === digest),
  );
  if (gone) throw failures.platformGone(gone.platform, gone.digest, record.image.digest);
  const platformOf = (digest: string) => record.platforms.find((one) => one.digest === digest)?.platform;
  return {
    ...stored,
    children: stored.children.map((child) => ({
      ...child,
      platform: platformOf(child.digest) ?? child.platform,
    })),
  };
}

/** What was built; of another environment's version, the same digest in the registry of this one. */
async function imageOf(
  world: World,
  admission: Admission,
  change: ChangeHandle,
  record: ImageRecord,
): Promise<Image> {
  if (!comesFromElsewhere(change.kind)) {
    checkImage(world, admission, change, record.image);
    return record.image;
  }
  const image = await verifyPromotion(world, admission, change);
  world.runner.info(`The record of ${image.digest} in the environment that it comes from verifies`);
  return image;
}
