import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { installApp } from '@tenant-delivery/local-github/world/app';
import { finishJob, startJob } from '@tenant-delivery/local-github/world/job';
import { finishRun } from '@tenant-delivery/local-github/world/run';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import { ENVIRONMENT, keyPair, ORGANISATION, optionsFor, REPOSITORY, secretStage } from './secret-stage.ts';
import { ORDERS } from './stage.ts';

const stage = await secretStage();
afterAll(() => stage.close());
beforeEach(() => stage.begin());

describe('who may still hold the key of before', () => {
  it('is every run from before the change-over that has not ended, whatever it waits for, and none from after', async () => {
    const consumer = await stage.slotsIn(REPOSITORY);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    const early = (['requested', 'pending', 'queued', 'waiting', 'in_progress'] as const).map((status) =>
      Object.assign(stage.newRun(), { status }),
    );
    finishRun(stage.github.world, stage.newRun(), 'success');
    await consumer.point('A');
    stage.pass(1_000);
    stage.newRun();
    const { holders } = await consumer.observe([]);
    const addresses = early.map(({ id }) => expect.stringContaining(`/actions/runs/${id}`));
    expect([holders.count, holders.examples.toSorted()]).toEqual([5, addresses]);
    for (const run of early) finishRun(stage.github.world, run, 'success');
    expect((await consumer.observe([])).holders.count).toBe(0);
  });

  it('is of an organisation’s secrets a run in any repository that may read them, and in no other', async () => {
    const consumer = await stage.slotsIn(ORGANISATION);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    await consumer.point('A');
    stage.newRun(stage.billing);
    expect((await consumer.observe([])).holders.count).toBe(0);
    for (const { sharing } of [
      ...stage.held(ORGANISATION).secrets.values(),
      ...stage.held(ORGANISATION).variables.values(),
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
    stage.keptByHand({ visibility: 'private', selected: new Set() });
    const { installation, github } = stage;
    const { apps, installations } = github.world;
    const [wide, app] = [installations.get(installation), apps.get(stage.app.id)];
    if (!wide || !app) throw new Error('the App was installed');
    const narrow = installApp(github.world, app, { account: 'acme', repositories: [ORDERS] });
    installations.delete(installation);
    const consumer = secretSlots(await stage.mint(ORGANISATION), optionsFor(ORGANISATION));
    expect((await consumer.observe([])).obstacles).toEqual([
      expect.stringContaining('does not see every repository'),
    ]);
    installations.delete(narrow.id);
    installations.set(installation, wide);
  });

  it('is of an environment’s secrets a run with a job that began by then', async () => {
    const consumer = await stage.slotsIn(ENVIRONMENT);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    const [begun, later] = [stage.newRun(), stage.newRun()];
    const job = stage.newJob(begun, 'deploy');
    startJob(stage.github.world, job);
    await consumer.point('A');
    stage.pass(1_000);
    startJob(stage.github.world, stage.newJob(later, 'deploy'));
    expect((await consumer.observe([])).holders.examples).toEqual([
      expect.stringContaining(`/actions/runs/${begun.id}`),
    ]);
    finishJob(stage.github.world, job, { conclusion: 'success' });
    expect((await consumer.observe([])).holders.count).toBe(0);
  });
});
