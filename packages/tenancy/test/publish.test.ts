import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type ReviewedContract, sealRecord } from '@tenant-delivery/evidence/contract-record';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { contractRecordKey } from '../src/contract-records.ts';
import { contractKey } from '../src/derived-names.ts';
import { publishContract } from '../src/publish.ts';
import { cutTo, openContract, sealContract } from '../src/sealed-contract.ts';
import { highestSeen } from '../src/seen-serials.ts';
import { acme } from './contracts.ts';

const NOW = Date.UTC(2026, 10, 24, 9);
const PLACE = { tenant: 'acme', environment: 'prod', at: NOW };

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = keySigner(privateKey, 'contract');
const trust: TrustFile = {
  schemaVersion: 1,
  keys: [
    {
      keyId: keyIdOf(publicKey),
      duty: 'contract',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      from: '2026-01-01T00:00:00Z',
    },
  ],
};

const signed = (serial: number, tier = 'gold') =>
  sealContract(cutTo({ ...acme(), serial, tier }, 'prod'), signer);

test('puts a newer contract in force, and never an older one or another of the same serial', async () => {
  const vault = memoryVault();
  const first = await signed(1);
  await expect(publishContract(vault, first, trust, PLACE)).resolves.toMatchObject({ outcome: 'published' });
  await expect(publishContract(vault, first, trust, PLACE)).resolves.toMatchObject({
    outcome: 'already published',
  });
  await expect(publishContract(vault, await signed(10), trust, PLACE)).resolves.toMatchObject({
    outcome: 'published',
  });
  await expect(publishContract(vault, await signed(9), trust, PLACE)).rejects.toMatchObject({
    code: 'CONTRACT_OLDER',
    message: 'The contract of acme has the serial 9, but 10 was in force before.',
  });
  await expect(publishContract(vault, await signed(10, 'silver'), trust, PLACE)).rejects.toMatchObject({
    code: 'CONTRACT_FORKED',
  });
  expect(await highestSeen(vault, 'prod')).toMatchObject({ serial: 10 });
});

test('puts nothing in force that a trusted contract key has not signed, or that has expired', async () => {
  const vault = memoryVault();
  const other = keySigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'contract');
  const refusals: readonly [Uint8Array, string][] = [
    [await sealContract(cutTo(acme(), 'prod'), other), 'CONTRACT_UNTRUSTED'],
    [Buffer.from(JSON.stringify(acme())), 'CONTRACT_UNSIGNED'],
    [await sealContract(cutTo({ ...acme(), id: 'globex' }, 'prod'), signer), 'CONTRACT_FOREIGN'],
    [await sealContract({ ...acme(), environments: {} }, signer), 'CONTRACT_FOREIGN'],
    [
      await sealContract(cutTo({ ...acme(), expires: '2026-11-01T00:00:00Z' }, 'prod'), signer),
      'CONTRACT_EXPIRED',
    ],
  ];
  for (const [bytes, code] of refusals) {
    await expect(publishContract(vault, bytes, trust, PLACE)).rejects.toMatchObject({ code });
  }
  expect(await vault.read(contractKey('prod'))).toBeUndefined();
  expect(await vault.list('')).toEqual([]);
});

