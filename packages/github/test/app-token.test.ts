import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addApp } from '@tenant-delivery/local-github/world/app';
import { Secret } from '@tenant-delivery/rotation/secret';
import { installationToken, type TokenWish } from '../src/app/app-token.ts';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import { githubAnswering } from './answering.ts';
import { optionsFor, REPOSITORY, secretStage } from './secret-stage.ts';
import { ORDERS } from './stage.ts';

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

const stage = await secretStage();
afterAll(() => stage.close());

describe('an App’s token', () => {
  const masked: string[] = [];
  const masker = { mask: (text: string) => void masked.push(text) };
  const wish = { repositories: [ORDERS], permissions: { secrets: 'write' } } as const;
  const ask = (given: Partial<TokenWish> = {}, privateKey = stage.app.privateKey) =>
    installationToken({ id: stage.app.id, privateKey }, { ...wish, ...given }, { ...stage, masker });

  it('may do what was asked for and nothing beside it, where it was asked for, and is masked', async () => {
    const { token, expiresAt } = await ask();
    expect(Date.parse(expiresAt) - stage.clock.now()).toBe(3_600_000);
    expect(masked).toContain(token.reveal());
    expect(String(token)).not.toContain(token.reveal());
    const access = () => stage.clientFor(token.reveal());
    const other = secretSlots(await access(), optionsFor({ kind: 'repository', repository: 'acme/billing' }));
    expect((await other.observe([])).obstacles).toEqual([expect.stringContaining('is not there')]);
    const slots = secretSlots(await access(), optionsFor(REPOSITORY));
    await expect(slots.observe([])).rejects.toMatchObject({ code: 'GITHUB_SECRETS_REFUSED' });
    expect(await slots.askProof('A', 'p')).toMatchObject({ refused: expect.stringContaining('403') });
  });

  it.each([
    ['GITHUB_APP_LACKS_PERMISSIONS', { permissions: { contents: 'write' } }],
    ['GITHUB_APP_NOT_INSTALLED', { repositories: ['other/place'] }],
    ['GITHUB_APP_REFUSED', { repositories: [ORDERS, 'other/orders'] }],
  ] as const)('is %s where it cannot be had', async (code, given) => {
    await expect(ask(given)).rejects.toMatchObject({ code });
  });

  it('is refused for a key that the App does not have, and for what is no key, without a word of it', async () => {
    const other = addApp(stage.github.world, { id: 78, slug: 'other', owner: 'acme', permissions: {} });
    await expect(ask({}, Secret.born(other.privateKey, 'x', masker))).rejects.toMatchObject({
      code: 'GITHUB_APP_REFUSED',
    });
    const none = Secret.born('-----BEGIN canary-----', 'x', masker);
    await expect(ask({}, none)).rejects.toMatchObject({
      code: 'GITHUB_APP_KEY_UNUSABLE',
      message: expect.not.stringContaining('canary'),
    });
  });
});
