import { afterAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startJob } from '@tenant-delivery/local-github/world/job';
import { renewKey } from '@tenant-delivery/local-github/world/secret-store';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import { ENVIRONMENT, keyPair, ORGANISATION, optionsFor, REPOSITORY, secretStage } from './secret-stage.ts';

const stage = await secretStage();
afterAll(() => stage.close());
beforeEach(() => stage.begin());

describe.each([
  ['repository', REPOSITORY],
  ['environment', ENVIRONMENT],
  ['organisation', ORGANISATION],
])('secrets of an %s in two slots', (_, home) => {
  it('get the key in the idle one, which libsodium opens, and change over by one write', async () => {
    const consumer = await stage.slotsIn(home);
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
    stage.pass(60_000);
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret/+='))).toBe('done');
    const staged = await consumer.observe([]);
    expect([staged.current, staged.written['A'], typeof staged.written['B']]).toEqual([
      'A',
      before.written['A'],
      'string',
    ]);
    expect(stage.valuesIn(home)).toEqual({
      AWS_KEY_ID_A: 'AKIAFIRST',
      AWS_KEY_SECRET_A: 'first-secret',
      AWS_KEY_ID_B: 'AKIASECOND',
      AWS_KEY_SECRET_B: 'second-secret/+=',
    });
    const calls = stage.github.calls.length;
    expect(await consumer.point('B')).toBe('done');
    expect(await consumer.point('B')).toBe('done');
    const writes = stage.github.calls.slice(calls).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method }) => method)).toEqual(['PATCH']);
    expect(await consumer.blank('A')).toBe('done');
    expect(await consumer.blank('A')).toBe('done');
    expect(await consumer.observe([])).toMatchObject({
      current: 'B',
      idle: 'A',
      written: { B: expect.anything() },
    });
    expect(Object.keys(stage.valuesIn(home))).toEqual(['AWS_KEY_SECRET_B', 'AWS_KEY_ID_B']);
  });

  it('are sealed anew when GitHub has another key than a moment ago', async () => {
    const consumer = await stage.slotsIn(home);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    await renewKey(stage.github.world, stage.holders[home.kind]);
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'))).toBe('done');
    expect(stage.valuesIn(home)).toMatchObject({ AWS_KEY_SECRET_B: 'second-secret' });
  });
});

test('a slot of one secret keeps that alone, and is read and emptied as one of two is', async () => {
  const options = { ...optionsFor(REPOSITORY), name: 'CLONE_KEY', keeps: 'value' } as const;
  const consumer = secretSlots(await stage.accessTo(REPOSITORY), options);
  await consumer.stage('A', keyPair('ssh-ed25519 AAAA', 'first-secret'));
  await consumer.point('A');
  await consumer.stage('B', keyPair('ssh-ed25519 BBBB', 'second-secret'));
  expect(stage.valuesIn(REPOSITORY)).toEqual({ CLONE_KEY_A: 'first-secret', CLONE_KEY_B: 'second-secret' });
  expect(Object.keys((await consumer.observe([])).written)).toEqual(['A', 'B']);
  expect(await consumer.blank('B')).toBe('done');
  expect(await consumer.observe([])).toMatchObject({ current: 'A', written: { A: expect.anything() } });
  expect(Object.keys(stage.valuesIn(REPOSITORY))).toEqual(['CLONE_KEY_A']);
});

test('an organisation’s secrets stay with the repositories that saw them, even when the credential says otherwise later', async () => {
  const consumer = await stage.slotsIn(ORGANISATION);
  await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
  for (const { sharing } of stage.held(ORGANISATION).secrets.values())
    if (sharing) sharing.selected = new Set([456789, 2]);
  await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'));
  await consumer.point('B');
  const all = [...stage.held(ORGANISATION).secrets.values(), ...stage.held(ORGANISATION).variables.values()];
  expect(all.map(({ sharing }) => [...(sharing?.selected ?? [])])).toEqual(Array(5).fill([456789, 2]));
  for (const { name, sharing } of stage.held(ORGANISATION).secrets.values())
    if (sharing && name.endsWith('_A')) sharing.visibility = 'private';
  expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('same visibility')]);
});

describe('what cannot be', () => {
  it('is said of an environment that nobody made, which is not made by asking', async () => {
    const home = { ...ENVIRONMENT, environment: 'acme prd' };
    const consumer = secretSlots(await stage.accessTo(ENVIRONMENT), { ...optionsFor(home), home });
    expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('is not there')]);
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toMatchObject({
      refused: expect.stringContaining('404'),
    });
    expect(stage.orders.environments.has('acme prd')).toBe(false);
  });

  it('is said of an organisation’s secrets that nobody shared, or that the proving repository may not read', async () => {
    stage.keptByHand({ visibility: 'selected', selected: new Set([2]) });
    const consumer = await stage.slotsIn(ORGANISATION);
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('acme/orders is to prove the key and may not read'),
    ]);
    stage.held(ORGANISATION).secrets.clear();
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('Make one of them by hand'),
    ]);
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toMatchObject({
      refused: expect.stringContaining('who may see'),
    });
  });

  it('is said of a job’s own token, with what is needed instead', async () => {
    const job = stage.newJob(stage.newRun(), 'rotate');
    const { githubToken } = startJob(stage.github.world, job);
    const consumer = secretSlots(await stage.clientFor(githubToken), optionsFor(REPOSITORY));
    await expect(consumer.observe([])).rejects.toMatchObject({
      code: 'GITHUB_SECRETS_REFUSED',
      message: expect.stringContaining('secrets: write, actions_variables: write, actions: write'),
      remedy: expect.stringContaining('GITHUB_TOKEN can never write secrets'),
    });
  });

  it('is unknown when the connection broke, and the key is there when it took effect', async () => {
    const consumer = await stage.slotsIn(REPOSITORY);
    stage.github.fail({ method: 'PUT', path: /AWS_KEY_ID_A$/, kind: 'reset-after-effect' });
    expect(await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'))).toBe('unknown');
    expect((await consumer.observe([])).written).toHaveProperty('A');
    stage.github.fail({ method: 'PUT', path: /AWS_KEY_SECRET_B$/, kind: 'server-error' });
    expect(await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'))).toBe('unknown');
    expect((await consumer.observe([])).written).not.toHaveProperty('B');
  });
});