test('tells the second of two who publish at the same moment', async () => {
  const vault = memoryVault();
  await publishContract(vault, await signed(1), trust, PLACE);
  const [two, three] = [await signed(2), await signed(3)];
  const ends = await Promise.allSettled(
    [two, three].map((bytes) => publishContract(vault, bytes, trust, PLACE)),
  );
  const refused = ends.find(({ status }) => status === 'rejected');
  expect(refused).toMatchObject({ reason: { code: expect.stringMatching(/^CONTRACT_(MOVED|OLDER)$/) } });
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('puts no contract in force without a key that the one before it names: its records could not be verified', async () => {
  const vault = memoryVault();
  const key = (duty: 'deploy' | 'gate') => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const spki = pem.export({ type: 'spki', format: 'pem' }).toString();
    return { keyId: keyIdOf(pem), duty, publicKey: spki, from: '2026-01-01T00:00:00Z' };
  };
  const [deploy, gate] = [key('deploy'), key('gate')];
  const withKeys = (serial: number, ...keys: ReturnType<typeof key>[]) => {
    const cut = cutTo({ ...acme(), serial }, 'prod');
    const { prod } = cut.environments;
    if (!prod) throw new Error('acme has a production');
    return sealContract({ ...cut, environments: { prod: { ...prod, keys } } }, signer);
  };
  await publishContract(vault, await withKeys(1, deploy, gate), trust, PLACE);
  await expect(publishContract(vault, await withKeys(2, gate), trust, PLACE)).rejects.toMatchObject({
    code: 'CONTRACT_DROPS_KEYS',
    details: [`deploy ${deploy.keyId.slice(0, 12)}…`],
  });
  expect(await highestSeen(vault, 'prod')).toMatchObject({ serial: 1 });
  const ended = { ...deploy, until: '2026-11-01T00:00:00Z' };
  const kept = publishContract(vault, await withKeys(2, gate, ended, key('deploy')), trust, PLACE);
  await expect(kept).resolves.toMatchObject({ outcome: 'published' });
});

/** Who asked for a serial, as `contract sign --record` writes it. */
async function recordOf(before: Uint8Array, after: Uint8Array, change: Partial<ReviewedContract> = {}) {
  const opened = [before, after].map((bytes) => openContract(bytes, trust, { ...PLACE, place: 'here' }));
  const [old, next] = opened.map(({ contract, digest }) => ({ serial: contract.serial, contract: digest }));
  if (!old || !next) throw new Error('there are two');
  const record = {
    schemaVersion: 1 as const,
    tenant: 'acme',
    environment: 'prod',
    ...next,
    before: old,
    at: new Date(NOW).toISOString(),
    askedBy: [{ id: 1, login: 'ana' }],
    approvedBy: [{ id: 2, login: 'kim' }],
    run: { repository: 'initech/tenant-operations', runId: '12', runAttempt: 1, sha: 'a'.repeat(40) },
    changes: [],
  };
  return sealRecord({ ...record, ...change }, signer);
}

test('keeps beside a contract who asked for it and who agreed, once', async () => {
  const vault = memoryVault();
  const [one, two] = [await signed(1), await signed(2)];
  const record = await recordOf(one, two);
  await publishContract(vault, one, trust, PLACE);
  await publishContract(vault, two, trust, { ...PLACE, record });
  await publishContract(vault, two, trust, {
    ...PLACE,
    record: await recordOf(one, two, { changes: ['later'] }),
  });
  const stored = await vault.read(contractRecordKey('prod', 2));
  expect(Buffer.from(stored?.bytes ?? []).equals(record)).toBe(true);
});

test.each<readonly [string, (one: Uint8Array, two: Uint8Array) => Promise<Uint8Array>, string]>([
  [
    'of another serial',
    (one, two) => recordOf(one, two).then(async () => recordOf(one, await signed(3))),
    'it is of serial 3',
  ],
  [
    'of another environment',
    (one, two) => recordOf(one, two, { environment: 'staging' }),
    'acme/staging, another contract',
  ],
  [
    'that follows another contract',
    async (_, two) => recordOf(await signed(1, 'silver'), two),
    'it follows serial 1, and serial 1 is in force',
  ],
  ['that is a contract', async (_, two) => two, 'is no record of a contract'],
])('publishes nothing beside a record %s', async (_, wrong, why) => {
  const vault = memoryVault();
  const [one, two] = [await signed(1), await signed(2)];
  await publishContract(vault, one, trust, PLACE);
  const published = publishContract(vault, two, trust, { ...PLACE, record: await wrong(one, two) });
  await expect(published).rejects.toMatchObject({
    code: 'CONTRACT_RECORD_REFUSED',
    details: [expect.stringContaining(why)],
  });
  expect(await highestSeen(vault, 'prod')).toMatchObject({ serial: 1 });
  expect(await vault.list('contract/records/')).toEqual([]);
});

test('publishes nothing where a record of another contract has its serial: an earlier run has crashed between both', async () => {
  const vault = memoryVault();
  const [one, two, other] = [await signed(1), await signed(2), await signed(2, 'silver')];
  await publishContract(vault, one, trust, PLACE);
  await vault.create(contractRecordKey('prod', 2), await recordOf(one, other));
  await expect(
    publishContract(vault, two, trust, { ...PLACE, record: await recordOf(one, two) }),
  ).rejects.toMatchObject({
    code: 'CONTRACT_RECORD_REFUSED',
    details: ['the vault has a record of serial 2 already, of another contract: raise the serial'],
  });
  const stored = await vault.read(contractKey('prod'));
  expect(Buffer.from(stored?.bytes ?? []).equals(one)).toBe(true);
});
