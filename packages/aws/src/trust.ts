import { readFileSync } from 'node:fs';
import { allLoopback } from '@tenant-delivery/action-kit/clock';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';
import { isLocalAccount } from '@tenant-delivery/domain';
import { parseJson, parseTrust, type TrustFile } from '@tenant-delivery/evidence';
import { failures } from './failures.ts';

const RELEASED = 'trust/provider.json';

/**
 * The public keys that count for an account: those of the release, and for an account that exists only in
 * local-aws, reached by loopback endpoints alone, those of TENANT_DELIVERY_LOCAL_TRUST.
 */
export function trustFor(account: string, env: Readonly<Record<string, string | undefined>>): TrustFile {
  const released = readReleaseFile(RELEASED);
  if (released === undefined) throw failures.trustInvalid(RELEASED, ['is not in this release']);
  const trust = read(RELEASED, released);
  const local = env['TENANT_DELIVERY_LOCAL_TRUST'];
  if (!local || !isLocalAccount(account) || !allLoopback(env)) return trust;
  return { schemaVersion: 1, keys: [...trust.keys, ...read(local, readFileSync(local, 'utf8')).keys] };
}

function read(file: string, text: string): TrustFile {
  const parsed = parseTrust(parseJson(text));
  if ('trust' in parsed) return parsed.trust;
  throw failures.trustInvalid(file, parsed.mistakes.map(describeMistake));
}
