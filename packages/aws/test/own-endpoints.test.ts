import { expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { startSession } from '../src/session.ts';

const TARGET = { tenant: 'acme', environment: 'prod', region: 'eu-west-1', service: 'orders' };

test.each([
  ['an endpoint elsewhere', '111122223333', { AWS_ENDPOINT_URL: 'https://sts.example.org' }],
  ['one for a single service', '111122223333', { AWS_ENDPOINT_URL_STS: 'https://sts.example.org' }],
  ['one on this machine for an account of AWS', '111122223333', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }],
  [
    'one elsewhere for a local account',
    '000011112222',
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_KMS: 'https://kms.example.org' },
  ],
])('no identity is asked for, and no token sent, when an earlier step set %s', async (_, account, env) => {
  let asked = 0;
  const runner = fakeRunner({
    idToken: async () => {
      asked += 1;
      return 'a.b.c';
    },
  });
  await expect(startSession(runner, env, { ...TARGET, account }, ['build'])).rejects.toMatchObject({
    code: 'ENDPOINT_REFUSED',
    details: [expect.stringMatching(/^AWS_ENDPOINT_URL/)],
  });
  expect(asked).toBe(0);
});
