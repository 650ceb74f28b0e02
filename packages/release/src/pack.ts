import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildActions } from './build.ts';
import { writeReleasedTree } from './commit-release.ts';
import type { BundledPackage } from './notices.ts';
import { MIGRATE, oneFile } from './one-file.ts';
import { releasedFiles } from './released-files.ts';
import { billOf } from './sbom.ts';
import { git, root, versionHere } from './this-repository.ts';

const CHECKSUMS = 'SHA256SUMS';

/** The files that a release of GitHub has, beside the one with their checksums. */
export function packedNames(version: string) {
  const name = `tenant-delivery-${version}`;
  return {
    archive: `${name}.tar.gz`,
    bill: `${name}.cdx.json`,
    manifest: `${name}.files.sha256`,
    migrate: `${name}-migrate.mjs`,
  };
}

/**
 * Builds and writes what a release consists of into a folder: the released files as an archive, the checksum of each of
 * them, the bill of materials, the command `migrate`, and the checksums of these four. The same commit gives the same bytes on every machine.
 * Answers the digest of the checksums, which says all of it.
 */
export async function pack(folder: string): Promise<string> {
  const packages = await buildActions();
  const migrate = await oneFile(MIGRATE);
  const version = versionHere();
  const at = git(['log', '-1', '--format=%ct']);
  const archive = execFileSync('git', ['archive', '--format=tar', `--mtime=@${at}`, writeReleasedTree()], {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  });
  const manifest = releasedFiles(root).map((file) => checksum(file, readFileSync(join(root, file))));
  const names = packedNames(version);
  const packed: Readonly<Record<string, Buffer>> = {
    [names.archive]: gzipSync(archive, { level: 9 }),
    [names.bill]: Buffer.from(
      billOf(together(packages, migrate.packages), version, new Date(Number(at) * 1000)),
    ),
    [names.manifest]: Buffer.from(manifest.join('')),
    [names.migrate]: Buffer.from(migrate.text),
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(packed)) writeFileSync(join(folder, name), bytes);
  const sums = Object.entries(packed)
    .map(([name, bytes]) => checksum(name, bytes))
    .join('');
  writeFileSync(join(folder, CHECKSUMS), sums);
  return digestOf(sums);
}

/** Each package once. */
function together(...lists: readonly (readonly BundledPackage[])[]): readonly BundledPackage[] {
  return [...new Map(lists.flat().map((each) => [each.folder, each])).values()];
}

/**
 * What was packed, file by file. Throws where it is not what was attested: any job of a run can replace an artifact of
 * another, and reviewers take days.
 */
export function readPacked(
  folder: string,
  version: string,
  attested: string,
): Readonly<Record<string, Buffer>> {
  const sums = readFileSync(join(folder, CHECKSUMS));
  if (digestOf(sums) !== attested)
    throw new Error(`${folder} is not what was attested, whose ${CHECKSUMS} has the digest ${attested}`);
  const packed = Object.values(packedNames(version)).map(
    (name) => [name, readFileSync(join(folder, name))] as const,
  );
  if (sums.toString() !== packed.map(([name, bytes]) => checksum(name, bytes)).join(''))
    throw new Error(`${folder} is not what its ${CHECKSUMS} says`);
  return Object.fromEntries([...packed, [CHECKSUMS, sums]]);
}

/** A line as `sha256sum` writes and checks it. */
function checksum(name: string, bytes: Buffer): string {
  return `${digestOf(bytes)}  ${name}\n`;
}

function digestOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
