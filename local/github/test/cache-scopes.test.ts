import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPullRequest } from '../src/world/pull-request.ts';
import type { NewRun } from '../src/world/run.ts';
import { aCachingJob, put, VERSION } from './a-caching-job.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

// GitHub's rules of who may restore and save what, and for how long it stays.

const DAY = 24 * 60 * 60 * 1000;

let sandbox: Sandbox;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-24T08:00:00Z');
  sandbox = await startSandbox(() => now);
});
afterEach(() => sandbox.close());

const jobOf = (run?: Partial<NewRun>) => aCachingJob(sandbox, run);

describe('a run restores', () => {
  test('the key itself before any that begins with it, the newest of those, and restore keys in their order', async () => {
    const { save, restore } = jobOf();
    for (const key of ['npm-b', 'npm-a', 'npm-a-2', 'pip-1']) await save(key, key);
    expect(await restore('npm-a')).toEqual(['npm-a', 'npm-a']);
    expect(await restore('npm-')).toEqual(['npm-a-2', 'npm-a-2']);
    expect(await restore('none', ['pip-', 'npm-'])).toEqual(['pip-1', 'pip-1']);
    expect(await restore('none')).toBeUndefined();
    expect(await restore('npm-a', [], 'other paths')).toBeUndefined();
  });

  test('no cache that is not finished, and nobody begins it a second time', async () => {
    const { create, call, restore } = jobOf();
    await put(await create('a'), 'half');
    expect(await restore('a')).toBeUndefined();
    expect((await call('CreateCacheEntry', { key: 'a', version: VERSION })).status).toBe(409);
    expect((await call('CreateCacheEntry', { key: 'a', version: 'other' })).status).toBe(200);
  });

  test('of its own branch first, then of the default branch, and of no sibling, child or tag', async () => {
    const main = jobOf();
    const feature = jobOf({ ref: 'refs/heads/feature' });
    const tag = jobOf({ ref: 'refs/tags/v1' });
    await main.save('deps', 'of main');
    expect(await feature.restore('deps')).toEqual(['deps', 'of main']);
    await feature.save('deps', 'of feature');
    await feature.save('feature-only', 'x');
    await tag.save('tag-only', 'x');
    expect(await feature.restore('deps')).toEqual(['deps', 'of feature']);
    expect(await main.restore('deps')).toEqual(['deps', 'of main']);
    expect(await main.restore('feature-only')).toBeUndefined();
    expect(await main.restore('tag-only')).toBeUndefined();
    expect(await jobOf({ ref: 'refs/heads/other' }).restore('feature-only')).toBeUndefined();
    expect(await jobOf({ ref: 'refs/tags/v2' }).restore('tag-only')).toBeUndefined();
    expect(await tag.restore('deps')).toEqual(['deps', 'of main']);
  });

  test('of its base for a pull request, whose own caches nobody else has', async () => {
    await sandbox.commit({ a: '1' }, 'base');
    await sandbox.commit({ b: '2' }, 'feature');
    const opened = (head: string) =>
      openPullRequest(sandbox.github.world, {
        repository: 'acme/orders',
        base: 'base',
        head,
        user: 'dev-ana',
        title: 'Change',
      });
    const pull = await opened('feature');
    const of = { event: 'pull_request', ref: `refs/pull/${pull.number}/merge`, pull };
    for (const ref of ['main', 'base', 'feature']) await jobOf({ ref: `refs/heads/${ref}` }).save(ref, ref);
    const own = jobOf(of);
    for (const ref of ['main', 'base', 'feature']) expect(await own.restore(ref)).toEqual([ref, ref]);
    await own.save('merge', 'merge');
    expect(await jobOf(of).restore('merge')).toEqual(['merge', 'merge']);
    expect(await jobOf({ ref: 'refs/heads/base' }).restore('merge')).toBeUndefined();
    await sandbox.commit({ c: '3' }, 'other');
    const next = await opened('other');
    const others = jobOf({ event: 'pull_request', ref: `refs/pull/${next.number}/merge`, pull: next });
    expect(await others.restore('merge')).toBeUndefined();
    expect(await others.restore('feature')).toBeUndefined();
  });
});

test.each([
  ['push', 'refs/heads/main', true],
  ['schedule', 'refs/heads/main', true],
  ['workflow_dispatch', 'refs/heads/main', true],
  ['pull_request_target', 'refs/heads/main', false],
  ['issue_comment', 'refs/heads/main', false],
  ['workflow_run', 'refs/heads/main', false],
  ['pull_request', 'refs/pull/1/merge', true],
  ['release', 'refs/tags/v1', true],
])('a run of %s on %s saves: %s', async (event, ref, saves) => {
  const { call, runtimeToken } = jobOf({ event, ref });
  const { body } = await call('CreateCacheEntry', { key: 'a', version: VERSION });
  expect(body['ok']).toBe(saves);
  if (!saves) expect(body['message']).toMatch(/^cache write denied: /);
  const claims = JSON.parse(Buffer.from(runtimeToken.split('.')[1] ?? '', 'base64url').toString());
  const [own, ...others] = JSON.parse(claims.ac);
  expect(own).toEqual({ Scope: ref, Permission: saves ? 3 : 1 });
  for (const each of others) expect(each.Permission).toBe(1);
});

test('what nobody used for a week goes, and where there is too much, what was used the longest ago', async () => {
  const { save, restore } = jobOf();
  await save('a', '12345');
  await save('b', '12345');
  now += 4 * DAY;
  expect(await restore('a')).toBeDefined();
  now += 4 * DAY;
  expect(await restore('b')).toBeUndefined();
  expect(await restore('a')).toBeDefined();
  sandbox.github.world.caches.limit = 12;
  now += 1;
  await save('c', '12345');
  now += 1;
  expect(await restore('a')).toBeDefined();
  now += 1;
  await save('d', '12345');
  expect(await restore('c')).toBeUndefined();
  expect(await restore('a')).toBeDefined();
  expect(await restore('d')).toBeDefined();
});
