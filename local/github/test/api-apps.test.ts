import { createSign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type App, addApp, addAppKey, deleteAppKey, installApp } from '../src/world/app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let now = Date.parse('2026-11-25T08:00:00Z');
let sandbox: Sandbox;
let app: App;
let privateKey: string;
let tokens: string;
beforeAll(async () => {
  sandbox = await startSandbox(() => now);
  const { world } = sandbox.github;
  sandbox.github.addRepository({ owner: 'acme', ownerId: 123456, name: 'billing', id: 2, path: '/nowhere' });
  const permissions = { secrets: 'write', actions: 'write', administration: 'read' } as const;
  ({ app, privateKey } = addApp(world, { id: 77, slug: 'rotator', owner: 'acme', permissions }));
  const { id } = installApp(world, app, { account: 'acme', repositories: ['acme/orders', 'acme/billing'] });
  tokens = `/app/installations/${id}/access_tokens`;
});
afterAll(() => sandbox.close());

function assertion(by: string, claims: object = {}, algorithm = 'RS256'): string {
  const seconds = Math.floor(now / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: 77, ...claims })}`;
  return `${signed}.${createSign('sha256').update(signed).sign(by, 'base64url')}`;
}
const asApp = (by = privateKey, claims = {}, algorithm = 'RS256') =>
  sandbox.with(assertion(by, claims, algorithm));
const tokenOf = (body: unknown) => sandbox.with(String(Object(body).token));
const SECRETS = '/repos/acme/orders/actions/secrets';

describe('an App', () => {
  it('is the caller who signs with one of its keys, while it has them', async () => {
    expect((await asApp().get('/app')).body).toMatchObject({ id: 77, slug: 'rotator' });
    const second = addAppKey(app);
    expect((await asApp(second.privateKey).get('/app')).status).toBe(200);
    deleteAppKey(app, second.privateKey);
    expect(await asApp(second.privateKey).get('/app')).toMatchObject({
      status: 401,
      body: { message: 'A JSON web token could not be decoded' },
    });
  });

  it.each<[string, object, string]>([
    ['lasts longer than ten minutes', { exp: 1_795_593_600 + 3_600 }, 'RS256'],
    ['is over', { exp: 1 }, 'RS256'],
    ['begins later', { iat: 9_999_999_999 }, 'RS256'],
    ['names another App', { iss: 78 }, 'RS256'],
    ['claims no RSA', {}, 'none'],
  ])('is not believed when its assertion %s', async (_, claims, algorithm) => {
    expect((await asApp(privateKey, claims, algorithm).get('/app')).status).toBe(401);
  });

  it('finds where it is installed', async () => {
    expect((await asApp().get('/repos/acme/orders/installation')).body).toMatchObject({ app_id: 77 });
    expect((await asApp().get('/orgs/acme/installation')).body).toMatchObject({
      account: { login: 'acme' },
      repository_selection: 'selected',
    });
    expect((await asApp().get('/orgs/nobody/installation')).status).toBe(404);
  });
});

describe('an installation token', () => {
  it('has what was asked for and no more, in the repositories that were named', async () => {
    const { status, body } = await asApp().post(tokens, {
      permissions: { secrets: 'write' },
      repositories: ['orders'],
    });
    expect([status, body]).toMatchObject([
      201,
      { permissions: { secrets: 'write' }, repositories: [{ name: 'orders' }] },
    ]);
    const token = tokenOf(body);
    expect((await token.get(SECRETS)).status).toBe(200);
    expect(await token.get('/repos/acme/orders/actions/runs')).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    expect((await token.get('/repos/acme/billing/actions/secrets')).status).toBe(404);
  });

  it('of an App that may write checks makes a check run in its name, which it alone may change', async () => {
    const { world } = sandbox.github;
    const made = addApp(world, { id: 78, slug: 'checker', owner: 'acme', permissions: { checks: 'write' } });
    const { id } = installApp(world, made.app, { account: 'acme', repositories: ['acme/orders'] });
    const { body: minted } = await asApp(made.privateKey, { iss: 78 }).post(
      `/app/installations/${id}/access_tokens`,
    );
    const checker = tokenOf(minted);
    const checks = '/repos/acme/orders/check-runs';
    const given = { name: 'delivery', head_sha: sandbox.sha, status: 'in_progress' };
    const { status, body } = await checker.post(checks, given);
    expect([status, body]).toMatchObject([201, { name: 'delivery', app: { id: 78, slug: 'checker' } }]);
    const at = `${checks}/${Object(body).id}`;
    const job = sandbox.with(sandbox.startedJob({ permissions: { checks: 'write' } }).token);
    const done = { conclusion: 'success' };
    expect(await job.patch(at, done)).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('only be modified by the GitHub App that created it') },
    });
    expect((await checker.patch(at, done)).body).toMatchObject({ conclusion: 'success' });
    const ofJob = await job.post(checks, given);
    expect((await checker.patch(`${checks}/${Object(ofJob.body).id}`, done)).status).toBe(403);
    const { body: other } = await asApp().post(tokens, {});
    expect((await tokenOf(other).post(checks, given)).status).toBe(403); // its App may not
    expect((await sandbox.as('dev-ana').post(checks, given)).status).toBe(403); // a person is no App
    expect((await checker.post('/repos/acme/billing/check-runs', given)).status).toBe(404);
  });

  it('is refused beyond what the installation has', async () => {
    const more = { permissions: { contents: 'write' } };
    expect((await asApp().post(tokens, more)).status).toBe(422);
    expect((await asApp().post(tokens, { permissions: { administration: 'write' } })).status).toBe(422);
    expect((await asApp().post(tokens, { repositories: ['orders', 'unknown'] })).status).toBe(422);
  });

  it('ends after an hour, or when it is revoked', async () => {
    const { body } = await asApp().post(tokens, {});
    expect((await tokenOf(body).delete('/installation/token')).status).toBe(204);
    expect((await tokenOf(body).get(SECRETS)).status).toBe(401);
    const later = await asApp().post(tokens, {});
    expect(Object(later.body).expires_at).toBe('2026-11-25T09:00:00Z');
    now += 3_600_000;
    expect((await tokenOf(later.body).get(SECRETS)).status).toBe(401);
  });
});
