import { expect, test } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { ambientSession } from '../src/session/ambient-session.ts';

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};
const NOWHERE = { account: undefined, region: undefined };

test.each([
  ['another host', { AWS_REGION: 'collector.example/' }, 'INPUTS_INVALID'],
  ['another host, by the older name', { AWS_DEFAULT_REGION: 'collector.example:8443/' }, 'INPUTS_INVALID'],
  [
    'an endpoint of its own',
    { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    'ENDPOINT_REFUSED',
  ],
])('an environment that leads to %s is refused before anything is asked', async (_, env, code) => {
  const session = ambientSession(fakeRunner(), { ...CREDENTIALS, ...env }, NOWHERE);
  await expect(session).rejects.toMatchObject({ code });
});
