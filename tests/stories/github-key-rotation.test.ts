import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { escrowSecret } from '@tenant-delivery/aws/secrets/escrow-secret';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { appKeyFingerprint, publicHalfOf } from '@tenant-delivery/credentials/github-app-key/app-fingerprint';
import {
  newSshKey,
  publicKeyOf,
  sshFingerprint,
} from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { appDoor } from '@tenant-delivery/github/app/app-door';
import { deployKeys } from '@tenant-delivery/github/keys/deploy-keys';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { iamOf } from '@tenant-delivery/local-aws/iam/state';
import { many, type PolicyDocument, statementsOf } from '@tenant-delivery/local-aws/policy/document';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import {
  type App,
  addApp,
  addAppKey,
  deleteAppKey,
  installApp,
} from '@tenant-delivery/local-github/world/app';
import { deployKeysOf, useDeployKey } from '@tenant-delivery/local-github/world/deploy-key';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { ownedBy, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { keyUsers } from '@tenant-delivery/local-platform/key-users';
import { opening as appKey } from '@tenant-delivery/rotate-access/agreed/github-app-key';
import { opening as deployKey } from '@tenant-delivery/rotate-access/agreed/github-deploy-key';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import { formsOf, Secret } from '@tenant-delivery/rotation/secret';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { ORDERS } from '../stage/acme.ts';
import { cloneKeyRepository } from '../stage/clone-key-repository.ts';
import { openedRun, type World } from '../stage/opened-run.ts';
import { seedRolesFor } from '../stage/rotating-roles.ts';

/*
 * A deploy key and the private key of an App from their first run to their last, in virtual days: what rotate-access opens
 * for them, over real requests to local-aws and local-github, while workflows use the deploy key.
 */
const { account, region } = ORDERS;
const CLONE: CredentialOf<'github-deploy-key'> = {
  kind: 'github-deploy-key',
  id: 'ci-clone',
  repository: 'acme/library',
  escrow: 'td/rotation/ci-clone',
  consumers: [
    {
      kind: 'github',
      repository: 'acme/orders',
      mode: 'slots',
      name: 'CLONE_KEY',
      probe: 'verify-clone-key.yml',
      cadenceHours: 24,
    },
  ],
};
const ROTATOR: CredentialOf<'github-app-key'> = {
  kind: 'github-app-key',
  id: 'rotator-app',
  app: 77,
  escrow: 'td/rotation/github-app',
  consumers: [{ kind: 'external', name: 'hq', cadenceHours: 10 }],
};
const PERMISSIONS = {
  secrets: 'write',
  actions_variables: 'write',
  actions: 'write',
  administration: 'write',
} as const;

let folder: string;
let clock: ManualClock;
let aws: LocalAws;
let github: LocalGithub;
let library: Repository;
let orders: Repository;
let app: App;
let users: ReturnType<typeof keyUsers>;
let failing = false;
const before = newSshKey('before');
const VAULT = memoryVault();
const secrets = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-keys-'));
  clock = manualClock();
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  aws.addAccount(account);
  await seedRolesFor(aws, [CLONE, ROTATOR]);
  process.env['AWS_ENDPOINT_URL'] = aws.url; // as the runner's environment says it
  github = await startLocalGithub({ clock });
  const { path, sha } = await cloneKeyRepository(folder);
  orders = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'orders', id: 456789, path });
  library = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'library', id: 456791, path });
  const made = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions: PERMISSIONS });
  app = made.app;
  installApp(github.world, app, { account: 'acme' });
  seedSecret(aws.world, account, region, { name: ROTATOR.escrow, value: made.privateKey });
  seedSecret(aws.world, account, region, { name: CLONE.escrow, value: before.privateKey });
  deployKeysOf(github.world, library).push({
    id: github.world.nextId(),
    key: before.publicKey,
    title: 'clone',
    readOnly: false,
    createdAt: clock.now() - 181 * DAY,
    addedBy: 'dev-ana',
    lastUsedAt: null,
    enabled: true,
  });
  const at = { createdAt: clock.now(), updatedAt: clock.now() };
  const store = storeOf(github.world, { kind: 'repository', repository: orders });
  store.secrets.set('CLONE_KEY_A', { name: 'CLONE_KEY_A', value: before.privateKey, ...at });
  store.variables.set('CLONE_KEY_SLOT', { name: 'CLONE_KEY_SLOT', value: 'A', ...at });
  users = keyUsers(
    [
      {
        name: 'orders',
        probe: 'verify-clone-key.yml',
        read: async () =>
          held(
            ownedBy(github.world, { kind: 'repository', repository: orders }, 'variables')['CLONE_KEY_SLOT'],
          ),
        at: held,
      },
    ],
    {
      github,
      repository: orders,
      sha,
      now: () => clock.now(),
      every: 23 * HOUR,
      fingerprint: sshFingerprint,
      use: async ({ id }) => clones(id),
    },
  );
});
afterAll(async () => {
  await github.close();
  await aws.close();
  await rm(folder, { recursive: true });
});

