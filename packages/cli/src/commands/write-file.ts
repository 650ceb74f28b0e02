import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Io } from '../io.ts';
import { UsageError } from './usage-error.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'a part of its path is a file',
  EACCES: 'this user may not write there',
  EROFS: 'this user may not write there',
  ENOSPC: 'the disk is full',
};

/** Writes a file that the user named. Throws UsageError with the name as the user wrote it. */
export async function writeGiven(
  file: string,
  content: string | Uint8Array,
  io: Pick<Io, 'cwd'>,
): Promise<void> {
  await writeFile(resolve(io.cwd, file), content).catch((cause: unknown) => refuse(file, cause));
}

/** The same, with the folders that it is in. */
export async function writeWithFolders(file: string, content: string, io: Pick<Io, 'cwd'>): Promise<void> {
  await mkdir(dirname(resolve(io.cwd, file)), { recursive: true }).catch((cause: unknown) =>
    refuse(file, cause),
  );
  await writeGiven(file, content, io);
}

function refuse(file: string, cause: unknown): never {
  const code = String(Object(cause).code);
  throw new UsageError(`${file} cannot be written: ${WHY[code] ?? code}.`);
}
