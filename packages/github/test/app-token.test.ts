import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Secret } from '@tenant-delivery/rotation/secret';
import { installationToken } from '../src/app/app-token.ts';
import { asking } from '../src/session/ask.ts';

it('repeats nothing of an answer that it cannot read, which may have the token in it', async () => {
  const clock = { now: () => 0, sleep: async () => {} };
  const masker = { mask: () => {} };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const data = '{"token":"ghs_16C7e42F292c6912E7710c838347Ae178B4a"}'; // as text/plain
  const found = { data: { id: 1, permissions: { secrets: 'write' } } };
  const sessions = {
    ask: () => asking(async () => found, clock),
    change: () => async () => ({ kind: 'done', data }) as const,
  };
  const wish = { repositories: ['acme/orders'], permissions: { secrets: 'write' } } as const;
  const app = { id: 77, privateKey: Secret.born(pem, 'app 77', masker) };
  const refused = await installationToken(app, wish, { sessions, clock, masker }).catch(String);
  expect(refused).toContain('all of it is not what it must be');
  expect(refused).not.toContain('ghs_');
});
