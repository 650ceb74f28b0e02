import { beforeEach, describe, expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { ambientSession } from '../src/session/ambient-session.ts';
import { startSession } from '../src/session/session.ts';
import { released } from './a-release.ts';

const TARGET = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
};
const HERE = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };

/** The refusal, after which no token was asked for and nothing was sent. */
async function refusal(env: Readonly<Record<string, string>>): Promise<unknown> {
  let asked = 0;
  const runner = fakeRunner({
    idToken: async () => {
      asked += 1;
      return 'a.b.c';
    },
  });
  const refused: unknown = await startSession(runner, env, TARGET, ['build']).catch((thrown) => thrown);
  expect(asked).toBe(0);
  return refused;
}

describe.each([
  ['says nothing', { schemaVersion: 1, keys: [] }],
  ['says that it is not local', { schemaVersion: 1, local: false, keys: [] }],
])('a release whose trust file %s', (_, trust) => {
  beforeEach(() => {
    released(trust);
  });

  test.each([
    ['elsewhere', { AWS_ENDPOINT_URL: 'https://sts.example.org' }],
    ['for a single service', { AWS_ENDPOINT_URL_STS: 'https://sts.example.org' }],
    ['on this machine, for an account of whatever digits', HERE],
    [
      'on this machine, beside a trust file of its own that says local',
      { ...HERE, TENANT_DELIVERY_LOCAL_TRUST: released({ schemaVersion: 1, local: true, keys: [] }) },
    ],
  ])('gives no identity to an endpoint that an earlier step set: %s', async (__, env) => {
    expect(await refusal(env)).toMatchObject({
      code: 'ENDPOINT_REFUSED',
      details: [expect.stringMatching(/^AWS_ENDPOINT_URL/)],
    });
  });

  test("sends nothing by the job's own credentials either", async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1', ...HERE };
    const place = { account: '000011112222', region: undefined };
    await expect(ambientSession(fakeRunner(), env, place)).rejects.toMatchObject({
      code: 'ENDPOINT_REFUSED',
    });
  });
});

test.each([
  [
    'every endpoint that is not',
    { ...HERE, AWS_ENDPOINT_URL_KMS: 'https://kms.example.org' },
    ['AWS_ENDPOINT_URL_KMS'],
  ],
  [
    'those of single services, where no other is named',
    { AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1' },
    ['AWS_ENDPOINT_URL_KMS'],
  ],
])(
  'a local copy of the release is followed on this machine alone, and refuses %s',
  async (_, env, details) => {
    released({ schemaVersion: 1, local: true, keys: [] });
    expect(await refusal(env)).toMatchObject({ code: 'ENDPOINT_REFUSED', details });
  },
);
