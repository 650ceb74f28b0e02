import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admit, resumeChange, targetOf } from '@tenant-delivery/delivery';
import { formatImage } from '@tenant-delivery/domain';
import { awaitInspections, type InspectedChild } from '@tenant-delivery/findings';
import type { ImageRecord } from '@tenant-delivery/oci';
import { type Admission, clear } from '@tenant-delivery/tenancy';
import { putDocument } from '@tenant-delivery/vault';
import { buildAndPush, type Purpose } from './build-and-push.ts';
import { chooseBuilder } from './choose-builder.ts';
import { failures } from './failures.ts';
import { findRecord, keepRecord } from './image-records.ts';
import type { BuildInputs } from './inputs.ts';
import { whyNotReused } from './judge-reuse.ts';
import type { World } from './ports.ts';
import { repositoryProblems } from './preflight.ts';
import { type Prepared, prepare } from './prepare.ts';
import { headlineOf, summaryOf } from './report.ts';

const MINUTE = 60_000; // milliseconds

/** States that an inspection leaves again; COMPLETE too, while it does not prove anything. */
const UNFINISHED = ['PENDING', 'IN_PROGRESS', 'SCAN_NOT_FOUND', 'FINDINGS_UNAVAILABLE', 'COMPLETE'];

type Connection = Awaited<ReturnType<World['registry']['connect']>>;

/** Builds an image of this revision or finds the one that was, and records it once the registry has inspected it. */
export async function run(given: BuildInputs, world: World): Promise<Outcome> {
  const { runner, vault } = world;
  const { admission, change, purpose, connection } = await runner.group(
    'Find the contract, the change and the repository',
    async () => {
      const admission = await admit(world, targetOf(given));
      const change = await resumeChange(world, admission, given.change);
      const { uri, connection } = await openRepository(world, admission);
      const purpose = await purposeOf(world, admission, uri);
      runner.info(`${change.id} is ${change.state}; its image will be in ${uri}`);
      return { admission, change, purpose, connection };
    },
  );
  const { prepared, earlier } = await runner.group('Look at what the image is made from', async () => {
    const prepared = await prepare(given, runner.context.workspace, connection.writer);
    runner.info(`Inputs ${prepared.inputs}`);
    for (const { reference, digest } of prepared.base)
      runner.info(`Base image ${reference} is ${digest ?? 'not known'}`);
    return { prepared, earlier: await reusable(world, admission, prepared, purpose, connection) };
  });
  const record = earlier ?? (await build(given, world, admission, prepared, purpose, connection));
  const inspected = await runner.group('Wait until the registry has inspected the image', () =>
    inspect(given, world, admission, record),
  );
  await runner.group('Record the image', async () => {
    const document = await putDocument(vault, record);
    await change.append('built', { image: record.image, evidence: { 'image-record': document } });
    runner.info(`${change.id} is built`);
  });
  runner.output('image', formatImage(record.image));
  runner.output('digest', record.image.digest);
  runner.output('reused', String(record.reused));
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
    },
    summary: summaryOf(change.id, given.service, record, inspected),
  };
}

/** The repository that the contract names, safe to keep an image in, and a way to push to it. */
async function openRepository(
  { registry, inspections, identity, clock }: World,
  admission: Admission,
): Promise<{ readonly uri: string; readonly connection: Connection }> {
  const { names, target } = admission;
  const facts = await registry.describe(names.repository);
  if (facts === 'absent') throw failures.repositoryAbsent(names.repository, target.account);
  const mode = await inspections.mode(names.repository);
  const clearance = clear(
    'repository',
    admission,
    { identity, region: target.region, repository: facts },
    clock.now(),
  );
  const connection = await registry.connect(clearance);
  const problems = [...repositoryProblems(facts, mode)];
  const [host] = facts.uri.split('/');
  if (host !== connection.writer.host) {
    problems.push(`it is reached at ${host}, but the login is for ${connection.writer.host}`);
  }
  if (problems.length > 0) throw failures.repositoryUnsafe(names.repository, problems);
  return { uri: facts.uri, connection };
}

async function purposeOf(
  { claims, source, runner }: World,
  { names }: Admission,
  repositoryUri: string,
): Promise<Purpose> {
  const commit = await source.commit();
  if (commit === 'unknown')
    runner.info('The workspace is no git repository: files in the image carry no time.');
  else if (commit.sha !== claims.sha) throw failures.revisionDiffers(commit.sha, claims.sha);
  return {
    repository: names.repository,
    repositoryUri,
    revision: claims.sha,
    ref: claims.ref,
    epoch: commit === 'unknown' ? 0 : commit.seconds,
  };
}

/** The signed record of the same revision, inputs and ref, if the registry still holds its image. */
async function reusable(
  world: World,
  { target }: Admission,
  { inputs }: Prepared,
  purpose: Purpose,
  { writer }: Connection,
): Promise<ImageRecord | undefined> {
  const found = await findRecord(world, target, inputs);
  const why = 'none' in found ? found.none : whyNotReused(found.record, { ...purpose, inputs });
  if ('none' in found || why !== undefined) {
    world.runner.info(`A new image is built: ${why}`);
    return undefined;
  }
  const held = await writer.readManifest(purpose.repository, found.record.image.digest);
  if (held === 'absent') {
    world.runner.info('A new image is built: the registry no longer holds the one that was');
    return undefined;
  }
  world.runner.info(`The same revision and inputs were built before, at ${found.record.pushedAt}`);
  return { ...found.record, reused: true };
}

async function build(
  given: BuildInputs,
  world: World,
  admission: Admission,
  prepared: Prepared,
  purpose: Purpose,
  connection: Connection,
): Promise<ImageRecord> {
  const builder = await chooseBuilder(given.builder, world.builders, connection, world.runner.info);
  const record = await buildAndPush(world, given, prepared, purpose, builder, connection.writer);
  await keepRecord(world, admission.target, record);
  return record;
}

/** Waits for an end of every platform's inspection; whether that end is good enough is the gate's business. */
async function inspect(
  given: BuildInputs,
  { inspections, clock, runner }: World,
  { names }: Admission,
  { image }: ImageRecord,
): Promise<readonly InspectedChild[]> {
  const stored = await inspections.image(names.repository, image.digest);
  if (stored === 'absent')
    throw failures.scanUnfinished(formatImage(image), 'it does not know the image yet');
  const deadline = clock.now() + given['scan-minutes'] * MINUTE;
  const inspected = await awaitInspections(inspections, names.repository, stored, {
    clock,
    deadline,
    signal: runner.cancelled,
    log: runner.info,
  });
  const open = inspected.find((child) => child.unproven !== undefined && UNFINISHED.includes(child.scan));
  if (open) throw failures.scanUnfinished(formatImage(image), open.unproven ?? '');
  for (const child of inspected) {
    runner.info(`${child.platform}: ${child.unproven ?? `${child.scan}, ${child.findings.length} findings`}`);
  }
  return inspected;
}
