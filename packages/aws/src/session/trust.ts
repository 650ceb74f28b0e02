import { readFileSync } from 'node:fs';
import { allLoopback } from '@tenant-delivery/action-kit/clock';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import { readReleaseFile } from '@tenant-delivery/action-kit/release-file';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { parseTrust, type TrustFile } from '@tenant-delivery/evidence/trust';
import { failures } from '../failures.ts';

const RELEASED = 'trust/provider.json';

/**
 * The public keys that count: those of the release; in a copy of it that is for local-aws alone, which every endpoint must
 * name, those of TENANT_DELIVERY_LOCAL_TRUST too.
 */
export function trustOfRelease(env: Readonly<Record<string, string | undefined>>): TrustFile {
  const trust = releasedTrust();
  if (!trust.local) return trust;
  if (!allLoopback(env))
    throw failures.trustInvalid(RELEASED, [
      'is local, so this copy of the release speaks to local-aws alone, and AWS_ENDPOINT_URL names none',
    ]);
  const file = env['TENANT_DELIVERY_LOCAL_TRUST'];
  return file ? { ...trust, keys: [...trust.keys, ...read(file, readFileSync(file, 'utf8')).keys] } : trust;
}

/** What the release itself says, which no input and no variable of a job can change. */
export function releasedTrust(): TrustFile {
  const released = readReleaseFile(RELEASED);
  if (released === undefined) throw failures.trustInvalid(RELEASED, ['is not in this release']);
  return read(RELEASED, released);
}

function read(file: string, text: string): TrustFile {
  const parsed = parseTrust(parseJson(text));
  if ('mistakes' in parsed) throw failures.trustInvalid(file, parsed.mistakes.map(describeMistake));
  const unbound = unboundKeys(parsed.trust);
  if (unbound.length > 0) throw failures.trustInvalid(file, unbound);
  return parsed.trust;
}

/** A duty's key is one environment's; only the provider's own keys speak to all of its tenants. And no key has two duties. */
function unboundKeys({ keys }: TrustFile): readonly string[] {
  return keys.flatMap(({ keyId, duty, tenant, environment }) => [
    ...(duty === 'contract' || duty === 'review' || (tenant !== undefined && environment !== undefined)
      ? []
      : [`the ${duty} key ${keyId.slice(0, 12)}… names no tenant and environment that it is for`]),
    ...(keys.some((other) => other.keyId === keyId && other.duty !== duty)
      ? [`the key ${keyId.slice(0, 12)}… has the duty ${duty} and another one`]
      : []),
  ]);
}
