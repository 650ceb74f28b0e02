import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitChange } from '@tenant-delivery/delivery/admit-change';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import { formatImage } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { putDocument } from '@tenant-delivery/vault/objects';
import { awaitCopies } from './await-copies.ts';
import { awaitScan } from './await-scan.ts';
import { awaitSignatures } from './await-signatures.ts';
import { buildAndPush } from './build-and-push.ts';
import { chooseBuilder } from './choose-builder.ts';
import { findEarlier } from './find-earlier.ts';
import { keepRecord } from './image-records.ts';
import type { BuildInputs } from './inputs.ts';
import { type Connection, openRepository } from './open-repository.ts';
import type { World } from './ports.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type Purpose, purposeOf } from './purpose.ts';
import { headlineOf, summaryOf } from './report.ts';
import { tagVersion } from './tags.ts';

/** Builds an image of this revision or finds the one that was, and records it once the registry has inspected it. */
export async function run(given: BuildInputs, world: World): Promise<Outcome> {
  const { runner, vault } = world;
  const { admission, change, purpose, connection, signedWith } = await runner.group(
    'Find the contract, the change and the repository',
    async () => {
      const { admission, change } = await admitChange(world, targetOf(given), given.change);
      const { uri, connection, signedWith } = await openRepository(world, admission);
      const purpose = await purposeOf(world, admission, uri);
      runner.info(`${change.id} is ${change.state}; its image will be in ${uri}`);
      return { admission, change, purpose, connection, signedWith };
    },
  );
  const { prepared, earlier } = await runner.group('Look at what the image is made from', async () => {
    const prepared = await prepare(given, world, connection.writer);
    runner.info(`Inputs ${prepared.inputs}`);
    if (prepared.undeclared.length > 0) {
      runner.warning(
        `No ARG of the Dockerfile declares ${prepared.undeclared.join(', ')}: check the spelling.`,
      );
    }
    for (const { reference, digest, created, newer } of prepared.base) {
      runner.info(
        `Base image ${reference} is ${digest ?? 'not known'}${created ? `, made at ${created}` : ''}`,
      );
      if (newer) runner.warning(`The tag of ${reference} now points to ${newer}, a newer base image.`);
    }
    return { prepared, earlier: await findEarlier(world, admission, prepared, purpose, connection) };
  });
  const made = earlier ?? (await build(given, world, admission, prepared, purpose, connection));
  if (given.version !== undefined) {
    await tagVersion(world, connection.writer, given.version, made.image.digest, purpose);
    runner.info(`Its version is ${given.version}`);
  }
  const signatures =
    signedWith.length === 0
      ? []
      : await runner.group('Wait until the registry has signed the image', () =>
          awaitSignatures(world, admission, made, signedWith),
        );
  const inspected = await runner.group('Wait until the registry has inspected the image', () =>
    awaitScan(given, world, admission, made),
  );
  const { replicatedTo = [] } = admission.environment.registry ?? {};
  if (replicatedTo.length > 0) {
    await runner.group('Wait until the image is in every region', () =>
      awaitCopies(given, world, admission, made, replicatedTo),
    );
  }
  const record: ImageRecord = {
    ...made,
    ...(signatures.length > 0 && { signedWith: [...signatures] }),
    ...(replicatedTo.length > 0 && { replicatedTo }),
  };
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
      referrers: record.referrers ?? [],
      replicatedTo: record.replicatedTo ?? [],
      signedWith: record.signedWith ?? [],
    },
    summary: summaryOf(change.id, given.service, record, inspected),
  };
}

async function build(
  given: BuildInputs,
  world: World,
  admission: Admission,
  prepared: Prepared,
  purpose: Purpose,
  connection: Connection,
): Promise<ImageRecord> {
  const builder = await chooseBuilder(
    given,
    admission.environment,
    world.builders,
    connection,
    world.runner.info,
  );
  const record = await buildAndPush(world, given, prepared, purpose, builder, connection.writer);
  await keepRecord(world, admission.target, record);
  return record;
}
