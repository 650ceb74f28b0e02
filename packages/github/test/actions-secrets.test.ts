import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SecretHome } from '@tenant-delivery/credentials/secret-home';
import { type Holder, renewKey, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { actionsSecrets } from '../src/secrets/actions-secrets.ts';
import { actionsVariables } from '../src/secrets/actions-variables.ts';
import { permissionsFor } from '../src/secrets/secret-home.ts';
import { githubAnswering } from './answering.ts';
import { githubStage, ORDERS, type Stage } from './stage.ts';

const SEEN = { visibility: 'selected', repositories: [{ id: 456789, name: ORDERS }] } as const;
const HOMES = [
  ['a repository', { kind: 'repository', repository: ORDERS }, undefined],
  ['an environment', { kind: 'environment', repository: ORDERS, environment: 'acme prod' }, undefined],
  ['an organisation', { kind: 'organisation', organisation: 'acme' }, SEEN],
] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
  stage.github.setEnvironment(ORDERS, { name: 'acme prod' });
});
afterAll(() => stage.close());
beforeEach(() => stage.github.world.stores.clear());

const as = (home: SecretHome) =>
  stage.asApp(
    permissionsFor(home),
    home.kind === 'organisation' ? { organisation: 'acme' } : { repositories: [ORDERS] },
  );
function storeIn({ kind }: SecretHome) {
  const environment = stage.orders.environments.get('acme prod');
  if (!environment) throw new Error('the environment was made before');
  const holders: Readonly<Record<SecretHome['kind'], Holder>> = {
    repository: { kind: 'repository', repository: stage.orders },
    environment: { kind: 'environment', repository: stage.orders, environment },
    organisation: { kind: 'organisation', organisation: stage.orders.owner },
  };
  return { holder: holders[kind], ...storeOf(stage.github.world, holders[kind]) };
}

describe.each(HOMES)('secrets of %s', (_, home, sharing) => {
  it('are written sealed, found by any spelling of their names, and deleted once', async () => {
    const secrets = actionsSecrets(await as(home), home);
    expect(await secrets.reachable()).toBe('yes');
    expect(await secrets.find(['KEY'])).toEqual(['absent']);
    expect(await secrets.write('key', 'a value', sharing)).toMatchObject({ kind: 'done' });
    expect([...storeIn(home).secrets.values()].map(({ name, value }) => [name, value])).toEqual([
      ['KEY', 'a value'],
    ]);
    expect(await secrets.find(['Key', 'OTHER'])).toEqual([
      { updatedAt: expect.any(String), sharing },
      'absent',
    ]);
    expect(await secrets.delete('KEY')).toMatchObject({ kind: 'done' });
    expect(await secrets.delete('KEY')).toMatchObject({ kind: 'refused', status: 404 });
  });

  it('are found on every page', async () => {
    const secrets = actionsSecrets(await as(home), home);
    for (let n = 0; n < 101; n += 1) await secrets.write(`KEY_${n}`, 'a value', sharing);
    expect((await secrets.find(['KEY_0', 'KEY_100'])).filter((each) => each === 'absent')).toEqual([]);
  });

  it('are sealed anew to a key that is newer than the one known, and refused where that does not help', async () => {
    const secrets = actionsSecrets(await as(home), home);
    await secrets.write('KEY', 'first', sharing);
    await renewKey(stage.github.world, storeIn(home).holder);
    expect(await secrets.write('KEY', 'second', sharing)).toMatchObject({ kind: 'done' });
    expect(storeIn(home).secrets.get('KEY')?.value).toBe('second');
    expect(await secrets.write('KEY', 'x'.repeat(49 * 1024), sharing)).toMatchObject({
      kind: 'refused',
      status: 422,
    });
    expect(storeIn(home).secrets.get('KEY')?.value).toBe('second');
  });

  it('are not known to be written where the answer is lost: it is sent once', async () => {
    const secrets = actionsSecrets(await as(home), home);
    stage.github.fail({ method: 'PUT', path: /secrets\/KEY$/, kind: 'reset-after-effect' });
    const from = stage.github.calls.length;
    expect(await secrets.write('KEY', 'a value', sharing)).toEqual({ kind: 'unknown' });
    expect(stage.github.calls.slice(from).filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(storeIn(home).secrets.has('KEY')).toBe(true);
  });

  it('are refused to a token without the permission', async () => {
    const secrets = actionsSecrets(await stage.asJob(), home);
    for (const asked of [
      () => secrets.find(['KEY']),
      () => secrets.reachable(),
      () => secrets.write('KEY', 'a value', sharing),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});

describe.each(HOMES)('variables of %s', (_, home, sharing) => {
  it('are made the first time and then changed by one write, and keep who sees them', async () => {
    const variables = actionsVariables(await as(home), home);
    expect(await variables.find('SLOT')).toBe('absent');
    expect(await variables.set('SLOT', 'A', sharing)).toMatchObject({ kind: 'done' });
    const from = stage.github.calls.length;
    expect(await variables.set('SLOT', 'B', undefined)).toMatchObject({ kind: 'done' });
    expect(stage.github.calls.slice(from).map(({ method }) => method)).toEqual(['PATCH']);
    expect(await variables.find('SLOT')).toEqual({ value: 'B', updatedAt: expect.any(String), sharing });
  });

  it('are not known to be changed where the answer is lost', async () => {
    const variables = actionsVariables(await as(home), home);
    await variables.set('SLOT', 'A', sharing);
    stage.github.fail({ method: 'PATCH', path: /variables\/SLOT$/, kind: 'server-error' });
    expect(await variables.set('SLOT', 'B', sharing)).toEqual({ kind: 'unknown' });
    expect(await variables.find('SLOT')).toMatchObject({ value: 'A' });
  });
});

it('an environment that nobody made is absent, takes nothing, and is not made by asking', async () => {
  const home = { kind: 'environment', repository: ORDERS, environment: 'acme prd' } as const;
  const secrets = actionsSecrets(await as(home), home);
  expect(await secrets.reachable()).toBe('absent');
  expect(await secrets.write('KEY', 'a value', undefined)).toMatchObject({ kind: 'refused', status: 404 });
  expect(stage.orders.environments.has('acme prd')).toBe(false);
});

it('takes a list of secrets that is not whole for no answer: one that is missing there is not absent', async () => {
  const SECRET = { name: 'AWS_KEY_ID_A', updated_at: '2026-11-25T08:00:00Z' };
  let total = 1;
  const github = await githubAnswering(() => ({ body: { total_count: total, secrets: [SECRET] } }));
  const find = () => actionsSecrets(github.client, HOMES[0][1]).find(['aws_key_id_a', 'OTHER']);
  expect(await find()).toEqual([{ updatedAt: SECRET.updated_at, sharing: undefined }, 'absent']);
  total = 2;
  await expect(find()).rejects.toMatchObject({ code: 'GITHUB_ANSWER_INCOMPLETE' });
  await github.close();
});
