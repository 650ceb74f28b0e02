import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Duty, EnvironmentDuty } from '@tenant-delivery/domain';
import { trustUnder } from '@tenant-delivery/evidence/contract-keys';
import { openEnvelope, seal } from '@tenant-delivery/evidence/dsse';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import {
  attribute,
  type EnvironmentKey,
  onlyKeyFor,
  parseTrust,
  type TrustedKey,
  type TrustFile,
} from '@tenant-delivery/evidence/trust';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { TenantContract } from '../src/contract.ts';
import { agreedTrust, findContract } from '../src/contract-in-force.ts';
import { contractKey } from '../src/derived-names.ts';
import { lintContracts } from '../src/lint.ts';
import { cutTo, keysOf, openContract, sealContract } from '../src/sealed-contract.ts';
import { highestSeen, rememberSeen } from '../src/seen-serials.ts';
import { acme } from './contracts.ts';

const AT = Date.UTC(2026, 10, 24, 9);
const PROD = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };

interface Pair {
  readonly signer: ReturnType<typeof keySigner>;
  readonly named: { keyId: string; publicKey: string; from: string };
}

function pair(duty: Duty = 'deploy'): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    signer: keySigner(privateKey, duty),
    named: { keyId: keyIdOf(publicKey), publicKey: pem, from: '2026-01-01T00:00:00Z' },
  };
}

const provider = pair('contract');
const deploy = pair();
const gate = pair('gate');

const trusted = ({ named }: Pair, duty: Duty, bound: Partial<TrustedKey> = {}): TrustedKey => ({
  ...named,
  duty,
  ...bound,
});
const RELEASED: TrustFile = { schemaVersion: 1, keys: [trusted(provider, 'contract')] };

const agreedKey = ({ named }: Pair, duty: EnvironmentDuty, more: Partial<EnvironmentKey> = {}) => ({
  ...named,
  duty,
  ...more,
});

/** acme's contract, with keys in its environments. */
function contractWith(
  keys: Readonly<Record<string, EnvironmentKey[]>>,
  more: Partial<TenantContract> = {},
): TenantContract {
  const contract = { ...acme(), ...more };
  for (const [environment, agreed] of Object.entries(contract.environments))
    contract.environments[environment] = { ...agreed, ...(keys[environment] && { keys: keys[environment] }) };
  return contract;
}

const USUAL = { prod: [agreedKey(deploy, 'deploy')], staging: [agreedKey(gate, 'gate')] };

async function trustWith(
  contract: TenantContract,
  { signer = provider.signer, released = RELEASED, at = AT, serialSeen = 0 } = {},
): Promise<TrustFile> {
  const vault = memoryVault();
  await vault.create(contractKey('prod'), await sealContract(contract, signer));
  if (serialSeen > 0) {
    const newer = { ...contract, serial: serialSeen };
    await rememberSeen(vault, 'prod', { contract: newer, digest: `sha256:${'0'.repeat(64)}` });
  }
  return agreedTrust(await findContract(vault, 'prod'), released, PROD, at);
}

/** Who signed, as a verifier of acme's production has it. */
async function heard(
  trust: TrustFile,
  { signer }: Pair,
  { duty = 'deploy', environment = 'prod', tenant = 'acme', at = AT } = {},
) {
  const envelope = openEnvelope(await seal(signer, 'text/plain', Buffer.from('done')));
  if (!envelope) throw new Error('it was just sealed');
  return attribute(envelope, trust, { duties: [duty as Duty], tenant, environment, at });
}

