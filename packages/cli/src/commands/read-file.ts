import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { UsageError } from './usage-error.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** The bytes of a file that the user named. Throws UsageError with the name as the user wrote it. */
export async function readGiven(file: string, io: Pick<Io, 'cwd'>): Promise<Uint8Array> {
  return readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    const code = String(Object(cause).code);
    throw new UsageError(`${file} cannot be read: ${WHY[code] ?? code}.`);
  });
}

export async function readGivenText(file: string, io: Pick<Io, 'cwd'>): Promise<string> {
  return Buffer.from(await readGiven(file, io)).toString();
}
