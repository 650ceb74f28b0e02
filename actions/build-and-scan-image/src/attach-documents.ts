import { formatImage } from '@tenant-delivery/domain';
import { seal } from '@tenant-delivery/evidence/dsse';
import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import type { Descriptor } from '@tenant-delivery/oci/descriptor';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Layout } from '@tenant-delivery/oci/layout';
import { parseManifest } from '@tenant-delivery/oci/manifest';
import { type Making, PROVENANCE, provenanceOf } from '@tenant-delivery/oci/provenance';
import { attach } from '@tenant-delivery/oci/registry/attach';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { billOfMaterials, CYCLONEDX } from '@tenant-delivery/oci/sbom/cyclonedx';
import { materialsOf } from '@tenant-delivery/oci/sbom/image-files';
import { nameOf } from '@tenant-delivery/oci/sbom/vanished';
import type { BuildInputs } from './inputs.ts';
import type { World } from './ports.ts';
import type { Prepared } from './prepare.ts';
import type { Purpose } from './purpose.ts';

const NAMED = 5; // packages in a sentence; the record has all

/** What a builder left, the record of it, when it began (milliseconds since the epoch), and the builder. */
export interface Finished {
  readonly layout: Layout;
  readonly root: Descriptor;
  readonly record: ImageRecord;
  readonly startedAt: number;
  readonly builder: Pick<ImageBuilder, 'image'>;
}

/**
 * Keeps a bill of materials beside every platform's image, and beside the image what it was made from, signed by the
 * build's key. The record with both named.
 */
export async function attachDocuments(
  world: World,
  given: BuildInputs,
  prepared: Prepared,
  purpose: Purpose,
  { layout, root, record, startedAt, builder }: Finished,
  writer: RegistryWriter,
): Promise<ImageRecord> {
  const { repository } = purpose;
  const referrers: NonNullable<ImageRecord['referrers']> = [];
  const vanished: NonNullable<ImageRecord['vanished']> = [];
  for (const { platform, digest } of record.platforms) {
    const subject = descriptorOf(layout, root, digest);
    const { manifest } = imageIn(layout, subject);
    const image = { repositoryUri: purpose.repositoryUri, digest };
    const materials = await materialsOf(manifest, layout.openBlob);
    const packages = materials.vanished.map(nameOf);
    vanished.push({ subject: digest, packages });
    if (packages.length > 0) world.runner.warning(sayVanished(platform, packages));
    const bytes = billOfMaterials(image, platform, materials);
    const bill = await attach(writer, repository, { subject, artifactType: CYCLONEDX, bytes });
    referrers.push({ kind: 'sbom', subject: digest, digest: bill });
    world.runner.info(`${platform}: bill of materials ${bill}`);
  }
  const statement = provenanceOf(makingOf(world, given, prepared, purpose, { record, startedAt, builder }));
  const provenance = await attach(writer, repository, {
    subject: root,
    artifactType: PROVENANCE,
    bytes: Buffer.from(await seal(world.signer, 'application/vnd.in-toto+json', statement)),
    annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
  });
  referrers.push({ kind: 'provenance', subject: root.digest, digest: provenance });
  world.runner.info(`${formatImage(record.image)}: provenance ${provenance}`);
  return { ...record, referrers, vanished };
}

function sayVanished(platform: string, packages: readonly string[]): string {
  const more = packages.length > NAMED ? ` and ${packages.length - NAMED} more` : '';
  return `${platform}: no database of the image names ${packages.slice(0, NAMED).join(', ')}${more} any more, though their files are there. No scanner finds what is wrong with them, so the gate takes the image for one that cannot be inspected. Keep the database; remove a package by its package manager.`;
}

function makingOf(
  { runner, claims }: World,
  given: BuildInputs,
  prepared: Prepared,
  purpose: Purpose,
  { record, startedAt, builder }: Pick<Finished, 'record' | 'startedAt' | 'builder'>,
): Making {
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
    base: prepared.base,
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
