import { expect, test } from '@jest/globals';
import { localKeys } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { trustOfRelease } from '../src/session/trust.ts';
import { released } from './a-release.ts';

const HERE = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };

/** A local release that has no keys of its own and is told of these. */
function reading(keys: TrustFile['keys']): () => TrustFile {
  const file = released({ schemaVersion: 1, keys });
  released({ schemaVersion: 1, local: true, keys: [] });
  return () => trustOfRelease({ ...HERE, TENANT_DELIVERY_LOCAL_TRUST: file });
}

const place = { tenant: 'acme', environment: 'prod' };
const keys = localKeys().trust.keys.filter(({ duty }) => duty === 'build' || duty === 'contract');

test("a build key counts for the environment that it names, the provider's contract key for all", () => {
  const bound = keys.map((key) => (key.duty === 'build' ? { ...key, ...place } : key));
  expect(reading(bound)().keys).toEqual(expect.arrayContaining(bound)); // beside a provider's own
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

test('local keys count for no release but a local one, whatever digits an account has', () => {
  const bound = keys.map((key) => ({ ...key, ...place }));
  const local = released({ schemaVersion: 1, local: true, keys: bound });
  released({ schemaVersion: 1, keys: [] });
  expect(trustOfRelease({ ...HERE, TENANT_DELIVERY_LOCAL_TRUST: local }).keys).toEqual([]);
});

test('a local release counts no key when an endpoint is not on this machine', () => {
  const read = reading(keys.map((key) => ({ ...key, ...place })));
  expect(read().keys).toHaveLength(2);
  for (const env of [{}, { ...HERE, AWS_ENDPOINT_URL_S3: 'https://s3.eu-west-1.amazonaws.com' }])
    expect(() => trustOfRelease(env)).toThrow(expect.objectContaining({ code: 'TRUST_INVALID' }));
});
