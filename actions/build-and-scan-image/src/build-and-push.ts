import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { layerOrigins } from '@tenant-delivery/oci/layer-origins';
import { platformsOf } from '@tenant-delivery/oci/platforms';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { digestOf } from '@tenant-delivery/vault/objects';
import { attachDocuments } from './attach-documents.ts';
import { failures } from './failures.ts';
import type { BuildInputs } from './inputs.ts';
import type { World } from './ports.ts';
import type { Prepared } from './prepare.ts';
import type { Purpose } from './purpose.ts';
import { REVISION } from './tag-holder.ts';
import { pushTagged, refuseTaken, short } from './tags.ts';

/** Builds into a folder that is gone afterwards, pushes from there, and keeps beside the image what it is made of. */
export async function buildAndPush(
  world: World,
  given: BuildInputs,
  prepared: Prepared,
  purpose: Purpose,
  builder: ImageBuilder,
  writer: RegistryWriter,
): Promise<ImageRecord> {
  const { runner, clock } = world;
  await refuseTaken(world, writer, given.version, purpose);
  const startedAt = clock.now();
  const folder = mkdtempSync(join(runner.context.temp, 'td-image-'));
  try {
    if (builder.name === 'own' && (prepared.secrets.length > 0 || given['cache-repository'])) {
      runner.info('The built-in builder runs nothing, so that it needs neither secrets nor a cache.');
    }
    const built = await runner.group(
      `Build the image with ${builder.name === 'own' ? 'the built-in builder' : 'Docker buildx'}`,
      () =>
        builder.build({
          context: prepared.context,
          dockerfile: given.dockerfile,
          platforms: given.platforms,
          ...(given.target === undefined ? {} : { target: given.target }),
          buildArgs: prepared.buildArgs,
          base: prepared.base,
          contexts: prepared.contexts,
          secrets: prepared.secrets,
          ...cacheOf(given, purpose, writer.host),
          ...(Object.keys(given.annotations).length === 0 ? {} : { annotations: given.annotations }),
          labels: {
            ...given.labels,
            [REVISION]: purpose.revision,
            'org.opencontainers.image.source': `${runner.context.serverUrl}/${runner.context.repository}`,
          },
          epoch: purpose.epoch,
          output: join(folder, 'layout'),
        }),
    );
    const platforms = platformsOf(built.root, built.layout.readBlob);
    const made = platforms.map(({ platform }) => platform).sort();
    if (made.join() !== given.platforms.join()) {
      throw ociFailures.buildFailed(
        builder.name,
        `it made ${made.join(', ') || 'no platform'} instead of ${given.platforms.join(', ')}`,
      );
    }
    if (runner.cancelled.aborted) throw ociFailures.buildFailed(builder.name, 'the job was cancelled');
    const pushed = await runner.group('Push the image and have the registry confirm its digest', async () => {
      const pushed = await pushTagged(world, writer, built.layout, prepared, purpose);
      const { present, mounted, uploaded } = pushed.blobs;
      runner.info(`${uploaded} blobs uploaded, ${mounted} mounted, ${present} already there`);
      runner.info(`The registry holds ${purpose.repositoryUri}@${pushed.digest}`);
      return pushed;
    });
    const layers = layerOrigins(prepared.base, platforms);
    const record: ImageRecord = {
      schemaVersion: 1,
      image: { repositoryUri: purpose.repositoryUri, digest: pushed.digest },
      mediaType: pushed.mediaType,
      platforms: platforms.map(({ platform, digest }) => ({ platform, digest })),
      revision: purpose.revision,
      ref: purpose.ref,
      inputsDigest: prepared.inputs,
      base: prepared.base.map(({ layers: _, ...base }) => base),
      ...(layers && { layers }),
      builder: builder.name,
      reused: false,
      pushedAt: new Date(clock.now()).toISOString(),
    };
    return await runner.group('Keep what the image is made of beside it', () =>
      attachDocuments(world, given, prepared, purpose, { ...built, record, startedAt, builder }, writer),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A repository of its own: its tags are moved, which no image's may be. Each ref has a cache that no other one writes. */
function cacheOf(
  { 'cache-repository': cache }: BuildInputs,
  { repository, ref }: Purpose,
  host: string,
): { readonly cache?: string } {
  if (cache === undefined) return {};
  if (cache === repository) throw failures.cacheNotApart(repository);
  return { cache: `${host}/${cache}:${short(digestOf(ref))}` };
}
