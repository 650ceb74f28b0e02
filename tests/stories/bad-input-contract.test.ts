import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { CONTRACT_PAYLOAD_TYPE } from '@tenant-delivery/evidence/contract-keys';
import { seal } from '@tenant-delivery/evidence/dsse';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { bucketsOf } from '@tenant-delivery/local-aws/s3/state';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import { beginRun, expectRefusedUnrecorded, type Played, succeeded } from '../stage/played-run.ts';
import { acmeWith, openStage, tamper } from '../stage/stage.ts';

const BUCKET = 'td-vault-acme-prod-000011112222';

let stage: Stage;
let provider: Signer;
let trust: TrustFile;
let agreed: TenantContract;

beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts: acmeWith('elsewhere') });
  const { platform } = stage;
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  provider = keySigner(pair.privateKey, 'contract');
  const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const from = new Date(platform.aws.clock.now() - 60_000).toISOString();
  const key = { keyId: keyIdOf(pair.publicKey), duty: 'contract', publicKey, from } as const;
  trust = { schemaVersion: 1, keys: [...platform.trust.keys, key] };
  writeFileSync(join(platform.folder, 'trust.json'), JSON.stringify(trust));
  const [acme] = acmeWith('elsewhere');
  if (!acme) throw new Error('the template has a contract');
  agreed = cutTo(acme, 'prod');
}, 60_000);
afterAll(() => stage.platform.close());

