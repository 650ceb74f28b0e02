import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { formatImage } from '@tenant-delivery/domain';
import { readBuildArguments } from '@tenant-delivery/oci/build-arguments';
import { putDocument } from '@tenant-delivery/vault/objects';
import { attachDocuments } from './attach-documents.ts';
import { buildAndPush } from './build-and-push.ts';
import { askForBuildx, builderOf } from './choose-builder.ts';
import { findEarlier } from './find-earlier.ts';
import { keepRecord } from './image-records.ts';
import type { BuildInputs } from './inputs.ts';
import { type Job, openJob } from './job.ts';
import type { World } from './ports.ts';
import { argumentsIn, type Prepared, prepare } from './prepare.ts';
import { headlineOf, summaryOf } from './report.ts';
import { sayPrepared } from './say-prepared.ts';
import { type Settled, settle } from './settle.ts';

/** Builds an image of this revision or finds the one that was, and records it once the registry has inspected it. */
export async function run(given: BuildInputs, world: World): Promise<Outcome> {
  const { runner } = world;
  const job = await runner.group('Find the contract, the change and the repository', () =>
    openJob(given, world),
  );
  const buildx = askForBuildx(job);
  buildx.catch(() => {}); // awaited by the build, if there is one
  const { prepared, earlier } = await runner.group('Look at what the image is made from', async () => {
    const { reader } = job.repository;
    const read = readBuildArguments(argumentsIn(given, world.variable));
    const buildArgs = { ...read, args: { ...read.args, REGISTRY: reader.host } };
    const byBuildx = async () => given.builder !== 'own' && (await buildx) === undefined;
    const prepared = await prepare(given, buildArgs, { ...world, byBuildx }, reader);
    sayPrepared(runner, prepared);
    return { prepared, earlier: await findEarlier(job, prepared) };
  });
  const settled =
    earlier === undefined
      ? await build(job, prepared, buildx)
      : await runner.group('Wait until the registry has inspected the image', () =>
          settle(job, earlier, async () => earlier),
        );
  await runner.group('Record the image', () => recordImage(job, settled));
  return outcomeOf(job, settled);
}

/** Builds into a folder that is gone afterwards, and pushes from there. */
async function build(
  job: Job,
  prepared: Prepared,
  buildx: ReturnType<typeof askForBuildx>,
): Promise<Settled> {
  const { world, admission } = job;
  const { runner } = world;
  const builder = await builderOf(job, buildx);
  const folder = mkdtempSync(join(runner.context.temp, 'td-image-'));
  try {
    const made = await buildAndPush(job, prepared, builder, folder);
    return await runner.group(
      'Keep what the image is made of, and wait until the registry has inspected it',
      () =>
        settle(job, made.record, async () => {
          const record = await attachDocuments(job, prepared, made);
          await keepRecord(world, admission.target, record);
          return record;
        }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recordImage({ world, change }: Job, { record }: Settled): Promise<void> {
  const { runner, vault } = world;
  const document = await putDocument(vault, record);
  await change.append('built', { image: record.image, evidence: { 'image-record': document } });
  runner.info(`${change.id} is built`);
  runner.output('image', formatImage(record.image));
  runner.output('digest', record.image.digest);
  runner.output('reused', String(record.reused));
}

function outcomeOf({ given, change }: Job, { record, inspected }: Settled): Outcome {
  return {
    outcome: record.reused ? 'reused' : 'built',
    reasonCode: 'OK',
    ok: true,
    headline: headlineOf(record),
    facts: {
      change: change.id,
      image: formatImage(record.image),
      reused: record.reused,
      builder: record.builder,
      platforms: record.platforms,
      referrers: record.referrers ?? [],
      replicatedTo: record.replicatedTo ?? [],
      signedWith: record.signedWith ?? [],
    },
    summary: summaryOf(change.id, given.service, record, inspected),
  };
}