/** What is in a slot, by its public half. */
function held(slot: string | undefined) {
  const all = ownedBy(github.world, { kind: 'repository', repository: orders }, 'secrets');
  const secret = all[`CLONE_KEY_${slot}`];
  const id = secret && publicKeyOf(secret);
  return secret && id ? { id, secret } : undefined;
}

/** As a git server would: a key that the repository has opens it, and is used by that. */
function clones(publicKey: string): boolean {
  const key = deployKeysOf(github.world, library).find((one) => one.key === publicKey);
  if (!key) return false;
  useDeployKey(github.world, library, key.id);
  if (!failing) return true;
  failing = false;
  return false;
}

/** Lets time pass, with all that the users of the deploy key do in it. */
async function pass(milliseconds: number): Promise<void> {
  const until = clock.now() + milliseconds;
  for (let next = users.next(); next <= until; next = users.next()) {
    await clock.advance(Math.max(0, next - clock.now()));
    await users.act();
  }
  await clock.advance(Math.max(0, until - clock.now()));
  await users.answer();
}

const world = (): World => ({
  aws,
  clock,
  vault: VAULT,
  pass,
  apiUrl: github.apiUrl,
  heard: (text) => secrets.add(text),
});
const current = (name: string): string =>
  String(
    Object.values(secretsOf(aws.world, account, region)[name]?.versions ?? {}).find(({ stages }) =>
      stages.includes('AWSCURRENT'),
    )?.value,
  );
const listed = () => deployKeysOf(github.world, library);

async function journal(): Promise<string> {
  const stored = await Promise.all((await VAULT.list('rotation/')).map((key) => VAULT.read(key)));
  return stored.map((one) => Buffer.from(one?.bytes ?? []).toString()).join('\n');
}

test('a deploy key is replaced while workflows clone with it, although an answer is lost and a consumer fails once', async () => {
  const planned = await (await openedRun(world(), deployKey, CLONE)).plan();
  expect(planned.next).toMatchObject({ kind: 'note', note: { kind: 'opened', reason: 'due' } });
  expect(planned.road.map(({ what }) => what)).toContain('delete the old key, ready to add it again');
  const changing = github.calls.filter(({ method }) => method !== 'GET');
  expect(changing.map(({ path }) => path).filter((path) => !path.endsWith('/access_tokens'))).toEqual([]);

  github.fail({ method: 'POST', path: /library\/keys$/, kind: 'reset-after-effect' });
  const ends: RunEnd[] = [];
  let restored = 0;
  for (let runs = 0; runs < 60 && ends.at(-1)?.outcome !== 'rotated'; runs += 1) {
    const gone = !listed().some(({ key }) => key === before.publicKey);
    if (gone && restored === 0) {
      failing = true; // the first use after the deletion
      restored += 1;
    }
    const end = await (await openedRun(world(), deployKey, CLONE)).go();
    ends.push(end);
    await pass(Math.max(end.nextEligibleAt - clock.now(), HOUR / 2));
  }
  expect(ends.map(({ outcome }) => outcome)).toEqual([...ends.slice(1).map(() => 'in-progress'), 'rotated']);
  expect(users.outages).toHaveLength(0);

  const [left, second] = listed();
  expect(second).toBeUndefined();
  expect(left).toMatchObject({ title: 'td-rotation/ci-clone/0001', readOnly: true });
  expect(publicKeyOf(current(CLONE.escrow))).toBe(left?.key);
  expect(held('B')?.id).toBe(left?.key);
  expect(held('A')).toBeUndefined();
  const told = await journal();
  expect(told).toContain(before.publicKey); // what brings it back
  expect(told).toContain('"do":"restore"');
  const all = [before.privateKey, current(CLONE.escrow)].flatMap(formsOf);
  expect(all.filter((form) => `${told}${JSON.stringify(ends)}`.includes(form))).toEqual([]);
  expect([...secrets]).toEqual(expect.arrayContaining(current(CLONE.escrow).trim().split('\n').slice(1, -1)));
});

