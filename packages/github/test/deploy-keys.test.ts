import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSshKey } from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import { deployKeysOf, useDeployKey } from '@tenant-delivery/local-github/world/deploy-key';
import { deployKeyDates } from '../src/keys/deploy-key-dates.ts';
import { deployKeys } from '../src/keys/deploy-keys.ts';
import { repositoryDeployKeys } from '../src/keys/repository-deploy-keys.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
  for (const [name, id] of [
    ['billing', 2],
    ['library', 3],
  ] as const)
    stage.github.addRepository({ owner: 'acme', ownerId: 123456, name, id, path: stage.path });
});
afterAll(() => stage.close());

const half = (title: string) => ({ publicKey: newSshKey('x').publicKey, title, access: 'read' }) as const;
const keeping = async (repository: string) =>
  deployKeys(await stage.asApp({ administration: 'write' }, { repositories: [repository] }), repository);
const all = async (keys: ReturnType<typeof deployKeys>) => {
  const listed = await keys.list();
  return listed === 'absent' ? [] : listed;
};

describe('the deploy keys of a repository', () => {
  it('are listed whole, each as it was added', async () => {
    const keys = await keeping(ORDERS);
    for (let n = 0; n < 105; n += 1) expect(await keys.add(half(`key ${n}`))).toBe('done');
    const listed = await all(keys);
    expect(listed).toHaveLength(105);
    expect(listed.at(-1)).toMatchObject({
      title: 'key 104',
      access: 'read',
      verified: true,
      enabled: true,
      addedBy: 'rotator[bot]',
      lastUse: 'never',
    });
    const dates = await deployKeyDates(await stage.asApp({ administration: 'read' })).keysOf(ORDERS);
    expect(dates).toHaveLength(105);
  });

  it('take an added key for added when only the answer was lost, and one of another repository for refused', async () => {
    const [ours, theirs] = [await keeping('acme/billing'), await keeping('acme/library')];
    const key = half('lost');
    stage.github.fail({ method: 'POST', path: '/repos/acme/billing/keys', kind: 'reset-after-effect' });
    expect(await ours.add(key)).toBe('unknown');
    expect(await ours.add(key)).toBe('done');
    expect(await all(ours)).toHaveLength(1);
    expect(await theirs.add(key)).toEqual({ refused: expect.stringContaining('422') });
  });

  it('lose a key once: one that is gone is gone', async () => {
    const keys = await keeping('acme/billing');
    const [key] = await all(keys);
    stage.github.fail({ method: 'DELETE', path: /billing\/keys/, kind: 'server-error' });
    expect(await keys.delete(key?.id ?? 0)).toBe('unknown');
    expect(await keys.delete(key?.id ?? 0)).toBe('done');
    expect(await keys.delete(key?.id ?? 0)).toBe('done');
  });

  it('are absent where the repository is not to be seen, and refused with what the App needs', async () => {
    const narrow = await stage.asApp({ administration: 'read' });
    expect(await deployKeys(narrow, 'acme/nowhere').list()).toBe('absent');
    expect(await deployKeyDates(narrow).keysOf('acme/nowhere')).toBe('absent');
    expect(await deployKeys(narrow, ORDERS).add(half('no'))).toEqual({
      refused: expect.stringContaining('administration: write'),
    });
    const job = await stage.asJob();
    await expect(deployKeys(job, ORDERS).list()).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });

  it('say when each was used', async () => {
    const [key] = deployKeysOf(stage.github.world, stage.orders);
    useDeployKey(stage.github.world, stage.orders, key?.id ?? 0);
    const dates = await deployKeyDates(await stage.asApp({ administration: 'read' })).keysOf(ORDERS);
    const used = dates === 'absent' ? [] : dates.filter(({ lastUsedAt }) => lastUsedAt !== 'never');
    expect(used.map(({ id }) => id)).toEqual([key?.id]);
  });
});

describe('the deploy keys of many repositories', () => {
  const reading = (repositories: readonly string[], app?: Stage['app']) => {
    const paced: string[] = [];
    const given = app && { id: app.id, key: async () => app.privateKey };
    const keys = repositoryDeployKeys(given, repositories, {
      apiUrl: stage.github.apiUrl,
      clock: stage.clock,
      masker: { mask: () => {} },
      pace: (bucket, send) => {
        paced.push(bucket);
        return send();
      },
      cancelled: new AbortController().signal,
    });
    return { keys, paced };
  };
  const tokens = () => stage.github.calls.filter(({ path }) => path.endsWith('/access_tokens')).length;

  it('are read with one token of an owner, each request in its turn', async () => {
    const before = tokens();
    const { keys, paced } = reading(['acme/library', 'acme/billing'], stage.app);
    const read = await Promise.all(['acme/library', 'acme/billing'].map((each) => keys.keysOf(each)));
    expect(read.map((each) => (each === 'absent' ? each : each.length))).toEqual([0, 0]);
    expect([tokens() - before, paced]).toEqual([1, Array(4).fill('github')]);
  });

  it('are read one by one where GitHub gives no token for all, and by nobody without an App', async () => {
    const { keys } = reading(['acme/library', 'acme/gone'], stage.app);
    expect(await keys.keysOf('acme/library')).toEqual([]);
    await expect(keys.keysOf('acme/gone')).rejects.toMatchObject({ code: 'GITHUB_APP_NOT_INSTALLED' });
    await expect(reading([ORDERS]).keys.keysOf(ORDERS)).rejects.toThrow('names no githubApp');
  });
});
