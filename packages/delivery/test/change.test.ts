import { expect, test } from '@jest/globals';
import { CHANGE_ID, canonicalJson } from '@tenant-delivery/domain';
import { exportChange } from '@tenant-delivery/evidence/export';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { admit } from '../src/admit.ts';
import { openChange, resumeChange } from '../src/change.ts';
import { newChangeId } from '../src/change-id.ts';
import { ACME, inMemoryDelivery, ORDERS_MANIFEST } from './in-memory-delivery.ts';

const PLAN = { steps: 1 };
const PLAN_DIGEST = digestOf(canonicalJson(PLAN));

test('a change is proposed under its contract, and what later steps need is found by name', async () => {
  const delivery = await inMemoryDelivery();
  const change = await delivery.find(await delivery.bring('planned'));
  expect(change.evidence('contract')).toBe((await delivery.admission()).contractDigest);
  expect(await change.document('manifest', ServiceManifest)).toEqual(ORDERS_MANIFEST);
  await expect(change.document('report', ServiceManifest)).rejects.toMatchObject({
    code: 'DOCUMENT_MISSING',
  });
  await expect(change.document('manifest', ResolvedService)).rejects.toMatchObject({
    code: 'DOCUMENT_ALTERED',
  });
});

test('an event is signed while its documents are stored, and written only after all of them', async () => {
  const delivery = await inMemoryDelivery();
  const world = delivery.as('gate');
  const order: string[] = [];
  const slow = Promise.withResolvers<void>();
  const create: typeof world.vault.create = async (key, bytes) => {
    if (key.startsWith('objects/')) await slow.promise.then(() => new Promise((end) => setTimeout(end, 20)));
    order.push(key.replace(/^(changes|objects)\/.*$/, '$1'));
    return world.vault.create(key, bytes);
  };
  const sign: typeof world.signer.sign = async (bytes) => {
    order.push('signed');
    slow.resolve();
    return world.signer.sign(bytes);
  };
  const seen = { ...world, vault: { ...world.vault, create }, signer: { ...world.signer, sign } };
  const change = await resumeChange(seen, await delivery.admission(), await delivery.bring('gated'));
  await change.append('planned', { plan: PLAN_DIGEST, documents: { plan: PLAN, request: { asks: 2 } } });
  expect(order.slice(0, 4)).toEqual(['signed', 'objects', 'objects', 'changes']);
  const plan = await (await delivery.find(change.id)).document('plan', v.object({ steps: v.number() }));
  expect(plan).toEqual({ steps: 1 });
});

test('an event is not written if one of its documents could not be stored', async () => {
  const delivery = await inMemoryDelivery();
  const world = delivery.as('gate');
  const create: typeof world.vault.create = async (key, bytes) => {
    if (key.startsWith('objects/')) throw new Error('the vault is full');
    return world.vault.create(key, bytes);
  };
  const broken = { ...world, vault: { ...world.vault, create } };
  const change = await resumeChange(broken, await delivery.admission(), await delivery.bring('gated'));
  await expect(change.append('planned', { plan: PLAN_DIGEST, documents: { plan: PLAN } })).rejects.toThrow(
    'the vault is full',
  );
  expect((await delivery.find(change.id)).state).toBe('gated');
});

test('a document that was changed in the vault underneath is refused, and so is one that is gone', async () => {
  const delivery = await inMemoryDelivery();
  const change = await delivery.find(await delivery.bring('built'));
  const key = `objects/sha256/${change.evidence('manifest')?.slice(7)}`;
  const stored = await delivery.vault.read(key);
  await delivery.vault.replace(key, Buffer.from('{"schemaVersion":1}'), stored?.version ?? '');
  await expect(change.document('manifest', ServiceManifest)).rejects.toMatchObject({
    code: 'DOCUMENT_ALTERED',
    message: expect.stringContaining('was changed in the vault underneath the record'),
  });
});

test('a change whose contract was replaced goes no further, but can still be ended', async () => {
  const delivery = await inMemoryDelivery();
  const id = await delivery.bring('gated');
  const stored = await delivery.vault.read(contractKey('prod'));
  const renewed = await sealContract({ ...delivery.contract, serial: 2 }, delivery.signers.contract);
  await delivery.vault.replace(contractKey('prod'), renewed, stored?.version ?? '');
  const gate = await delivery.find(id, 'gate');
  await expect(gate.append('planned', { plan: `sha256:${'2'.repeat(64)}` })).rejects.toMatchObject({
    code: 'CONTRACT_CHANGED',
  });
  const settle = await delivery.find(id, 'gate');
  await settle.append('withdrawn');
  expect(settle.state).toBe('withdrawn');
});