test('the key of an App is replaced by people, who hear in a sentence what comes next, and its end is proven', async () => {
  const old = current(ROTATOR.escrow);
  const escrow = escrowSecret(operator(), operator(), ROTATOR.escrow);
  const step = async (given: Readonly<Record<string, string>> = {}) => {
    const end = await (await openedRun(world(), appKey, ROTATOR, given)).go();
    await pass(Math.max(end.nextEligibleAt - clock.now(), HOUR));
    return {
      outcome: end.outcome,
      said: [...end.reasons.map(({ message }) => message), ...end.facts].join(' '),
    };
  };
  const wish = { wish: 'forced' };
  const asked = await step(wish);
  expect(asked).toMatchObject({
    outcome: 'in-progress',
    said: expect.stringMatching(/^Make a new private key .* 25 is the most/),
  });

  const [known] = app.keys.values();
  if (!known) throw new Error('the App has a key');
  for (let more = 1; app.keys.size < 25; more += 1) app.keys.set(`of somebody ${more}`, known);
  expect(() => addAppKey(app)).toThrow('25 keys');
  expect(await step()).toEqual(asked);
  for (const fingerprint of app.keys.keys())
    if (fingerprint.startsWith('of somebody')) app.keys.delete(fingerprint);
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const wrong = elliptic.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(await escrow.put('1'.repeat(32), wrong)).toBe('done');
  expect(await step()).toMatchObject({
    outcome: 'hold',
    said: expect.stringContaining('does not hold an RSA private key in PEM'),
  });
  const foreign = addApp(github.world, { id: 78, slug: 'other', owner: 'acme', permissions: {} });
  await escrow.put('2'.repeat(32), foreign.privateKey);
  expect(await step()).toMatchObject({
    outcome: 'hold',
    said: expect.stringContaining('GitHub does not know the key'),
  });

  const made = addAppKey(app).privateKey;
  await escrow.put('3'.repeat(32), made);
  const key = appKeyFingerprint(publicHalfOf(made) ?? '');
  const from = github.calls.length;
  expect(await step()).toEqual({
    outcome: 'in-progress',
    said: `Let external:hq take the new key from td/rotation/github-app, then run again with \`acknowledge: hq=${key}\`.`,
  });
  expect(current(ROTATOR.escrow)).toBe(made);
  const tokens = github.calls.slice(from).filter(({ method }) => method === 'DELETE');
  expect(tokens.map(({ path }) => path)).toEqual(['/installation/token']);

  expect(await step({ acknowledge: `hq=${key}` })).toMatchObject({
    outcome: 'in-progress',
    said: expect.stringContaining('the old key may still be held'),
  });
  const last = await step();
  const shown = [...app.keys.keys()].find((fingerprint) => last.said.includes(`SHA256:${fingerprint}`));
  expect(last.said).toMatch(/^Delete the private key SHA256:\S+ on the settings page of the GitHub App 77/);
  expect(await step()).toMatchObject({ outcome: 'in-progress', said: last.said });
  deleteAppKey(app, old);
  expect(shown !== undefined && app.keys.has(shown)).toBe(false); // it was that one
  expect(await step()).toMatchObject({ outcome: 'rotated' });
  expect(await step()).toMatchObject({ outcome: 'not-due' });
  const told = await journal();
  expect([old, made, wrong].flatMap(formsOf).filter((form) => told.includes(form))).toEqual([]);
});

