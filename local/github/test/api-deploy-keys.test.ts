import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { useDeployKey } from '../src/world/deploy-key.ts';
import { type Client, numberAt, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
let owner: Client;
const KEYS = '/repos/acme/orders/keys';
const WORKFLOWS = '/repos/acme/orders/actions/workflows';
beforeAll(async () => {
  sandbox = await startSandbox();
  owner = sandbox.as('acme');
  sandbox.github.addRepository({ owner: 'acme', ownerId: 123456, name: 'billing', id: 2, path: '/nowhere' });
  await sandbox.commit(
    {
      '.github/workflows/verify-slot.yml': `name: Verify
run-name: \${{ inputs.proof }}
on:
  workflow_dispatch:
    inputs:
      slot: { type: choice, options: [A, B], default: A }
      proof: { type: string, required: true }
jobs: {}
`,
    },
    'main',
  );
});
afterAll(() => sandbox.close());

const publicKey = (byte: number) => {
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, byte),
  ]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
};

describe('a deploy key', () => {
  it('is of one repository in all of GitHub until it is deleted', async () => {
    const added = await owner.post(KEYS, { title: 'gen 7', key: `${publicKey(1)} comment`, read_only: true });
    expect(added).toMatchObject({
      status: 201,
      body: { key: publicKey(1), title: 'gen 7', read_only: true, last_used: null, enabled: true },
    });
    for (const path of [KEYS, '/repos/acme/billing/keys'])
      expect(await owner.post(path, { key: publicKey(1) })).toMatchObject({
        status: 422,
        body: { errors: [{ message: 'key is already in use' }] },
      });
    const orders = sandbox.github.world.repositories.get('acme/orders');
    if (orders) useDeployKey(sandbox.github.world, orders, numberAt(added, 'id'));
    expect((await owner.get(`${KEYS}/${numberAt(added, 'id')}`)).body).toMatchObject({
      last_used: expect.stringMatching(/Z$/),
    });
    expect((await owner.delete(`${KEYS}/${numberAt(added, 'id')}`)).status).toBe(204);
    expect((await owner.get(KEYS)).body).toEqual([]);
    expect((await owner.post(KEYS, { key: publicKey(1) })).status).toBe(201);
  });

  it('is a public key, and an administrator’s to add', async () => {
    expect((await owner.post(KEYS, { key: 'ssh-ed25519 AAAA' })).status).toBe(422);
    expect((await sandbox.as('dev-ana').post(KEYS, { key: publicKey(2) })).status).toBe(403);
    const job = sandbox.with(sandbox.startedJob({ permissions: { contents: 'write' } }).token);
    expect((await job.post(KEYS, { key: publicKey(2) })).status).toBe(403);
  });
});

describe('a workflow', () => {
  it('that is dispatched has a run of that title, and says which where asked', async () => {
    const inputs = { slot: 'B', proof: 'proof-7' };
    const started = await owner.post(`${WORKFLOWS}/verify-slot.yml/dispatches`, {
      ref: 'main',
      inputs,
      return_run_details: true,
    });
    expect(started.status).toBe(200);
    const runs = await owner.get(`${WORKFLOWS}/verify-slot.yml/runs?event=workflow_dispatch`);
    expect(runs.body).toMatchObject({
      total_count: 1,
      workflow_runs: [
        { id: numberAt(started, 'workflow_run_id'), display_title: 'proof-7', status: 'queued' },
      ],
    });
    const quiet = await owner.post(`${WORKFLOWS}/verify-slot.yml/dispatches`, { ref: 'main', inputs });
    expect(quiet.status).toBe(204);
  });

  it('takes no input that it does not declare, no choice that it does not offer, and wants what it requires', async () => {
    const path = `${WORKFLOWS}/verify-slot.yml/dispatches`;
    for (const [inputs, message] of [
      [{ proof: 'p', other: 'x' }, 'Unexpected inputs provided: ["other"]'],
      [{ proof: 'p', slot: 'C' }, "Provided value 'C' for input 'slot' not in the list of allowed values"],
      [{ slot: 'B' }, "Required input 'proof' not provided"],
    ] as const)
      expect(await owner.post(path, { ref: 'main', inputs })).toMatchObject({
        status: 422,
        body: { message },
      });
    expect((await owner.post(path, { ref: 'main', inputs: { proof: 'p' } })).status).toBe(204);
  });

  it('is found at no ref that is not there', async () => {
    const path = `${WORKFLOWS}/verify-slot.yml/dispatches`;
    expect((await owner.post(path, { ref: 'gone' })).status).toBe(422);
    expect((await owner.post(`${WORKFLOWS}/none.yml/dispatches`, { ref: 'main' })).status).toBe(404);
  });
});

test.each(['requested', 'pending', 'queued', 'waiting', 'in_progress'] as const)(
  'a run that is %s is listed as that, within the time that was asked for',
  async (status) => {
    const run = sandbox.run({ event: 'schedule' });
    run.status = status;
    const at = new Date(run.createdAt).toISOString();
    const found = await owner.get(
      `/repos/acme/orders/actions/runs?status=${status}&event=schedule&created=<=${at}`,
    );
    expect(found.body).toMatchObject({ workflow_runs: [{ id: run.id, status }] });
    const before = await owner.get(
      `/repos/acme/orders/actions/runs?status=${status}&event=schedule&created=<2020-01-01T00:00:00Z`,
    );
    expect(before.body).toMatchObject({ total_count: 0 });
    run.status = 'completed';
  },
);
