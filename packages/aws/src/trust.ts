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