describe('a key of the contract', () => {
  test('counts for its duty, its tenant and its environment, and for nothing else', async () => {
    const trust = await trustWith(cutTo(contractWith(USUAL), 'prod'));
    await expect(heard(trust, deploy)).resolves.toMatchObject({ kind: 'signed' });
    await expect(heard(trust, deploy, { duty: 'approve' })).resolves.toMatchObject({ kind: 'refused' });
    await expect(heard(trust, deploy, { duty: 'contract' })).resolves.toMatchObject({ kind: 'refused' });
    await expect(heard(trust, deploy, { environment: 'staging' })).resolves.toMatchObject({
      kind: 'refused',
    });
    await expect(heard(trust, deploy, { tenant: 'globex' })).resolves.toMatchObject({ kind: 'refused' });
    await expect(heard(trust, deploy, { at: Date.UTC(2025, 0, 1) })).resolves.toMatchObject({
      kind: 'refused',
    });
  });

  test('of the environment that versions come from speaks for that one alone', async () => {
    const trust = await trustWith(cutTo(contractWith(USUAL), 'prod'));
    const staging = { duty: 'gate', environment: 'staging' };
    await expect(heard(trust, gate, staging)).resolves.toMatchObject({ kind: 'signed' });
    await expect(heard(trust, gate, { duty: 'gate' })).resolves.toMatchObject({ kind: 'refused' });
  });

  test('stands beside what the release says, which still counts', async () => {
    const older = pair();
    const bound = { tenant: 'acme', environment: 'prod' };
    const released = { ...RELEASED, keys: [...RELEASED.keys, trusted(older, 'deploy', bound)] };
    const trust = await trustWith(cutTo(contractWith(USUAL), 'prod'), { released });
    await expect(heard(trust, older)).resolves.toMatchObject({ kind: 'signed' });
    await expect(heard(trust, deploy)).resolves.toMatchObject({ kind: 'signed' });
  });

  test('that both name is one key, so that KMS need not be asked for it', async () => {
    const released = { ...RELEASED, keys: [...RELEASED.keys, trusted(deploy, 'deploy', PROD_BOUND)] };
    const trust = await trustWith(cutTo(contractWith(USUAL), 'prod'), { released });
    const speech = { duties: ['deploy' as const], tenant: 'acme', environment: 'prod', at: AT };
    expect(onlyKeyFor(trust, speech)?.keyId).toBe(deploy.named.keyId);
  });

  test('ends when it was replaced, or when the contract key ends that vouches for it', async () => {
    const until = '2026-06-01T00:00:00Z';
    const replaced = await trustWith(
      cutTo(contractWith({ prod: [agreedKey(deploy, 'deploy', { until })] }), 'prod'),
    );
    await expect(heard(replaced, deploy, { at: Date.UTC(2026, 4, 1) })).resolves.toMatchObject({
      kind: 'signed',
    });
    await expect(heard(replaced, deploy)).resolves.toMatchObject({ kind: 'refused' });
    const released = {
      ...RELEASED,
      keys: [trusted(provider, 'contract', { until: '2026-12-01T00:00:00Z' })],
    };
    const vouched = await trustWith(cutTo(contractWith(USUAL), 'prod'), { released });
    const later = { at: Date.UTC(2027, 0, 1) };
    await expect(heard(vouched, deploy)).resolves.toMatchObject({ kind: 'signed' });
    await expect(heard(vouched, deploy, later)).resolves.toMatchObject({ kind: 'refused' });
  });
});

const PROD_BOUND = { tenant: 'acme', environment: 'prod' };

describe('no key is believed of a contract that', () => {
  const only = async (trust: Promise<TrustFile>) => expect((await trust).keys).toEqual(RELEASED.keys);

  test('a key signed that is no contract key, whatever the contract says of it', async () => {
    const cut = cutTo(contractWith(USUAL), 'prod');
    await only(trustWith(cut, { signer: pair('contract').signer }));
    const released = { ...RELEASED, keys: [...RELEASED.keys, trusted(deploy, 'deploy', PROD_BOUND)] };
    expect((await trustWith(cut, { signer: deploy.signer, released })).keys).toEqual(released.keys);
  });

  test('belongs to another tenant or another environment', async () => {
    await only(trustWith({ ...cutTo(contractWith(USUAL), 'prod'), id: 'globex' }));
    await only(trustWith(cutTo(contractWith(USUAL), 'staging')));
  });

  test('is older than one that was seen: a key that was removed since stays removed', async () => {
    await only(trustWith(cutTo(contractWith(USUAL), 'prod'), { serialSeen: 2 }));
    await only(trustWith(cutTo(contractWith(USUAL), 'prod'), { serialSeen: 1 })); // the same serial with another content
  });

  test('is not there, or cannot be read', async () => {
    const vault = memoryVault();
    expect(agreedTrust(await findContract(vault, 'prod'), RELEASED, PROD, AT)).toBe(RELEASED);
    await vault.create(contractKey('prod'), Buffer.from('{}'));
    expect(agreedTrust(await findContract(vault, 'prod'), RELEASED, PROD, AT)).toBe(RELEASED);
    expect(await highestSeen(vault, 'prod')).toBeUndefined();
  });
});

