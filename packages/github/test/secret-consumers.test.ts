import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { SecretHome } from '@tenant-delivery/credentials/secret-home';
import { type LocalGithub, runWorkflow, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { type App, addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { createJob, finishJob, startJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun, finishRun, type Run } from '@tenant-delivery/local-github/world/run';
import {
  type Holder,
  renewKey,
  type Sharing,
  type Store,
  storeOf,
} from '@tenant-delivery/local-github/world/secret-store';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { Secret } from '@tenant-delivery/rotation/secret';
import { installationToken } from '../src/app/app-token.ts';
import type { SecretConsumerOptions } from '../src/secrets/secret-consumer.ts';
import { permissionsFor } from '../src/secrets/secret-home.ts';
import { secretPair } from '../src/secrets/secret-pair.ts';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import { type GithubClient, githubClient } from '../src/session/github-client.ts';

const ORDERS = 'acme/orders';
const PERMISSIONS = {
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
  organization_secrets: 'write',
  organization_actions_variables: 'write',
  actions: 'write',
} as const;
const PROBE = { repository: ORDERS, workflow: 'verify-slot.yml', ref: 'main' };
const TEMPLATE = '../../../templates/workflow-templates/verify-slot.yml';

let now = Date.parse('2026-11-25T08:00:00Z');
let folder = '';
let sha = '';
let github: LocalGithub;
let orders: Repository;
let billing: Repository;
let app: App;
let privateKey: Secret;
let installed = 0;
const clock = { now: () => now, sleep: async () => {} };
const masked: string[] = [];
const masker = { mask: (text: string) => void masked.push(text) };
const clientFor = (token: string) => githubClient(github.apiUrl, token, clock);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-consumers-'));
  github = await startLocalGithub({ clock });
  const path = join(folder, 'orders.git');
  await createGitRepository(path);
  const author = { name: 'Ana', email: 'ana@example.com' };
  const workflow = await readFile(join(import.meta.dirname, TEMPLATE), 'utf8');
  const files = { '.github/workflows/verify-slot.yml': workflow };
  sha = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author });
  github.addUser({ login: 'dev-ana', id: 200010 });
  orders = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'orders', id: 456789, path });
  billing = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'billing', id: 2, path });
  github.setEnvironment(ORDERS, { name: 'acme prod' });
  const made = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions: PERMISSIONS });
  app = made.app;
  privateKey = Secret.born(made.privateKey, 'app 77', masker);
  installed = installApp(github.world, app, { account: 'acme' }).id;
});
afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  github.world.stores.clear();
  for (const each of [orders, billing]) each.runs.length = 0;
  keptByHand({ visibility: 'selected', selected: new Set([456789]) });
});

/** An organisation's owner makes one secret, seen by whom all are to be seen. */
function keptByHand(sharing: Sharing): void {
  const { secrets } = storeOf(github.world, { kind: 'organisation', organisation: orders.owner });
  const name = 'AWS_KEY_ID_A';
  secrets.set(name, { name, value: 'none', createdAt: now, updatedAt: now, sharing });
}

const REPOSITORY: SecretHome = { kind: 'repository', repository: ORDERS };
const ENVIRONMENT: SecretHome = { kind: 'environment', repository: ORDERS, environment: 'acme prod' };
const ORGANISATION: SecretHome = { kind: 'organisation', organisation: 'acme' };

const accesses = new Map<SecretHome, Promise<GithubClient>>();

/** One token for each home, with what that home needs. */
function accessTo(home: SecretHome): Promise<GithubClient> {
  const known = accesses.get(home) ?? mint(home);
  accesses.set(home, known);
  return known;
}

async function mint(home: SecretHome): Promise<GithubClient> {
  const organisation = home.kind === 'organisation' ? { organisation: home.organisation } : {};
  const repositories = home.kind === 'organisation' ? [] : [ORDERS];
  const wish = { repositories, permissions: permissionsFor(home), ...organisation };
  const { token } = await installationToken({ id: 77, privateKey }, wish, { clientFor, clock, masker });
  return clientFor(token.reveal());
}

