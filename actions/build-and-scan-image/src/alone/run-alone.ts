import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { type Digest, formatImage } from '@tenant-delivery/domain';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { type BuildArguments, looseBuildArguments } from '@tenant-delivery/oci/build-arguments';
import type { BuildRequest, Built, ImageBuilder } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import type { PlatformImage } from '@tenant-delivery/oci/platforms';
import { splitReference } from '@tenant-delivery/oci/reference';
import { pushLayout } from '@tenant-delivery/oci/registry/push';
import { awaitScan } from '../await-scan.ts';
import { buildWith, requestFrom } from '../build-with.ts';
import { chooseBuilder } from '../choose-builder.ts';
import { failures } from '../failures.ts';
import type { AloneInputs } from '../inputs.ts';
import { argumentsIn, type Prepared, prepare } from '../prepare.ts';
import { sayPrepared } from '../say-prepared.ts';
import { REVISION } from '../tag-holder.ts';
import type { AloneWorld } from './alone-world.ts';
import { warnOfNoCache } from './cache-at-github.ts';
import { cacheArgument } from './caches.ts';
import { nameImage, refuseTakenByOthers, refuseTakenTags, type Tagged } from './name-image.ts';
import { NO_REGISTRY } from './no-registry.ts';
import { cachesAtEcr, type OwnRepository, openOwnRepository } from './own-repository.ts';
import { type BuiltAlone, headlineAlone, imageId, metadataOf, summaryAlone } from './report-alone.ts';

/** What one run works with, once everything that could refuse it was looked at. */
interface AloneJob {
  readonly given: AloneInputs;
  readonly world: AloneWorld;
  readonly prepared: Prepared;
  readonly repository: OwnRepository | undefined;
  readonly builder: ImageBuilder;
  /** The commit of the image, and its time in seconds since 1970. */
  readonly commit: { readonly sha: string; readonly seconds: number };
}

