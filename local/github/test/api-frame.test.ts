import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pathOf } from '../src/api/match.ts';
import { table } from '../src/api/table.ts';
import { operations } from './described.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-24T08:00:00Z');
  sandbox = await startSandbox(() => now);
});
afterEach(() => sandbox.close());

const ORDERS = '/repos/acme/orders';

test('every operation served is one that GitHub describes, and no other is in the description', () => {
  const served = table.routes.map((route) => `${route.method} ${pathOf(route)}`);
  expect([...operations].sort()).toEqual(served.sort());
});

test('says how many calls remain, and refuses the one too many until the hour is over', async () => {
  sandbox.github.world.hourlyLimit.job = 2;
  const client = sandbox.with(sandbox.startedJob().token);
  const first = await client.get(ORDERS);
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-used': '1',
    'x-ratelimit-reset': String(Date.parse('2026-11-24T09:00:00Z') / 1000),
    'x-ratelimit-resource': 'core',
    'x-github-request-id': expect.stringMatching(/^[0-9A-F]+$/),
  });
  await client.get(ORDERS);
  const refused = await client.get(ORDERS);
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({ message: expect.stringContaining('API rate limit exceeded') });
  now += 3_600_000;
  expect((await client.get(ORDERS)).status).toBe(200);
});

test('answers 304 to a caller who has the newest already', async () => {
  const client = sandbox.as('dev-ana');
  const etag = (await client.get(ORDERS)).headers.get('etag') ?? '';
  expect((await client.get(ORDERS, { 'if-none-match': etag })).status).toBe(304);
});

test('pages long lists, so that Octokit finds all of them', async () => {
  const { token } = sandbox.startedJob({ permissions: { deployments: 'write' } });
  const octokit = getOctokit(token, { baseUrl: sandbox.github.apiUrl });
  const place = { owner: 'acme', repo: 'orders' };
  for (let made = 0; made < 7; made += 1) {
    await octokit.rest.repos.createDeployment({ ...place, ref: 'main', required_contexts: [] });
  }
  const first = await octokit.rest.repos.listDeployments({ ...place, per_page: 3 });
  expect(first.data).toHaveLength(3);
  expect(first.headers.link).toMatch(/page=2>; rel="next", .*page=3>; rel="last"/);
  const all = await octokit.paginate(octokit.rest.repos.listDeployments, { ...place, per_page: 3 });
  expect(new Set(all.map(({ id }) => id)).size).toBe(7);
});

test('a body that is no JSON is a problem named as such', async () => {
  const response = await fetch(`${sandbox.github.apiUrl}${ORDERS}/deployments`, {
    method: 'POST',
    headers: { authorization: `token ${sandbox.github.world.users.get('dev-ana')?.token}` },
    body: '{',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: 'Problems parsing JSON' });
});

test('does not take a caller without a name, or with a version of the API that is not here', async () => {
  const client = sandbox.as('dev-ana');
  expect((await client.get(ORDERS, { 'user-agent': '' })).status).toBe(403);
  expect((await client.get(ORDERS, { 'x-github-api-version': '2022-11-28' })).status).toBe(200);
  expect((await client.get(ORDERS, { 'x-github-api-version': '1999-01-01' })).status).toBe(400);
});

test('says of a route that is not here that it is not here, and not that something is absent', async () => {
  const answer = await fetch(`${sandbox.github.apiUrl}${ORDERS}/branches/main/protection`);
  expect(answer.status).toBe(501);
});

test('breaks as it is told to, on the call it is told, and only then', async () => {
  const { github } = sandbox;
  const client = sandbox.as('dev-ana');
  github.fail({ path: ORDERS, nth: 2, kind: 'server-error' });
  github.fail({ method: 'POST', path: `${ORDERS}/deployments`, kind: 'reset-after-effect' });
  expect((await client.get(ORDERS)).status).toBe(200);
  expect((await fetch(`${github.apiUrl}${ORDERS}`)).status).toBe(502);
  expect((await client.get(ORDERS)).status).toBe(200);
  await expect(client.post(`${ORDERS}/deployments`, { ref: 'main' })).rejects.toThrow();
  expect((await client.get(`${ORDERS}/deployments`)).body).toHaveLength(1);
});

test('remembers who called what with which result', async () => {
  await sandbox.as('dev-ana').get(ORDERS);
  await sandbox.as('stranger').get(ORDERS);
  expect(sandbox.github.calls).toEqual([
    { method: 'GET', path: ORDERS, status: 200, by: 'dev-ana' },
    { method: 'GET', path: ORDERS, status: 404, by: 'stranger' },
  ]);
});