const optionsFor = (home: SecretHome): SecretConsumerOptions => ({
  home,
  name: 'AWS_KEY',
  repositories: [ORDERS],
  probe: PROBE,
  cadence: 86_400_000,
});
const slotsIn = async (home: SecretHome) => secretSlots(await accessTo(home), optionsFor(home));
const keyPair = (id: string, secret: string) => ({ id, secret: Secret.born(secret, id, masker) });

function held(home: SecretHome): Store {
  const environment = orders.environments.get('acme prod');
  if (!environment) throw new Error('the environment was made before');
  const holders: Readonly<Record<SecretHome['kind'], Holder>> = {
    repository: { kind: 'repository', repository: orders },
    environment: { kind: 'environment', repository: orders, environment },
    organisation: { kind: 'organisation', organisation: orders.owner },
  };
  return storeOf(github.world, holders[home.kind]);
}
const valuesIn = (home: SecretHome) =>
  Object.fromEntries([...held(home).secrets.values()].map(({ name, value }) => [name, value]));

function newRun(repository = orders): Run {
  return createRun(github.world, repository, {
    workflow: { repository: ORDERS, path: '.github/workflows/ci.yml', ref: 'refs/heads/main', sha },
    event: 'schedule',
    ref: 'refs/heads/main',
    sha,
    actor: 'dev-ana',
  });
}

function newJob(run: Run, name: string) {
  return createJob(github.world, run, { name, permissions: {}, workflow: run.workflow });
}

describe.each([
  ['repository', REPOSITORY],
  ['environment', ENVIRONMENT],
  ['organisation', ORGANISATION],
])('secrets of an %s in two slots', (_, home) => {
  it('get the key in the idle one, which libsodium opens, and change over by one write', async () => {
    const consumer = await slotsIn(home);
    expect(await consumer.observe([])).toMatchObject({
      obstacles: [],
      current: undefined,
      idle: 'A',
      written: {},
    });
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toBe('done');
    expect(await consumer.point('A')).toBe('done');
    const before = await consumer.observe([]);
    expect(before).toMatchObject({ current: 'A', idle: 'B' });
    now += 60_000;
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret/+='))).toBe('done');
    const staged = await consumer.observe([]);
    expect([staged.current, staged.written['A'], typeof staged.written['B']]).toEqual([
      'A',
      before.written['A'],
      'string',
    ]);
    expect(valuesIn(home)).toEqual({
      AWS_KEY_ID_A: 'AKIAFIRST',
      AWS_KEY_SECRET_A: 'first-secret',
      AWS_KEY_ID_B: 'AKIASECOND',
      AWS_KEY_SECRET_B: 'second-secret/+=',
    });
    const calls = github.calls.length;
    expect(await consumer.point('B')).toBe('done');
    expect(await consumer.point('B')).toBe('done');
    const writes = github.calls.slice(calls).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method }) => method)).toEqual(['PATCH']);
    expect(await consumer.blank('A')).toBe('done');
    expect(await consumer.blank('A')).toBe('done');
    expect(await consumer.observe([])).toMatchObject({
      current: 'B',
      idle: 'A',
      written: { B: expect.anything() },
    });
    expect(Object.keys(valuesIn(home))).toEqual(['AWS_KEY_SECRET_B', 'AWS_KEY_ID_B']);
  });

  it('are sealed anew when GitHub has another key than a moment ago', async () => {
    const consumer = await slotsIn(home);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    const { kind } = home;
    const environment = orders.environments.get('acme prod');
    if (!environment) throw new Error('the environment was made before');
    await renewKey(
      github.world,
      kind === 'organisation'
        ? { kind, organisation: orders.owner }
        : kind === 'environment'
          ? { kind, repository: orders, environment }
          : { kind, repository: orders },
    );
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'))).toBe('done');
    expect(valuesIn(home)).toMatchObject({ AWS_KEY_SECRET_B: 'second-secret' });
  });
});

