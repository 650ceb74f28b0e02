import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { TrustFile } from '@tenant-delivery/evidence';
import { localKeys } from '@tenant-delivery/testkit/in-memory-delivery';
import { trustFor } from '../src/trust.ts';

function reading(keys: TrustFile['keys']): () => TrustFile {
  const file = join(mkdtempSync(join(tmpdir(), 'trust-')), 'trust.json');
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, keys }));
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', TENANT_DELIVERY_LOCAL_TRUST: file };
  return () => trustFor('000011112222', env);
}

const place = { tenant: 'acme', environment: 'prod' };
const keys = localKeys().trust.keys.filter(({ duty }) => duty === 'build' || duty === 'contract');

test("a build key counts for the environment that it names, the provider's contract key for all", () => {
  const bound = keys.map((key) => (key.duty === 'build' ? { ...key, ...place } : key));
  expect(reading(bound)().keys).toEqual(bound);
});

test.each([
  ['would speak for every tenant', keys, 'names no tenant and environment'],
  [
    'would speak for every environment',
    keys.map((key) => ({ ...key, tenant: 'acme' })),
    'names no tenant and',
  ],
  [
    'has two duties',
    keys.flatMap((key) => [
      { ...key, ...place },
      { ...key, ...place, duty: 'gate' as const },
    ]),
    'and another one',
  ],
])('a key that %s is refused', (_, given, why) => {
  expect(reading(given)).toThrow(
    expect.objectContaining({ code: 'TRUST_INVALID', message: expect.stringContaining(why) }),
  );
});
