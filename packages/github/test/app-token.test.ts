import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Secret } from '@tenant-delivery/rotation/secret';
import { installationToken } from '../src/app/app-token.ts';
import { githubAnswering } from './answering.ts';

it('repeats nothing of an answer that it cannot read, which may have the token in it', async () => {
  const text = '{"token":"ghs_16C7e42F292c6912E7710c838347Ae178B4a"}'; // a proxy made text of it
  const found = { id: 1, permissions: { secrets: 'write' } };
  const github = await githubAnswering((_, method) => ({ body: method === 'POST' ? text : found }));
  const masker = { mask: () => {} };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const wish = { repositories: ['acme/orders'], permissions: { secrets: 'write' } } as const;
  const app = { id: 77, privateKey: Secret.born(pem, 'app 77', masker) };
  const refused = await installationToken(app, wish, { ...github, masker }).catch(String);
  expect(refused).toContain('all of it is not what it must be');
  expect(refused).not.toContain('ghs_');
  await github.close();
});