test('a slot of one secret keeps that alone, and is read and emptied as one of two is', async () => {
  const options = { ...optionsFor(REPOSITORY), name: 'CLONE_KEY', keeps: 'value' } as const;
  const consumer = secretSlots(await accessTo(REPOSITORY), options);
  await consumer.stage('A', keyPair('ssh-ed25519 AAAA', 'first-secret'));
  await consumer.point('A');
  await consumer.stage('B', keyPair('ssh-ed25519 BBBB', 'second-secret'));
  expect(valuesIn(REPOSITORY)).toEqual({ CLONE_KEY_A: 'first-secret', CLONE_KEY_B: 'second-secret' });
  expect(Object.keys((await consumer.observe([])).written)).toEqual(['A', 'B']);
  expect(await consumer.blank('B')).toBe('done');
  expect(await consumer.observe([])).toMatchObject({ current: 'A', written: { A: expect.anything() } });
  expect(Object.keys(valuesIn(REPOSITORY))).toEqual(['CLONE_KEY_A']);
});

test('an organisation’s secrets stay with the repositories that saw them, even when the credential says otherwise later', async () => {
  const consumer = await slotsIn(ORGANISATION);
  await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
  for (const { sharing } of held(ORGANISATION).secrets.values())
    if (sharing) sharing.selected = new Set([456789, 2]);
  await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'));
  await consumer.point('B');
  const all = [...held(ORGANISATION).secrets.values(), ...held(ORGANISATION).variables.values()];
  expect(all.map(({ sharing }) => [...(sharing?.selected ?? [])])).toEqual(Array(5).fill([456789, 2]));
  for (const { name, sharing } of held(ORGANISATION).secrets.values())
    if (sharing && name.endsWith('_A')) sharing.visibility = 'private';
  expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('same visibility')]);
});

describe('who may still hold the key of before', () => {
  it('is every run from before the change-over that has not ended, whatever it waits for, and none from after', async () => {
    const consumer = await slotsIn(REPOSITORY);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    const early = (['requested', 'pending', 'queued', 'waiting', 'in_progress'] as const).map((status) =>
      Object.assign(newRun(), { status }),
    );
    finishRun(github.world, newRun(), 'success');
    await consumer.point('A');
    now += 1_000;
    newRun();
    const { holders } = await consumer.observe([]);
    const addresses = early.map(({ id }) => expect.stringContaining(`/actions/runs/${id}`));
    expect([holders.count, holders.examples.toSorted()]).toEqual([5, addresses]);
    for (const run of early) finishRun(github.world, run, 'success');
    expect((await consumer.observe([])).holders.count).toBe(0);
  });

  it('is of an organisation’s secrets a run in any repository that may read them, and in no other', async () => {
    const consumer = await slotsIn(ORGANISATION);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    await consumer.point('A');
    newRun(billing);
    expect((await consumer.observe([])).holders.count).toBe(0);
    for (const { sharing } of [
      ...held(ORGANISATION).secrets.values(),
      ...held(ORGANISATION).variables.values(),
    ])
      if (sharing) sharing.visibility = 'all';
    const { holders, obstacles } = await consumer.observe([]);
    expect([holders.count, holders.examples, obstacles]).toEqual([
      1,
      [expect.stringContaining('acme/billing')],
      [],
    ]);
  });

  it('is not known where the App does not see every repository that may read them', async () => {
    keptByHand({ visibility: 'private', selected: new Set() });
    const installation = github.world.installations.get(installed);
    if (!installation) throw new Error('the App was installed');
    const narrow = installApp(github.world, app, { account: 'acme', repositories: [ORDERS] });
    github.world.installations.delete(installed);
    const consumer = secretSlots(await mint(ORGANISATION), optionsFor(ORGANISATION));
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('does not see every repository'),
    ]);
    github.world.installations.delete(narrow.id);
    github.world.installations.set(installed, installation);
  });

  it('is of an environment’s secrets a run with a job that began by then', async () => {
    const consumer = await slotsIn(ENVIRONMENT);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    const [begun, later] = [newRun(), newRun()];
    const job = newJob(begun, 'deploy');
    startJob(github.world, job);
    await consumer.point('A');
    now += 1_000;
    startJob(github.world, newJob(later, 'deploy'));
    expect((await consumer.observe([])).holders.examples).toEqual([
      expect.stringContaining(`/actions/runs/${begun.id}`),
    ]);
    finishJob(github.world, job, { conclusion: 'success' });
    expect((await consumer.observe([])).holders.count).toBe(0);
  });
});

