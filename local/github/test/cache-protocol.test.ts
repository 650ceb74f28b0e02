import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { finishJob } from '../src/world/job.ts';
import { aCachingJob, put, VERSION } from './a-caching-job.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

// The requests that BuildKit and Azure's SDK make, in plain HTTP.

const HOUR = 60 * 60 * 1000;

let sandbox: Sandbox;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-24T08:00:00Z');
  sandbox = await startSandbox(() => now);
});
afterEach(() => sandbox.close());

const jobOf = () => aCachingJob(sandbox);
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
  now += HOUR;
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