test('once a change was opened under a contract, an older one opens none', async () => {
  const delivery = await inMemoryDelivery({ contract: (agreed) => ({ ...agreed, serial: 2 }) });
  await delivery.bring('proposed');
  const stored = await delivery.vault.read(contractKey('prod'));
  const older = await sealContract({ ...delivery.contract, serial: 1 }, delivery.signers.contract);
  await delivery.vault.replace(contractKey('prod'), older, stored?.version ?? '');
  await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({ code: 'CONTRACT_OLDER' });
});

test('two runs that continue the same change: one does, the other learns it', async () => {
  const delivery = await inMemoryDelivery();
  const id = await delivery.bring('gated');
  const admission = await delivery.admission();
  const plan = `sha256:${'2'.repeat(64)}` as const;
  const [one, other] = await Promise.all([
    resumeChange(delivery.as('gate', { claims: { runId: '1' } }), admission, id),
    resumeChange(delivery.as('gate', { claims: { runId: '2' } }), admission, id),
  ]);
  const ends = await Promise.allSettled([one.append('planned', { plan }), other.append('unchanged')]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CHANGE_MOVED' },
  });
});

test('a change of another service, or none, is not found', async () => {
  const delivery = await inMemoryDelivery();
  const id = newChangeId(0);
  await expect(delivery.find(id)).rejects.toMatchObject({
    code: 'CHANGE_NOT_FOUND',
    message: `There is no change ${id} for orders of acme/prod.`,
  });
});

test('a change of another service of the environment is named as that', async () => {
  const delivery = await inMemoryDelivery({
    contract: (agreed) => {
      const { prod } = agreed.environments;
      const orders = prod?.services['orders'];
      if (!prod || !orders) throw new Error('acme has orders');
      return { ...agreed, environments: { prod: { ...prod, services: { orders, billing: orders } } } };
    },
  });
  const id = await delivery.bring('proposed');
  const admission = await delivery.admission();
  const elsewhere = { ...admission, target: { ...admission.target, service: 'billing' } };
  await expect(resumeChange(delivery.as('build'), elsewhere, id)).rejects.toMatchObject({
    code: 'CHANGE_NOT_FOUND',
    message: `There is no change ${id} for billing of acme/prod: it is a change of orders.`,
    remedy: expect.stringMatching(/^Give the change's own service/),
  });
});

test('everything that a change went through verifies offline, with its documents', async () => {
  const delivery = await inMemoryDelivery();
  const id = await delivery.bring('closed');
  const objects = new Map<string, Uint8Array>();
  for (const key of await delivery.vault.list('objects/')) {
    const stored = await delivery.vault.read(key);
    if (stored) objects.set(`sha256:${key.split('/').at(-1)}`, stored.bytes);
  }
  const report = verifyEvidence(await exportChange(delivery.vault, ACME, id), delivery.trust, {
    documents: (digest) => objects.get(digest),
  });
  expect(report).toMatchObject({ holds: true, changes: [{ id, state: 'closed', events: 8 }] });
});

test('change ids sort by the time at which they were made', async () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  await fc.assert(
    fc.property(time, time, (a, b) => {
      const [one, other] = [newChangeId(a), newChangeId(b)];
      expect(one).toMatch(CHANGE_ID);
      if (a !== b) expect(one < other).toBe(a < b);
    }),
  );
});

test('says who started the run, in which run, and why', async () => {
  const delivery = await inMemoryDelivery();
  const change = await openChange(delivery.as('build'), await delivery.admission(), {
    kind: 'deploy',
    reason: 'a new price list',
    externalRef: 'CHG0031234',
    evidence: {},
  });
  expect(change.events).toMatchObject([
    {
      change: { reason: 'a new price list', externalRef: 'CHG0031234', kind: 'deploy' },
      actor: { id: 'github:200010', login: 'dev-ana', via: 'push' },
      run: { repositoryId: '456789', runId: '9001', runAttempt: 1, sha: expect.stringMatching(/^0123/) },
    },
  ]);
});
