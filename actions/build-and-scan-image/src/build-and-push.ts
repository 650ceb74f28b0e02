import { join } from 'node:path';
import type { BuildRequest, Built, ImageBuilder } from '@tenant-delivery/oci/builder';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { layerOrigins } from '@tenant-delivery/oci/layer-origins';
import type { PlatformImage } from '@tenant-delivery/oci/platforms';
import type { Pushed } from '@tenant-delivery/oci/registry/push';
import { digestOf } from '@tenant-delivery/vault/objects';
import { cacheArgument } from './alone/caches.ts';
import { buildWith, requestFrom } from './build-with.ts';
import { failures } from './failures.ts';
import type { Job } from './job.ts';
import type { Prepared } from './prepare.ts';
import { REVISION } from './tag-holder.ts';
import { pushTagged, refuseTaken, short } from './tags.ts';

/** What a builder left and the registry has confirmed. */
export interface Made extends Built {
  readonly record: ImageRecord;
  /** When the build began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly builder: Pick<ImageBuilder, 'image'>;
}

/** Builds into the folder, and pushes from there. */
export async function buildAndPush(
  job: Job,
  prepared: Prepared,
  builder: ImageBuilder,
  folder: string,
): Promise<Made> {
  const { given, purpose } = job;
  const { runner, clock } = job.world;
  await refuseTaken(job);
  const startedAt = clock.now();
  if (builder.name === 'own' && (prepared.secrets.length > 0 || given['cache-repository']))
    runner.info('The built-in builder runs nothing, so that it needs neither secrets nor a cache.');
  const request = requestOf(job, prepared, join(folder, 'layout'));
  const { platforms, ...built } = await buildWith(builder, runner, request);
  const pushed = await runner.group('Push the image and have the registry confirm its digest', async () => {
    const pushed = await pushTagged(job, built.layout, prepared);
    const { present, mounted, uploaded } = pushed.blobs;
    runner.info(`${uploaded} blobs uploaded, ${mounted} mounted, ${present} already there`);
    runner.info(`The registry holds ${purpose.repositoryUri}@${pushed.digest}`);
    return pushed;
  });
  const record = recordOf(job, prepared, pushed, platforms);
  return { ...built, record: { ...record, builder: builder.name }, startedAt, builder };
}

function requestOf(
  { given, world, purpose, repository }: Job,
  prepared: Prepared,
  output: string,
): BuildRequest {
  const { serverUrl, repository: source } = world.runner.context;
  return {
    ...requestFrom(given, prepared),
    ...cachesIn(given['cache-repository'], purpose, repository.connection.writer.host),
    labels: {
      ...given.labels,
      [REVISION]: purpose.revision,
      'org.opencontainers.image.source': `${serverUrl}/${source}`,
    },
    epoch: purpose.epoch,
    output,
  };
}

/**
 * A repository of its own: its tags are moved, which no image's may be. Each ref has a cache that no other one writes. A
 * build does not fail because its cache could not be written.
 */
function cachesIn(
  cache: string | undefined,
  { repository, ref }: Job['purpose'],
  host: string,
): Pick<BuildRequest, 'caches'> {
  if (cache === undefined) return {};
  if (cache === repository) throw failures.cacheNotApart(repository);
  const kept = new Map([['ref', `${host}/${cache}:${short(digestOf(ref))}`]]);
  const to = new Map([...kept, ['mode', 'max'], ['ignore-error', 'true']]);
  return {
    caches: {
      from: [cacheArgument({ type: 'registry', attributes: kept }, 'from', host)],
      to: [cacheArgument({ type: 'registry', attributes: to }, 'to', host)],
    },
  };
}

function recordOf(
  { world, purpose }: Job,
  prepared: Prepared,
  pushed: Pushed,
  platforms: readonly PlatformImage[],
): Omit<ImageRecord, 'builder'> {
  const layers = layerOrigins(prepared.base, platforms);
  return {
    schemaVersion: 1,
    image: { repositoryUri: purpose.repositoryUri, digest: pushed.digest },
    mediaType: pushed.mediaType,
    platforms: platforms.map(({ platform, digest }) => ({ platform, digest })),
    revision: purpose.revision,
    ref: purpose.ref,
    inputsDigest: prepared.inputs,
    base: prepared.base.map(({ layers: _, ...base }) => base),
    ...(layers && { layers }),
    reused: false,
    pushedAt: new Date(world.clock.now()).toISOString(),
  };
}