describe('a proof', () => {
  it('is what the consumer’s own workflow says that it used', async () => {
    const consumer = await slotsIn(REPOSITORY);
    expect(await consumer.askProof('B', 'proof-7')).toBe('done');
    const proofs = async () => (await consumer.observe(['proof-7', 'proof-8'])).proofs;
    expect(await proofs()).toEqual({ 'proof-7': { kind: 'pending' } });
    const [run] = orders.runs;
    if (!run) throw new Error('the run was dispatched');
    expect(run.inputs).toEqual({ slot: 'B', proof: 'proof-7' });
    for (const name of ['use', 'used-key 0123456789ab'])
      finishJob(github.world, newJob(run, name), { conclusion: 'success' });
    finishRun(github.world, run, 'success');
    expect(await proofs()).toEqual({
      'proof-7': {
        kind: 'used',
        fingerprint: '0123456789ab',
        by: expect.stringContaining(`/runs/${run.id}`),
      },
    });
  });

  it.each([
    ['ended as failure', 'failure', 'success', 'used-key 0123456789ab'],
    ['told no fingerprint', 'success', 'failure', 'used-key 0123456789ab'],
    ['told no fingerprint', 'success', 'success', 'used-key `secret`'],
  ] as const)('failed when the workflow %s', async (why, ofRun, ofJob, name) => {
    const consumer = await slotsIn(REPOSITORY);
    await consumer.askProof('B', 'proof-7');
    const [run] = orders.runs;
    if (!run) throw new Error('the run was dispatched');
    finishJob(github.world, newJob(run, name), { conclusion: ofJob });
    finishRun(github.world, run, ofRun);
    expect((await consumer.observe(['proof-7'])).proofs['proof-7']).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(why),
    });
  });

  it('is given by the workflow of our template, for the key that it finds in the slot', async () => {
    const consumer = await slotsIn(REPOSITORY);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'));
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const aws = '#!/bin/sh\n[ "$AWS_SECRET_ACCESS_KEY" = second-secret ] && echo 000011112222\n';
    await writeFile(join(bin, 'aws'), aws, { mode: 0o755 });
    await runWorkflow({
      github,
      repository: ORDERS,
      workflow: '.github/workflows/verify-slot.yml',
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      inputs: { slot: 'B', proof: 'proof-9' },
      actor: 'dev-ana',
      env: { PATH: `${bin}:${process.env['PATH']}` },
    });
    expect((await consumer.observe(['proof-9'])).proofs['proof-9']).toMatchObject({
      kind: 'used',
      fingerprint: fingerprintOf('000011112222', 'AKIASECOND'),
    });
  });

  it('has no workflow: that is told before a key is made', async () => {
    const probe = { ...PROBE, workflow: 'none.yml' };
    const consumer = secretSlots(await accessTo(REPOSITORY), { ...optionsFor(REPOSITORY), probe });
    expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('none.yml')]);
  });
});

describe('what cannot be', () => {
  it('is said of an environment that nobody made, which is not made by asking', async () => {
    const home = { ...ENVIRONMENT, environment: 'acme prd' };
    const consumer = secretSlots(await accessTo(ENVIRONMENT), { ...optionsFor(home), home });
    expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('is not there')]);
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toMatchObject({
      refused: expect.stringContaining('404'),
    });
    expect(orders.environments.has('acme prd')).toBe(false);
  });

  it('is said of an organisation’s secrets that nobody shared, or that the proving repository may not read', async () => {
    keptByHand({ visibility: 'selected', selected: new Set([2]) });
    const consumer = await slotsIn(ORGANISATION);
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('acme/orders is to prove the key and may not read'),
    ]);
    held(ORGANISATION).secrets.clear();
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('Make one of them by hand'),
    ]);
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toMatchObject({
      refused: expect.stringContaining('who may see'),
    });
  });

  it('is said of a job’s own token, with what is needed instead', async () => {
    const job = newJob(newRun(), 'rotate');
    const { githubToken } = startJob(github.world, job);
    const consumer = secretSlots(await clientFor(githubToken), optionsFor(REPOSITORY));
    await expect(consumer.observe([])).rejects.toMatchObject({
      code: 'GITHUB_SECRETS_REFUSED',
      message: expect.stringContaining('secrets: write, actions_variables: write, actions: write'),
      remedy: expect.stringContaining('GITHUB_TOKEN can never write secrets'),
    });
  });

  it('is unknown when the connection broke, and the key is there when it took effect', async () => {
    const consumer = await slotsIn(REPOSITORY);
    github.fail({ method: 'PUT', path: /AWS_KEY_ID_A$/, kind: 'reset-after-effect' });
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toBe('unknown');
    expect((await consumer.observe([])).written).toHaveProperty('A');
    github.fail({ method: 'PUT', path: /AWS_KEY_SECRET_B$/, kind: 'server-error' });
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'))).toBe('unknown');
    expect((await consumer.observe([])).written).not.toHaveProperty('B');
  });
});