test('a contract cannot give a duty to a key that the release knows by another one', async () => {
  const both = contractWith({ prod: [agreedKey(provider, 'deploy'), agreedKey(deploy, 'deploy')] });
  const trust = await trustWith(cutTo(both, 'prod'));
  expect(trust.keys.map(({ keyId, duty }) => [keyId, duty])).toEqual([
    [provider.named.keyId, 'contract'],
    [deploy.named.keyId, 'deploy'],
  ]);
});

test('a contract can name no key that signs contracts, and no key that is not what its id says', async () => {
  const place = { tenant: 'acme', environment: 'prod', place: 'here', at: AT };
  const forged = cutTo(
    contractWith({ prod: [{ ...agreedKey(deploy, 'deploy'), duty: 'contract' as 'deploy' }] }),
    'prod',
  );
  const bytes = await sealContract(forged, provider.signer);
  expect(() => openContract(bytes, RELEASED, place)).toThrow(
    expect.objectContaining({ code: 'CONTRACT_INVALID' }),
  );
  const mixed = cutTo(
    contractWith({ prod: [agreedKey(deploy, 'deploy', { keyId: gate.named.keyId })] }),
    'prod',
  );
  const other = await sealContract(mixed, provider.signer);
  expect(() => openContract(other, RELEASED, place)).toThrow('keyId is not the SHA-256 of publicKey');
});

test('keys of another environment cannot pass as the own ones by the list of sources', async () => {
  const cut = cutTo(contractWith(USUAL), 'prod');
  const stranger = pair();
  const sealed = await sealContract(cut, provider.signer);
  const opened = openContract(sealed, RELEASED, { ...PROD_BOUND, place: 'here', at: AT });
  const keys = { ...keysOf(opened, 'prod'), sourceKeys: { prod: [agreedKey(stranger, 'deploy')] } };
  await expect(heard(trustUnder(RELEASED, keys), stranger)).resolves.toMatchObject({ kind: 'refused' });
});

test('a trust file of contract keys alone is one that a release may carry', () => {
  expect(parseTrust(RELEASED)).toEqual({ trust: RELEASED });
});

test('lint names a key that is there twice, one that ends before it begins, and copies made by hand', () => {
  const contract = contractWith({
    prod: [agreedKey(deploy, 'deploy'), agreedKey(gate, 'gate', { until: '2025-01-01T00:00:00Z' })],
    staging: [agreedKey(deploy, 'approve')],
  });
  const { prod } = contract.environments;
  if (!prod) throw new Error('acme has a production');
  contract.environments['prod'] = { ...prod, sourceKeys: {} };
  const id = deploy.named.keyId.slice(0, 12);
  expect(lintContracts([{ file: 'acme.yaml', contract }], AT)).toEqual([
    `acme.yaml: environments: the key ${id}… is there more than once, for prod (deploy) and staging (approve); each environment has a key of its own for each duty`,
    `acme.yaml: environments.prod.keys: the key ${gate.named.keyId.slice(0, 12)}… counts until 2025-01-01T00:00:00Z, which is before 2026-01-01T00:00:00Z`,
    'acme.yaml: environments.prod.sourceKeys: leave it out; `contract sign` copies the keys of the environment that versions come from',
  ]);
});
