import { formatImage } from '@tenant-delivery/domain';
import { seal } from '@tenant-delivery/evidence/dsse';
import type { Descriptor } from '@tenant-delivery/oci/descriptor';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Layout } from '@tenant-delivery/oci/layout';
import { parseManifest } from '@tenant-delivery/oci/manifest';
import { type Making, PROVENANCE, provenanceOf } from '@tenant-delivery/oci/provenance';
import { type Attaching, attaching } from '@tenant-delivery/oci/registry/attach';
import { billOfMaterials, CYCLONEDX } from '@tenant-delivery/oci/sbom/cyclonedx';
import { materialsOf } from '@tenant-delivery/oci/sbom/image-files';
import { nameOf } from '@tenant-delivery/oci/sbom/vanished';
import type { Made } from './build-and-push.ts';
import type { Job } from './job.ts';
import { type Prepared, UNREAD } from './prepare.ts';

const NAMED = 5; // packages in a sentence; the record has all

/**
 * Keeps a bill of materials beside every platform's image, and beside the image what it was made from, signed by the
 * build's key. The record with both named.
 */
export async function attachDocuments(job: Job, prepared: Prepared, made: Made): Promise<ImageRecord> {
  const { runner } = job.world;
  const signer = await job.world.signer;
  const { record, root } = made;
  const attached = attaching(job.repository.connection.writer, job.purpose.repository);
  const statement = provenanceOf(makingOf(job, prepared, made));
  const proving = seal(signer, 'application/vnd.in-toto+json', statement).then((envelope) =>
    attached({
      subject: root,
      artifactType: PROVENANCE,
      bytes: Buffer.from(envelope),
      annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
    }),
  );
  const [provenance, bills] = await Promise.all([
    proving,
    Promise.all(record.platforms.map((one) => attachBill(job, made, one, attached))),
  ]);
  for (const { platform, digest } of bills) runner.info(`${platform}: bill of materials ${digest}`);
  runner.info(`${formatImage(record.image)}: provenance ${provenance}`);
  return {
    ...record,
    referrers: [
      ...bills.map(({ subject, digest }) => ({ kind: 'sbom' as const, subject, digest })),
      { kind: 'provenance', subject: root.digest, digest: provenance },
    ],
    vanished: bills.map(({ subject, packages }) => ({ subject, packages: [...packages] })),
  };
}

/** Makes the bill of materials of one platform's image from its layers, and keeps it beside the image. */
async function attachBill(
  { world, purpose }: Job,
  { layout, root }: Made,
  { platform, digest: subject }: ImageRecord['platforms'][number],
  attached: Attaching,
) {
  const image = descriptorOf(layout, root, subject);
  const materials = await materialsOf(imageIn(layout, image).manifest, layout.openBlob);
  const packages = materials.vanished.map(nameOf);
  if (packages.length > 0) world.runner.warning(sayVanished(platform, packages));
  const { repositoryUri } = purpose;
  const bytes = billOfMaterials({ repositoryUri, digest: subject }, platform, materials);
  const digest = await attached({ subject: image, artifactType: CYCLONEDX, bytes });
  return { platform, subject, digest, packages };
}

function sayVanished(platform: string, packages: readonly string[]): string {
  const more = packages.length > NAMED ? ` and ${packages.length - NAMED} more` : '';
  return `${platform}: no database of the image names ${packages.slice(0, NAMED).join(', ')}${more} any more, though their files are there. No scanner finds what is wrong with them, so the gate takes the image for one that cannot be inspected. Keep the database; remove a package by its package manager.`;
}

function makingOf(
  { given, world, purpose }: Job,
  prepared: Prepared,
  { record, startedAt, builder }: Made,
): Making {
  const { runner, claims } = world;
  const { serverUrl, repository, runId, runAttempt, workflowRef } = runner.context;
  const source = `${serverUrl}/${repository}`;
  const { context, dockerfile, platforms, target } = given;
  return {
    repositoryUri: purpose.repositoryUri,
    digests: [record.image.digest, ...record.platforms.map(({ digest }) => digest)],
    builderId: `${serverUrl}/${claims.jobWorkflowRef || workflowRef}`,
    invocationId: `${source}/actions/runs/${runId}/attempts/${runAttempt}`,
    source,
    ref: purpose.ref,
    revision: purpose.revision,
    parameters: {
      context,
      dockerfile,
      platforms,
      target,
      buildArgs: prepared.buildArgs,
      buildContexts: given['build-contexts'],
      secrets: prepared.secrets.map(({ id }) => id),
      labels: given.labels,
      annotations: given.annotations,
    },
    internal: {
      builder: record.builder,
      buildkitImage: builder.image,
      inputsDigest: record.inputsDigest,
      epoch: purpose.epoch,
    },
    base: prepared.base.filter(({ reference }) => reference !== UNREAD),
    startedOn: new Date(startedAt).toISOString(),
    finishedOn: record.pushedAt,
  };
}

/** The root itself, or its child. */
function descriptorOf(layout: Layout, root: Descriptor, digest: string): Descriptor {
  if (root.digest === digest) return root;
  const parsed = parseManifest(root.mediaType, layout.readBlob(root.digest));
  const child =
    parsed.kind === 'index' ? parsed.index.manifests.find((one) => one.digest === digest) : undefined;
  if (child === undefined) throw new TypeError(`${root.digest} has no child ${digest}`);
  return child;
}

function imageIn(layout: Layout, { mediaType, digest }: Descriptor) {
  const parsed = parseManifest(mediaType, layout.readBlob(digest));
  if (parsed.kind === 'index') throw new TypeError(`${digest} is an index inside an index`);
  return parsed;
}
