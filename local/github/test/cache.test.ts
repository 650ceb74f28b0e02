import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createJob, finishJob, startJob } from '../src/world/job.ts';
import { openPullRequest } from '../src/world/pull-request.ts';
import type { NewRun } from '../src/world/run.ts';
import { RELEASED, type Sandbox, startSandbox } from './sandbox.ts';

// The requests that BuildKit and Azure's SDK make, in plain HTTP, and GitHub's rules of who may restore what.

const DAY = 24 * 60 * 60 * 1000;
const VERSION = 'f'.repeat(64);

let sandbox: Sandbox;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-24T08:00:00Z');
  sandbox = await startSandbox(() => now);
});
afterEach(() => sandbox.close());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A job of a run that has begun, with its token. */
function jobOf(run: Partial<NewRun> = {}) {
  const { world } = sandbox.github;
  const job = createJob(world, sandbox.run(run), { name: 'build', permissions: {}, workflow: RELEASED });
  const { runtimeToken, githubToken } = startJob(world, job);
  const call = async (name: string, body: unknown, token = runtimeToken): Promise<Answer> => {
    const url = `${world.url}/twirp/github.actions.results.api.v1.CacheService/${name}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: Object(await response.json()) };
  };
  const create = async (key: string, version = VERSION) =>
    String((await call('CreateCacheEntry', { key, version })).body['signed_upload_url']);
  const finish = (key: string, size: number, version = VERSION) =>
    call('FinalizeCacheEntryUpload', { key, version, size_bytes: size });
  return {
    job,
    runtimeToken,
    githubToken,
    call,
    create,
    finish,
    save: async (key: string, content: string, version = VERSION) => {
      await put(await create(key, version), content);
      expect(await finish(key, content.length, version)).toMatchObject({ status: 200, body: { ok: true } });
    },
    /** The key that is found, and what it holds; nothing where there is none. */
    restore: async (key: string, restoreKeys: readonly string[] = [], version = VERSION) => {
      const { body } = await call('GetCacheEntryDownloadURL', { key, restore_keys: restoreKeys, version });
      if (body['ok'] === false) return undefined;
      return [body['matched_key'], await (await fetch(String(body['signed_download_url']))).text()];
    },
  };
}

function put(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers: { 'x-ms-blob-type': 'BlockBlob', ...headers } });
}

const codeOf = (response: Response) => [response.status, response.headers.get('x-ms-error-code')];

test('BuildKit saves what is not there, and keeps an index under keys that it counts up', async () => {
  const { call, create, finish, restore, save } = jobOf();
  const key = `buildkit-blob-1-sha256:${'a'.repeat(64)}`;
  const asked = { key, restore_keys: [key], version: VERSION };
  expect(await call('GetCacheEntryDownloadURL', asked)).toEqual({
    status: 200,
    body: { ok: false, signed_download_url: '', matched_key: '' },
  });
  const url = await create(key);
  const uploaded = await put(url, 'layer');
  expect(uploaded.status).toBe(201);
  expect(uploaded.headers.get('x-ms-request-id')).toBeTruthy(); // Azure's SDK for Go reads it without a look
  expect(await finish(key, 5)).toEqual({
    status: 200,
    body: { ok: true, entry_id: expect.stringMatching(/^\d+$/), message: '' },
  });
  const { body } = await call('GetCacheEntryDownloadURL', asked);
  const download = String(body['signed_download_url']);
  expect(await (await fetch(download)).text()).toBe('layer');
  const rest = await fetch(download, { headers: { 'x-ms-range': 'bytes=2-' } });
  expect([rest.status, rest.headers.get('content-range'), await rest.text()]).toEqual([
    206,
    'bytes 2-4/5',
    'yer',
  ]);

  await save('index-web-1-0a1b2c3d#1', 'first');
  await save('index-web-1-0a1b2c3d#2', 'second');
  expect(await restore('index-web-1-0a1b2c3d#')).toEqual(['index-web-1-0a1b2c3d#2', 'second']);
  expect(await call('CreateCacheEntry', { key, version: VERSION })).toEqual({
    status: 409,
    body: { code: 'already_exists', msg: expect.stringContaining('already exists') },
  });
});

test('a large cache comes in blocks, which their list puts in order', async () => {
  const { create, finish, restore } = jobOf();
  const url = await create('blocks');
  const id = (n: number) => Buffer.from(`block-${n}`).toString('base64');
  for (const [n, text] of ['one', 'two', 'never listed'].entries())
    expect((await put(`${url}&comp=block&blockid=${encodeURIComponent(id(n))}`, text)).status).toBe(201);
  const list = (...ids: readonly string[]) =>
    `<?xml version="1.0"?><BlockList>${ids.map((each) => `<Latest>${each}</Latest>`).join('')}</BlockList>`;
  expect(codeOf(await put(`${url}&comp=blocklist`, list(id(1), id(7))))).toEqual([400, 'InvalidBlockList']);
  expect(codeOf(await put(`${url}&comp=block&blockid=!`, 'x'))).toEqual([400, 'InvalidQueryParameterValue']);
  expect((await finish('blocks', 6)).status).toBe(400); // nothing is put together yet
  expect((await put(`${url}&comp=blocklist`, list(id(1), id(0)))).status).toBe(201);
  expect((await finish('blocks', 7)).status).toBe(400); // another size
  expect((await finish('blocks', 6)).status).toBe(200);
  expect(await restore('blocks')).toEqual(['blocks', 'twoone']);
});

test('an address is for one cache, one purpose and an hour, and nobody can make one', async () => {
  const { call, create, finish } = jobOf();
  const up = await create('a');
  expect(codeOf(await fetch(up))).toEqual([403, 'AuthorizationPermissionMismatch']);
  expect(codeOf(await put(up.replace(/sig=[^&]+/, 'sig=x'), 'a'))).toEqual([403, 'AuthenticationFailed']);
  expect(codeOf(await put(up.replace(/\/\d+\?/, '/1?'), 'a'))).toEqual([403, 'AuthenticationFailed']);
  expect(codeOf(await put(up, 'a', { 'x-ms-blob-type': 'PageBlob' }))).toEqual([
    400,
    'MissingRequiredHeader',
  ]);
  await put(up, 'abc');
  await finish('a', 3);
  expect((await put(up, 'changed')).status).toBe(409);
  const { body } = await call('GetCacheEntryDownloadURL', { key: 'a', version: VERSION });
  const down = String(body['signed_download_url']);
  expect(codeOf(await put(down, 'x'))).toEqual([403, 'AuthorizationPermissionMismatch']);
  expect(codeOf(await fetch(down, { headers: { range: 'bytes=3-' } }))).toEqual([416, 'InvalidRange']);
  const head = await fetch(down, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '3']);
  now += DAY / 24;
  expect(codeOf(await fetch(down))).toEqual([403, 'AuthenticationFailed']);
});

test('the token is for caches alone, while its job runs, and no other token is', async () => {
  const { call, job, runtimeToken, githubToken } = jobOf();
  const asked = { key: 'a', version: VERSION };
  expect((await call('GetCacheEntryDownloadURL', asked, githubToken)).status).toBe(401);
  expect((await sandbox.with(runtimeToken).get('/repos/acme/orders')).status).toBe(401);
  expect((await call('GetCacheEntryDownloadURL', asked)).status).toBe(200);
  finishJob(sandbox.github.world, job, { conclusion: 'success' });
  expect((await call('GetCacheEntryDownloadURL', asked)).status).toBe(401);
});

test.each([
  ['CreateCacheEntry', { key: 'k'.repeat(513), version: VERSION }, 400, 'invalid_argument'],
  ['CreateCacheEntry', { version: VERSION }, 400, 'invalid_argument'],
  ['GetCacheEntryDownloadURL', { key: 'k' }, 400, 'invalid_argument'],
  ['GetCacheEntryDownloadURL', { key: 'k', version: VERSION, restoreKeys: 'k' }, 400, 'malformed'],
  ['FinalizeCacheEntryUpload', { key: 'never begun', version: VERSION, sizeBytes: '1' }, 404, 'not_found'],
  ['DeleteCacheEntry', {}, 404, 'bad_route'],
  ['CreateCacheEntry', [], 400, 'malformed'],
])('%s refuses %j', async (name, body, status, code) => {
  expect(await jobOf().call(name, body)).toMatchObject({ status, body: { code } });
});

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