test('their role may do what was called, each by its own name, and writes no key that people bring', () => {
  expect(aws.denied()).toEqual([]);
  const { policies } = iamOf(aws.world, account).roles['td-prod-rotate'] ?? { policies: {} };
  const documents: readonly PolicyDocument[] = Object.values(policies);
  const statements = documents.flatMap((document) => [...statementsOf(document)]);
  const over = (action: string) =>
    statements
      .filter(({ Action }) => many(Action).includes(`secretsmanager:${action}`))
      .flatMap(({ Resource }) => many(Resource))
      .map((resource) => resource.split(':').at(-1)?.replace('-??????', ''));
  expect(over('PutSecretValue')).toEqual([CLONE.escrow]);
  expect(over('UpdateSecretVersionStage')).toEqual([CLONE.escrow, ROTATOR.escrow]);
  expect(statements.map(({ Sid }) => Sid)).not.toContain('KeysOfTheAgreedUsers'); // over nobody
  const put = aws.calls.filter(
    ({ operation, principal }) => operation === 'PutSecretValue' && principal?.includes('td-prod-rotate/'),
  );
  expect(new Set(put.map(({ input }) => Reflect.get(Object(input), 'SecretId')))).toEqual(
    new Set([CLONE.escrow]),
  );
});

describe('at GitHub', () => {
  const access = (token: string) =>
    githubClient(github.apiUrl, token, { now: () => clock.now(), sleep: pass });
  const asOwner = () => access(github.world.users.get('acme')?.token ?? '');
  const half = { publicKey: newSshKey('x').publicKey, title: 'td-rotation/x/0001', access: 'read' } as const;

  it('a key that is there already is there, one of another repository is not ours, and one that is gone is gone', async () => {
    const ours = deployKeys(await asOwner(), 'acme/library');
    expect([await ours.add(half), await ours.add(half)]).toEqual(['done', 'done']);
    const found = (await ours.list()) as Exclude<Awaited<ReturnType<typeof ours.list>>, 'absent'>; // it is there
    const mine = found.filter(({ publicKey }) => publicKey === half.publicKey);
    expect(mine).toMatchObject([{ title: half.title, access: 'read', lastUse: 'never', enabled: true }]);
    expect(await deployKeys(await asOwner(), 'acme/orders').add(half)).toEqual({
      refused: expect.stringContaining('422'),
    });
    const id = mine[0]?.id ?? 0;
    expect([await ours.delete(id), await ours.delete(id)]).toEqual(['done', 'done']);
    expect(await deployKeys(await asOwner(), 'acme/nowhere').list()).toBe('absent');
  });

  it('a refusal names the permission that the App lacks', async () => {
    github.addUser({ login: 'dev-ana', id: 200010 });
    const token = github.world.users.get('dev-ana')?.token ?? '';
    expect(await deployKeys(await access(token), 'acme/library').add(half)).toMatchObject({
      refused: expect.stringContaining('administration: write'),
    });
  });

  it('a clock that is wrong says nothing of a key', async () => {
    const late = { now: () => clock.now() + DAY, sleep: pass };
    const pem = current(ROTATOR.escrow);
    const pair = { id: '', secret: Secret.born(pem, 'app', { mask() {} }) };
    const door = appDoor(77, { clientFor: access, clock: late, masker: { mask() {} } });
    await expect(door.whose(pair)).rejects.toMatchObject({ code: 'GITHUB_PERMISSION_MISSING' });
  });
});

function operator() {
  const base = { region, local: true, scale: 1, userAgent: 'tests' };
  return clientConfig(base, aws.addAccount(account));
}
