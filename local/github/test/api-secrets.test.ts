import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import sodium from 'libsodium-wrappers';
import { addApp, installApp, mintToken } from '../src/world/app.ts';
import { type Holder, readableIn, renewKey, storeOf } from '../src/world/secret-store.ts';
import { type Client, type Sandbox, startSandbox } from './sandbox.ts';

let now = Date.parse('2026-11-25T08:00:00Z');
let sandbox: Sandbox;
let app: Client;
let repository: Holder;
let organisation: Holder;
beforeAll(async () => {
  await sodium.ready;
  sandbox = await startSandbox(() => now);
  const { world } = sandbox.github;
  sandbox.github.setEnvironment('acme/orders', { name: 'acme-prod' });
  const orders = world.repositories.get('acme/orders');
  if (!orders) throw new Error('the sandbox has acme/orders');
  repository = { kind: 'repository', repository: orders };
  organisation = { kind: 'organisation', organisation: orders.owner };
  const permissions = {
    secrets: 'write',
    actions_variables: 'write',
    environments: 'write',
    organization_secrets: 'write',
    organization_actions_variables: 'write',
  } as const;
  const made = addApp(world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  const installation = installApp(world, made.app, { account: 'acme' });
  app = sandbox.with(mintToken(world, installation, installation).token);
});
afterAll(() => sandbox.close());

/** Seals as any client of GitHub does, with libsodium. */
async function seal(path: string, value: string) {
  const { key, key_id } = Object((await app.get(`${path}/public-key`)).body);
  const box = sodium.crypto_box_seal(value, Buffer.from(String(key), 'base64'));
  return { encrypted_value: Buffer.from(box).toString('base64'), key_id };
}
const storedIn = (holder: Holder, name: string) =>
  storeOf(sandbox.github.world, holder).secrets.get(name)?.value;

const REPOSITORY = '/repos/acme/orders/actions/secrets';
const ENVIRONMENT = '/repos/acme/orders/environments/acme-prod/secrets';
const ORGANISATION = '/orgs/acme/actions/secrets';

describe('a secret', () => {
  it('is what its sealed box holds, at each level by a key of its own, and is never answered', async () => {
    expect((await app.put(`${REPOSITORY}/key_a`, await seal(REPOSITORY, 'of-repository'))).status).toBe(201);
    expect((await app.put(`${ENVIRONMENT}/KEY_A`, await seal(ENVIRONMENT, 'of-environment'))).status).toBe(
      201,
    );
    expect(storedIn(repository, 'KEY_A')).toBe('of-repository');
    const foreign = await app.put(`${ENVIRONMENT}/KEY_B`, await seal(REPOSITORY, 'x'));
    expect(foreign).toMatchObject({ status: 422, body: { message: expect.stringContaining('improperly') } });
    const list = await app.get(REPOSITORY);
    expect(list.body).toEqual({
      total_count: 1,
      secrets: [{ name: 'KEY_A', created_at: '2026-11-25T08:00:00Z', updated_at: '2026-11-25T08:00:00Z' }],
    });
    const {
      world,
      world: { repositories },
    } = sandbox.github;
    const orders = repositories.get('acme/orders');
    if (!orders) throw new Error('no acme/orders');
    expect(readableIn(world, orders, 'secrets')).toEqual({
      KEY_A: 'of-repository',
    });
  });

  it('tells when it was written again, and is gone when deleted', async () => {
    now += 60_000;
    expect((await app.put(`${REPOSITORY}/KEY_A`, await seal(REPOSITORY, 'second'))).status).toBe(204);
    expect((await app.get(`${REPOSITORY}/KEY_A`)).body).toMatchObject({
      created_at: '2026-11-25T08:00:00Z',
      updated_at: '2026-11-25T08:01:00Z',
    });
    expect((await app.delete(`${REPOSITORY}/KEY_A`)).status).toBe(204);
    expect((await app.get(`${REPOSITORY}/KEY_A`)).status).toBe(404);
  });

  it('sealed to a key of before, to no key, or not sealed is refused', async () => {
    const stale = await seal(REPOSITORY, 'x');
    await renewKey(sandbox.github.world, repository);
    const fresh = await seal(REPOSITORY, 'x');
    expect((await app.put(`${REPOSITORY}/S`, stale)).status).toBe(422);
    const unnamed = { encrypted_value: fresh.encrypted_value };
    expect((await app.put(`${REPOSITORY}/S`, unnamed)).body).toMatchObject({
      message: 'Invalid request.\n\n"key_id" wasn\'t supplied.',
    });
    const plain = { encrypted_value: Buffer.from('plain').toString('base64'), key_id: fresh.key_id };
    expect((await app.put(`${REPOSITORY}/S`, plain)).status).toBe(422);
    expect((await app.put(`${REPOSITORY}/GITHUB_S`, fresh)).status).toBe(422);
    expect(storedIn(repository, 'S')).toBeUndefined();
  });

  it('of an environment that is not there is not found, and makes none', async () => {
    expect((await app.get('/repos/acme/orders/environments/acme-prd/secrets/public-key')).status).toBe(404);
    expect(sandbox.github.world.repositories.get('acme/orders')?.environments.has('acme-prd')).toBe(false);
  });
});

test('an organisation’s secret is seen by whom the last write said, whatever was before', async () => {
  const sealed = await seal(ORGANISATION, 'shared');
  const selected = { ...sealed, visibility: 'selected', selected_repository_ids: [456789] };
  expect((await app.put(`${ORGANISATION}/SHARED`, selected)).status).toBe(201);
  expect((await app.get(`${ORGANISATION}/SHARED/repositories`)).body).toMatchObject({
    total_count: 1,
    repositories: [{ id: 456789 }],
  });
  expect((await app.put(`${ORGANISATION}/SHARED`, sealed)).status).toBe(422);
  await app.put(`${ORGANISATION}/SHARED`, { ...sealed, visibility: 'selected' });
  expect((await app.get(`${ORGANISATION}/SHARED/repositories`)).body).toMatchObject({ total_count: 0 });
  expect(storedIn(organisation, 'SHARED')).toBe('shared');
  const orders = sandbox.github.world.repositories.get('acme/orders');
  expect(orders && readableIn(sandbox.github.world, orders, 'secrets')).not.toHaveProperty('SHARED');
});

test.each([
  ['repository', '/repos/acme/orders/actions/variables', {}],
  ['environment', '/repos/acme/orders/environments/acme-prod/variables', {}],
  ['organisation', '/orgs/acme/actions/variables', { visibility: 'private' }],
])('a variable of a %s is made once and changed by one write', async (_, path, more) => {
  const slot = { name: 'AWS_KEY_SLOT', value: 'A', ...more };
  expect((await app.post(path, slot)).status).toBe(201);
  expect((await app.post(path, slot)).status).toBe(409);
  now += 1_000;
  expect((await app.patch(`${path}/AWS_KEY_SLOT`, { value: 'B' })).status).toBe(204);
  expect((await app.get(`${path}/aws_key_slot`)).body).toMatchObject({ value: 'B', ...more });
  expect((await app.patch(`${path}/NONE`, { value: 'B' })).status).toBe(404);
});

describe('who may', () => {
  it('is no job: GITHUB_TOKEN neither writes nor lists secrets, whatever its permissions', async () => {
    const everything = { actions: 'write', contents: 'write', deployments: 'write' } as const;
    const job = sandbox.with(sandbox.startedJob({ permissions: everything }).token);
    const refused = { status: 403, body: { message: 'Resource not accessible by integration' } };
    expect(await job.get(`${REPOSITORY}/public-key`)).toMatchObject(refused);
    expect(await job.put(`${REPOSITORY}/S`, await seal(REPOSITORY, 'x'))).toMatchObject(refused);
    expect(
      await job.patch('/repos/acme/orders/actions/variables/AWS_KEY_SLOT', { value: 'A' }),
    ).toMatchObject(refused);
  });

  it('is a user who writes to the repository; an organisation’s secrets are its owner’s', async () => {
    expect((await sandbox.as('dev-ana').get(REPOSITORY)).status).toBe(200);
    expect((await sandbox.as('stranger').get(REPOSITORY)).status).toBe(404);
    expect((await sandbox.as('dev-ana').get(ORGANISATION)).status).toBe(403);
    expect((await sandbox.as('acme').get(ORGANISATION)).status).toBe(200);
  });
});
