import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runWorkflow } from '@tenant-delivery/local-github';
import { finishJob } from '@tenant-delivery/local-github/world/job';
import { finishRun } from '@tenant-delivery/local-github/world/run';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import { keyPair, optionsFor, PROBE, REPOSITORY, secretStage } from './secret-stage.ts';
import { ORDERS } from './stage.ts';

const stage = await secretStage();
afterAll(() => stage.close());
beforeEach(() => stage.begin());

describe('a proof', () => {
  it('is what the consumer’s own workflow says that it used', async () => {
    const consumer = await stage.slotsIn(REPOSITORY);
    expect(await consumer.askProof('B', 'proof-7')).toBe('done');
    const proofs = async () => (await consumer.observe(['proof-7', 'proof-8'])).proofs;
    expect(await proofs()).toEqual({ 'proof-7': { kind: 'pending' } });
    const [run] = stage.orders.runs;
    if (!run) throw new Error('the run was dispatched');
    expect(run.inputs).toEqual({ slot: 'B', proof: 'proof-7' });
    for (const name of ['use', 'used-key 0123456789ab'])
      finishJob(stage.github.world, stage.newJob(run, name), { conclusion: 'success' });
    finishRun(stage.github.world, run, 'success');
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
    const consumer = await stage.slotsIn(REPOSITORY);
    await consumer.askProof('B', 'proof-7');
    const [run] = stage.orders.runs;
    if (!run) throw new Error('the run was dispatched');
    finishJob(stage.github.world, stage.newJob(run, name), { conclusion: ofJob });
    finishRun(stage.github.world, run, ofRun);
    expect((await consumer.observe(['proof-7'])).proofs['proof-7']).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(why),
    });
  });

  it('is given by the workflow of our template, for the key that it finds in the slot', async () => {
    const consumer = await stage.slotsIn(REPOSITORY);
    await consumer.stage('A', keyPair('AKIAFIRST', 'first-secret'));
    await consumer.stage('B', keyPair('AKIASECOND', 'second-secret'));
    const bin = await mkdtemp(join(tmpdir(), 'aws-'));
    const aws = '#!/bin/sh\n[ "$AWS_SECRET_ACCESS_KEY" = second-secret ] && echo 000011112222\n';
    await writeFile(join(bin, 'aws'), aws, { mode: 0o755 });
    await runWorkflow({
      github: stage.github,
      repository: ORDERS,
      workflow: '.github/workflows/verify-slot.yml',
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      inputs: { slot: 'B', proof: 'proof-9' },
      actor: 'dev-ana',
      env: { PATH: `${bin}:${process.env['PATH']}` },
    });
    await rm(bin, { recursive: true });
    expect((await consumer.observe(['proof-9'])).proofs['proof-9']).toMatchObject({
      kind: 'used',
      fingerprint: fingerprintOf('000011112222', 'AKIASECOND'),
    });
  });

  it('has no workflow: that is told before a key is made', async () => {
    const probe = { ...PROBE, workflow: 'none.yml' };
    const consumer = secretSlots(await stage.accessTo(REPOSITORY), { ...optionsFor(REPOSITORY), probe });
    expect((await consumer.observe([])).obstacles).toEqual([expect.stringContaining('none.yml')]);
  });
});