/** What open-change says while this lies where the contract should be. */
async function openedUnder(stored: string, inputs: Readonly<Record<string, string>> = {}): Promise<Played> {
  const restore = tamper(stage.platform, contractKey('prod'), () => stored);
  try {
    return await (await beginRun(stage.platform)).step('build', 'open-change', inputs);
  } finally {
    restore();
  }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const signed = async (contract: unknown, signer: Signer = provider) =>
  textOf(await seal(signer, CONTRACT_PAYLOAD_TYPE, Buffer.from(JSON.stringify(contract))));
const withProd = (change: Partial<TenantContract['environments'][string]>) => {
  const { prod } = agreed.environments;
  return { ...agreed, serial: 2, environments: { prod: { ...prod, ...change } } };
};

describe('a contract', () => {
  it('that is not signed admits nobody', async () => {
    const plain = await openedUnder(JSON.stringify(agreed));
    expectRefusedUnrecorded(
      plain,
      'CONTRACT_UNSIGNED',
      `${BUCKET}/contract/prod.dsse.json is not a signed envelope`,
    );
    const envelope = JSON.parse(await signed(agreed)) as Readonly<Record<string, unknown>>; // our own
    const bare = await openedUnder(JSON.stringify({ ...envelope, signatures: [] }));
    expectRefusedUnrecorded(bare, 'CONTRACT_UNSIGNED', 'has no signature');
  });

  it('that somebody else signed admits nobody', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const played = await openedUnder(
      await signed({ ...agreed, serial: 9 }, keySigner(privateKey, 'contract')),
    );
    expectRefusedUnrecorded(played, 'CONTRACT_UNTRUSTED', 'is not signed by a key that may sign it');
  });

  it('whose text was changed after it was signed admits nobody', async () => {
    const envelope = JSON.parse(await signed(agreed)) as { readonly payload: string }; // our own
    const payload = Buffer.from(JSON.stringify({ ...agreed, serial: 9 })).toString('base64');
    const played = await openedUnder(JSON.stringify({ ...envelope, payload }));
    expectRefusedUnrecorded(played, 'CONTRACT_UNTRUSTED', 'is not signed by a key that may sign it');
  });

  it('that is signed and not understood is refused with every mistake', async () => {
    const played = await openedUnder(await signed({ ...agreed, tier: 7, acount: 'x' }));
    expectRefusedUnrecorded(played, 'CONTRACT_INVALID', /acount.*tier|tier.*acount/);
  });

  it('of another tenant admits nobody', async () => {
    const played = await openedUnder(await signed({ ...agreed, id: 'globex' }));
    expectRefusedUnrecorded(played, 'CONTRACT_FOREIGN', 'is for globex/prod, not for acme/prod');
  });

  it('that has expired admits nobody', async () => {
    const played = await openedUnder(await signed({ ...agreed, serial: 2, expires: '2025-01-01T00:00:00Z' }));
    expectRefusedUnrecorded(
      played,
      'CONTRACT_EXPIRED',
      'The contract of acme expired at 2025-01-01T00:00:00Z.',
    );
  });

  it('that has the serial of another one admits nobody', async () => {
    const played = await openedUnder(await signed({ ...agreed, tier: 'silver' }));
    expectRefusedUnrecorded(played, 'CONTRACT_FORKED', 'Two different contracts of acme carry the serial 1');
  });

  it('that names another account admits nobody', async () => {
    const played = await openedUnder(await signed({ ...agreed, serial: 2, account: '000033334444' }));
    expectRefusedUnrecorded(
      played,
      'ACCOUNT_MISMATCH',
      'the workflow names 000011112222, the contract 000033334444; the credentials are of 000011112222',
    );
  });

  it('that names another region admits nobody', async () => {
    const played = await openedUnder(await signed(withProd({ region: 'eu-central-1' })));
    expectRefusedUnrecorded(played, 'REGION_MISMATCH', 'names eu-west-1; the contract says eu-central-1');
  });

  it('admits no repository that it does not list by its number', async () => {
    const repositories = agreed.repositories.map((each) => ({ ...each, repositoryId: 456790 }));
    const played = await openedUnder(await signed({ ...agreed, serial: 2, repositories }));
    expectRefusedUnrecorded(
      played,
      'REPOSITORY_NOT_LISTED',
      'acme/orders (repository id 456789) may not deliver for acme',
    );
  });

  it('admits no service that it does not have, nor one of another repository', async () => {
    const unknown = await openedUnder(await signed(agreed), { service: 'ordres' });
    expectRefusedUnrecorded(
      unknown,
      'SERVICE_NOT_LISTED',
      'no such service in prod (it has orders, elsewhere)',
    );
    const repositories = agreed.repositories.map((each) => ({ ...each, services: ['elsewhere'] }));
    const foreign = await openedUnder(await signed({ ...agreed, serial: 2, repositories }));
    expectRefusedUnrecorded(foreign, 'SERVICE_NOT_LISTED', 'this repository may deliver elsewhere');
  });

  it('that breaks several rules is refused with all of them', async () => {
    const broken = { ...withProd({ region: 'eu-central-1' }), expires: '2025-01-01T00:00:00Z' };
    const played = await openedUnder(await signed({ ...broken, repositories: [] }));
    expectRefusedUnrecorded(played, 'CONTRACT_INVALID', 'repositories');
    const repositories = agreed.repositories.map((each) => ({ ...each, ownerId: 1 }));
    const many = await openedUnder(await signed({ ...broken, repositories }));
    expectRefusedUnrecorded(many, 'CONTRACT_EXPIRED', 'expired');
    expect(many.errors[0]?.message).toContain('\n- REGION_MISMATCH: ');
    expect(many.errors[0]?.message).toContain('\n- REPOSITORY_NOT_LISTED: ');
  });

  it('that is not there, in a vault that is not there, is named with its place', async () => {
    const { world } = stage.platform.aws;
    const buckets = bucketsOf(world);
    const bucket = buckets[BUCKET];
    const key = contractKey('prod');
    const versions = bucket?.objects[key];
    if (!bucket || !versions) throw new Error('acme has a vault');
    delete bucket.objects[key];
    const noContract = await (await beginRun(stage.platform)).step('build', 'open-change');
    bucket.objects[key] = versions;
    expectRefusedUnrecorded(
      noContract,
      'CONTRACT_NOT_FOUND',
      `There is no contract of acme for prod in ${BUCKET}/`,
    );
    delete buckets[BUCKET];
    const noVault = await (await beginRun(stage.platform)).step('build', 'open-change');
    buckets[BUCKET] = bucket;
    expectRefusedUnrecorded(
      noVault,
      'VAULT_NOT_FOUND',
      `There is no vault ${BUCKET} in account 000011112222.`,
    );
  });

  it('that changes while a change is under way stops it from going on', async () => {
    const run = await beginRun(stage.platform);
    const { change = '' } = succeeded(await run.step('build', 'open-change')).outputs;
    const newer = await signed({ ...agreed, serial: 2, tier: 'silver' });
    const restore = tamper(stage.platform, contractKey('prod'), () => newer);
    const played = await run.step('build', 'build-and-scan-image', { change });
    restore();
    expect(played.outputs).toMatchObject({ outcome: 'error', 'reason-code': 'CONTRACT_CHANGED' });
    expect(played.errors[0]?.message).toContain(`${change} was proposed under the contract sha256:`);
  });

  it('that somebody else publishes at the same moment is not overwritten', async () => {
    const inner = memoryVault();
    const other = await sealContract({ ...agreed, serial: 3 }, provider);
    let overtaken = false;
    const vault: Vault = {
      ...inner,
      create: async (key, bytes) => {
        if (key === contractKey('prod') && !overtaken) {
          overtaken = true;
          await inner.create(key, other);
        }
        return inner.create(key, bytes);
      },
    };
    const at = stage.platform.aws.clock.now();
    const place = { tenant: 'acme', environment: 'prod', at };
    const ours = await sealContract({ ...agreed, serial: 2 }, provider);
    await expect(publishContract(vault, ours, trust, place)).rejects.toMatchObject({
      code: 'CONTRACT_MOVED',
    });
    expect((await inner.read(contractKey('prod')))?.bytes).toEqual(other);
  });

  it('is judged by the highest serial that was ever in force, and by nothing that was altered', async () => {
    const restore = tamper(stage.platform, 'seen/contract/prod/0000000000000001.json', () => '{}');
    const altered = await openedUnder(await signed(agreed));
    restore();
    expectRefusedUnrecorded(altered, 'DOCUMENT_ALTERED', 'The document "seen contract" (seen/contract/prod/');
  });

  it('that is older than one that was in force admits nobody', async () => {
    const vault = stage.platform.tenants['acme']?.vault('prod');
    if (!vault) throw new Error('acme is on the stage');
    const place = { tenant: 'acme', environment: 'prod', at: stage.platform.aws.clock.now() };
    await publishContract(vault, await sealContract({ ...agreed, serial: 2 }, provider), trust, place);
    const played = await openedUnder(await signed(agreed));
    expectRefusedUnrecorded(
      played,
      'CONTRACT_OLDER',
      'The contract of acme has the serial 1, but 2 was in force before.',
    );
  });
});