test('a pair of fixed names is written over, secret first, and counts runs since its last write', async () => {
  const names = { idName: 'AWS_ACCESS_KEY_ID', secretName: 'AWS_SECRET_ACCESS_KEY' };
  const consumer = secretPair(await accessTo(REPOSITORY), { ...optionsFor(REPOSITORY), ...names });
  const from = github.calls.length;
  expect(await consumer.stage('pair', keyPair('AKIAFIRST', 'first-secret'))).toBe('done');
  const written = github.calls.slice(from).filter(({ method }) => method === 'PUT');
  expect(written.map(({ path }) => path.split('/').at(-1))).toEqual([names.secretName, names.idName]);
  newRun();
  expect(await consumer.observe([])).toMatchObject({ current: 'pair', idle: 'pair', holders: { count: 1 } });
  expect(await consumer.blank('pair')).toHaveProperty('refused');
  expect(consumer.switching).toBe('in-place');
});

describe('an App’s token', () => {
  const wish = { repositories: [ORDERS], permissions: { secrets: 'write' } } as const;
  const ask = (given: Partial<Parameters<typeof installationToken>[1]> = {}, key = privateKey) =>
    installationToken({ id: 77, privateKey: key }, { ...wish, ...given }, { clientFor, clock, masker });

  it('may do what was asked for and nothing beside it, where it was asked for, and is masked', async () => {
    const { token, expiresAt } = await ask();
    expect(Date.parse(expiresAt) - now).toBe(3_600_000);
    expect(masked).toContain(token.reveal());
    expect(String(token)).not.toContain(token.reveal());
    const access = () => clientFor(token.reveal());
    const other = secretSlots(await access(), optionsFor({ kind: 'repository', repository: 'acme/billing' }));
    expect((await other.observe([])).obstacles).toEqual([expect.stringContaining('is not there')]);
    const slots = secretSlots(await access(), optionsFor(REPOSITORY));
    await expect(slots.observe([])).rejects.toMatchObject({ code: 'GITHUB_SECRETS_REFUSED' });
    expect(await slots.askProof('A', 'p')).toMatchObject({ refused: expect.stringContaining('403') });
  });

  it.each([
    ['GITHUB_APP_LACKS_PERMISSIONS', { permissions: { administration: 'write' } }],
    ['GITHUB_APP_NOT_INSTALLED', { repositories: ['other/place'] }],
    ['GITHUB_APP_REFUSED', { repositories: [ORDERS, 'other/orders'] }],
  ] as const)('is %s where it cannot be had', async (code, given) => {
    await expect(ask(given)).rejects.toMatchObject({ code });
  });

  it('is refused for a key that the App does not have, and for what is no key, without a word of it', async () => {
    const foreign = addApp(github.world, {
      id: 78,
      slug: 'other',
      owner: 'acme',
      permissions: {},
    }).privateKey;
    await expect(ask({}, Secret.born(foreign, 'x', masker))).rejects.toMatchObject({
      code: 'GITHUB_APP_REFUSED',
    });
    const none = Secret.born('-----BEGIN canary-----', 'x', masker);
    await expect(ask({}, none)).rejects.toMatchObject({
      code: 'GITHUB_APP_KEY_UNUSABLE',
      message: expect.not.stringContaining('canary'),
    });
    expect(installed).toBeGreaterThan(0);
  });
});
