import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildActions } from './build.ts';
import { writeReleasedTree } from './commit-release.ts';
import { releasedFiles } from './released-files.ts';
import { billOf } from './sbom.ts';
import { git, root, versionHere } from './this-repository.ts';

export const CHECKSUMS = 'SHA256SUMS';

/** The files that a release of GitHub has, beside the one with their checksums. */
export function packedNames(version: string) {
  const name = `tenant-delivery-${version}`;
  return { archive: `${name}.tar.gz`, bill: `${name}.cdx.json`, manifest: `${name}.files.sha256` };
}

/**
 * Builds and writes what a release consists of into a folder: the released files as an archive, the checksum of each of
 * them, the bill of materials, and the checksums of these three. The same commit gives the same bytes on every machine.
 */
export async function pack(folder: string): Promise<void> {
  const packages = await buildActions();
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
    [names.bill]: Buffer.from(billOf(packages, version, new Date(Number(at) * 1000))),
    [names.manifest]: Buffer.from(manifest.join('')),
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(packed)) writeFileSync(join(folder, name), bytes);
  const sums = Object.entries(packed).map(([name, bytes]) => checksum(name, bytes));
  writeFileSync(join(folder, CHECKSUMS), sums.join(''));
}

/** What was packed, file by file. Throws where a file is not what its checksum says. */
export function readPacked(folder: string, version: string): Readonly<Record<string, Buffer>> {
  const sums = readFileSync(join(folder, CHECKSUMS));
  const packed = Object.values(packedNames(version)).map(
    (name) => [name, readFileSync(join(folder, name))] as const,
  );
  if (sums.toString() !== packed.map(([name, bytes]) => checksum(name, bytes)).join(''))
    throw new Error(`${folder} is not what its ${CHECKSUMS} says`);
  return Object.fromEntries([...packed, [CHECKSUMS, sums]]);
}

/** A line as `sha256sum` writes and checks it. */
function checksum(name: string, bytes: Buffer): string {
  return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
}
