import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addApp, addAppKey, deleteAppKey, installApp } from '@tenant-delivery/local-github/world/app';
import { Secret } from '@tenant-delivery/rotation/secret';
import { appDoor } from '../src/app/app-door.ts';
import { githubStage, type Stage } from './stage.ts';

const DAY = 86_400_000;
const masked: string[] = [];
const masker = { mask: (text: string) => void masked.push(text) };

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

const pair = (pem: string) => ({ id: '', secret: Secret.born(pem, 'app', masker) });
const door = (id = 77, clock = stage.clock) => appDoor(id, { clientFor: stage.clientFor, clock, masker });
const ours = () => ({ id: '', secret: stage.app.privateKey });

describe('the key of an App', () => {
  it('shows whose it is, and what was deleted at GitHub is rejected', async () => {
    expect(await door().whose(ours())).toBe(77);
    const app = stage.github.world.apps.get(77);
    if (!app) throw new Error('the App was added before');
    const { privateKey } = addAppKey(app);
    expect(await door().whose(pair(privateKey))).toBe(77);
    deleteAppKey(app, privateKey);
    expect(await door().whose(pair(privateKey))).toBe('rejected');
  });

  it('is not rejected because our clock is wrong, or because GitHub does not answer', async () => {
    const late = { ...stage.clock, now: () => Date.now() + DAY };
    await expect(door(77, late).whose(ours())).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
    stage.github.fail({ path: '/app', kind: 'reset', times: 4 });
    await expect(door().whose(ours())).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    stage.github.fail({ path: '/app', kind: 'empty-reply' });
    await expect(door().whose(ours())).rejects.toMatchObject({ code: 'GITHUB_ANSWER_INCOMPLETE' });
  });

  it('is exercised by a token that may read nothing but metadata, is masked, and is revoked at once', async () => {
    const before = stage.github.world.tokens.size;
    expect(await door().exercise(ours())).toEqual({ installation: expect.any(Number) });
    expect(stage.github.world.tokens.size).toBe(before);
    expect(masked.some((text) => text.startsWith('ghs_'))).toBe(true);
  });

  it.each([
    ['the token could not be revoked', 'DELETE', '/installation/token'],
    ['GitHub gave no token that could be read', 'POST', /access_tokens$/],
  ] as const)('fails its exercise when %s', async (failed, method, path) => {
    stage.github.fail({ method, path, kind: 'server-error' });
    expect(await door().exercise(ours())).toEqual({ failed });
  });

  it('fails its exercise where the App is installed nowhere, or suspended', async () => {
    const { app, privateKey } = addApp(stage.github.world, {
      id: 78,
      slug: 'other',
      owner: 'acme',
      permissions: {},
    });
    expect(await door(78).exercise(pair(privateKey))).toEqual({ failed: 'the App is installed nowhere' });
    installApp(stage.github.world, app, { account: 'acme' });
    expect(await door(78).exercise(pair(privateKey))).toEqual({ installation: expect.any(Number) });
  });
});
