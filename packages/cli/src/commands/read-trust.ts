import { describeMistake } from '@tenant-delivery/action-kit/document';
import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { parseTrust, type TrustFile } from '@tenant-delivery/evidence/trust';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** The public keys that the user trusts. */
export async function readTrust(file: string, io: Pick<Io, 'cwd'>): Promise<TrustFile> {
  return trustIn(file, await readGivenText(file, io));
}

function trustIn(name: string, text: string): TrustFile {
  const value = parseJson(text);
  if (value === undefined) throw new UsageError(`${name} is not a trust file: it is not JSON.`);
  const parsed = parseTrust(value);
  if ('trust' in parsed) return parsed.trust;
  throw new UsageError(`${name} is not a trust file: ${parsed.mistakes.map(describeMistake).join('; ')}.`);
}

/** The keys that publishing trusts: those of a file, or of this release. */
export async function trustFrom(file: string | undefined, io: Io): Promise<TrustFile> {
  if (file !== undefined) return readTrust(file, io);
  return trustIn('trust/provider.json', readReleaseFile('trust/provider.json') ?? '');
}