/** Builds any image with the credentials of the job, pushes it if asked to, and records nothing. */
export async function runAlone(given: AloneInputs, world: AloneWorld): Promise<Outcome> {
  const { runner } = world;
  const job = await openJob(given, world);
  const folder = mkdtempSync(join(runner.context.temp, 'td-image-'));
  try {
    const built = await buildWith(job.builder, runner, requestOf(job, join(folder, 'layout')));
    if (given.load) await runner.group('Load the image into Docker', () => load(job, built));
    const pushed = await push(job, built);
    const inspected = await inspect(job, built);
    return outcomeOf(job, {
      ...built,
      ...pushed,
      builder: job.builder.name,
      names: given.tags.map((name) => name.given),
      loaded: given.load,
      inspected,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openJob(given: AloneInputs, world: AloneWorld): Promise<AloneJob> {
  const { runner, builders, aws } = world;
  const unavailable = given.builder === 'own' ? undefined : builders.buildxUnavailable();
  unavailable?.catch(() => {}); // awaited below
  const repository = await runner.group('Find the registry', () => findRegistry(given, world));
  const commit = await commitOf(world);
  const prepared = await runner.group('Look at what the image is made from', async () => {
    const reader = repository?.reader ?? NO_REGISTRY;
    const byBuildx = async () => unavailable !== undefined && (await unavailable) === undefined;
    const prepared = await prepare(
      given,
      buildArguments(given, world),
      { runner, variable: world.variable, byBuildx },
      reader,
    );
    sayPrepared(runner, prepared);
    return prepared;
  });
  if (given.load) {
    const why = await builders.loadUnavailable();
    if (why !== undefined) throw ociFailures.notLoadable(why);
  }
  if (repository && aws && given.push)
    await refuseTakenTags(repository, tagsOf(given), given.labels[REVISION] ?? commit.sha);
  const builder = chooseBuilder(runner, given.builder, await unavailable, {
    own: () => builders.own(repository?.reader ?? NO_REGISTRY),
    buildx: () => builders.buildx(repository?.connection.login),
  });
  if (builder.name === 'own') sayUnused(given, runner);
  else warnOfNoCache([...given['cache-from'], ...given['cache-to']], world);
  return { given, world, prepared, repository, builder, commit };
}

/** The registry of the job's credentials. A job that pushes nothing needs none. */
async function findRegistry(given: AloneInputs, world: AloneWorld): Promise<OwnRepository | undefined> {
  const { aws, runner } = world;
  if (aws !== undefined) return openOwnRepository(given, world, aws);
  const caches = cachesAtEcr(given, aws);
  if (caches.length > 0) throw failures.cacheWithoutCredentials(caches);
  runner.info('The job has no AWS credentials, and nothing is pushed: AWS is not asked.');
  return undefined;
}

/** The workspace need not hold the commit of the run: without a contract nobody promised it. */
async function commitOf({ source, runner }: AloneWorld): Promise<AloneJob['commit']> {
  const commit = await source.commit();
  if (commit !== 'unknown') return commit;
  runner.info('The workspace is no git repository: files in the image carry no time.');
  return { sha: runner.context.sha, seconds: 0 };
}

function buildArguments(given: AloneInputs, { runner, variable }: AloneWorld): BuildArguments {
  const { suspicious, masked, ...read } = looseBuildArguments(argumentsIn(given, variable));
  for (const value of masked) runner.mask(value);
  for (const name of suspicious)
    runner.warning(
      `The build argument ${name} looks like a credential, and everybody who has the image can read it. Give it by \`secrets\` and read it with RUN --mount=type=secret.`,
    );
  return read;
}

function sayUnused(given: AloneInputs, runner: AloneWorld['runner']): void {
  const unused = (['cache-from', 'cache-to', 'no-cache-filters'] as const).filter(
    (name) => given[name].length > 0,
  );
  const flags = (['no-cache', 'pull'] as const).filter((name) => given[name]);
  const all = [...unused, ...flags];
  if (all.length > 0)
    runner.info(
      `The built-in builder keeps no steps and no base images, so ${all.join(', ')} changes nothing.`,
    );
}

function requestOf(job: AloneJob, output: string): BuildRequest {
  const { given, prepared, repository, commit, world } = job;
  const { serverUrl, repository: source } = world.runner.context;
  const host = repository?.connection.writer.host;
  const argument = (direction: 'from' | 'to') =>
    given[`cache-${direction}`].map((cache) => cacheArgument(cache, direction, host));
  return {
    ...requestFrom(given, prepared),
    caches: { from: argument('from'), to: argument('to') },
    noCache: given['no-cache'] ? 'of any stage' : given['no-cache-filters'],
    pull: given.pull,
    labels: {
      [REVISION]: commit.sha,
      'org.opencontainers.image.source': `${serverUrl}/${source}`,
      ...given.labels,
    },
    epoch: commit.seconds,
    output,
  };
}

function tagsOf({ tags }: AloneInputs): readonly string[] {
  return [...new Set(tags.map(({ tag }) => tag))];
}

/** Pushes the image by its digest, has the registry confirm that, and then gives it its tags. */
async function push(
  { given, world, repository, prepared }: AloneJob,
  { layout, root }: Built,
): Promise<Pick<BuiltAlone, 'image' | 'tagged'>> {
  if (!given.push || repository?.name === undefined) return { image: undefined, tagged: [] };
  const { runner } = world;
  const { writer } = repository.connection;
  const { name } = repository;
  const tags = tagsOf(given);
  return runner.group('Push the image and have the registry confirm its digest', async () => {
    await refuseTakenByOthers(repository, tags, root.digest);
    const mountFrom = prepared.base.map(({ reference, layers }) => ({
      repository: splitReference(reference).repository,
      layers,
    }));
    const pushed = await pushLayout(writer, layout, { repository: name, tag: root.digest, mountFrom });
    const { present, mounted, uploaded } = pushed.blobs;
    runner.info(`${uploaded} blobs uploaded, ${mounted} mounted, ${present} already there`);
    const image = { repositoryUri: `${writer.host}/${name}`, digest: pushed.digest };
    runner.info(`The registry holds ${formatImage(image)}`);
    const tagged = await nameImage(repository, tags, root, layout.readBlob(root.digest));
    for (const one of tagged) runner.info(sayTagged(one, root.digest));
    return { image, tagged };
  });
}

function sayTagged({ tag, before }: Tagged, now: Digest): string {
  if (before === undefined) return `Its tag is ${tag}`;
  return before === now ? `It has the tag ${tag} already` : `The tag ${tag} moved to it from ${before}`;
}

async function load({ given, world }: AloneJob, { layout, root }: Built): Promise<void> {
  await world.builders.load(
    layout,
    root,
    given.tags.map((name) => name.given),
  );
}

async function inspect(
  { given, world, repository }: AloneJob,
  { root, platforms }: Built & { readonly platforms: readonly PlatformImage[] },
): Promise<readonly InspectedChild[] | undefined> {
  const { aws, runner, clock } = world;
  const minutes = given['scan-minutes'];
  if (!aws || minutes === undefined || repository?.name === undefined) return undefined;
  const { inspections } = aws;
  const { name, connection } = repository;
  return runner.group('Wait until the registry has inspected the image', async () =>
    awaitScan(
      { inspections, clock, runner },
      {
        image: { repositoryUri: `${connection.writer.host}/${name}`, digest: root.digest },
        platforms: platforms.map(({ platform, digest }) => ({ platform, digest })),
      },
      { repository: name, mode: await inspections.mode(name), minutes, signal: runner.cancelled },
    ),
  );
}

function outcomeOf({ world }: AloneJob, built: BuiltAlone): Outcome {
  const { runner } = world;
  const { image, root, tagged, platforms, builder, loaded } = built;
  const named = image === undefined ? '' : formatImage(image);
  runner.output('image', named);
  runner.output('digest', root.digest);
  runner.output('imageid', imageId(built));
  runner.output('metadata', JSON.stringify(metadataOf(built), null, 2));
  runner.output('reused', 'false');
  return {
    outcome: 'built',
    reasonCode: 'OK',
    ok: true,
    headline: headlineAlone(built),
    facts: {
      image: named,
      digest: root.digest,
      pushed: image !== undefined,
      loaded,
      tags: tagged.map(({ tag, before }) => ({ tag, before: before ?? null })),
      builder,
      platforms: platforms.map(({ platform, digest }) => ({ platform, digest })),
    },
    summary: summaryAlone(built),
  };
}
