import { describe, expect, test } from '@jest/globals';
import { findContract } from '@tenant-delivery/tenancy/contract-in-force';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { rememberSeen } from '@tenant-delivery/tenancy/seen-serials';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import { admit } from '../src/admit.ts';
import { ACME, inMemoryDelivery, type Job, localKeys, templateContract } from './in-memory-delivery.ts';

const ask = async (job: Job = {}, target: Partial<typeof ACME> = {}) => {
  const delivery = await inMemoryDelivery();
  const { environment } = { ...ACME, ...target };
  const world = { ...delivery.as('build', job), contract: () => findContract(delivery.vault, environment) };
  return admit(world, { ...ACME, ...target });
};

test('admits a listed repository to its own service, with every name derived from the contract', async () => {
  await expect(ask()).resolves.toMatchObject({
    repository: 'customer',
    contract: { id: 'acme', serial: 1 },
    names: {
      serviceArn: 'arn:aws:ecs:eu-west-1:000011112222:service/acme-prod/orders',
      vaultBucket: 'td-vault-acme-prod-000011112222',
      roles: { deploy: 'arn:aws:iam::000011112222:role/td/prod/td-prod-deploy' },
      keys: { gate: 'alias/td/prod/gate' },
    },
  });
});

test("admits the provider's operations repository to every service", async () => {
  const claims = {
    repository: 'OWNER/tenant-operations',
    repositoryId: '700002',
    repositoryOwnerId: '700000',
  };
  await expect(ask({ claims })).resolves.toMatchObject({ repository: 'operations' });
});

describe('refuses, before anything is changed,', () => {
  test.each<readonly [string, Job, Partial<typeof ACME>, string]>([
    ['a fork, whose number is another', { claims: { repositoryId: '456790' } }, {}, 'REPOSITORY_NOT_LISTED'],
    [
      'a repository whose owner is another',
      { claims: { repositoryOwnerId: '1' } },
      {},
      'REPOSITORY_NOT_LISTED',
    ],
    ['a service that the contract does not have', {}, { service: 'billing' }, 'SERVICE_NOT_LISTED'],
    [
      'a service that every object has a member of',
      {
        claims: {
          repository: 'OWNER/tenant-operations',
          repositoryId: '700002',
          repositoryOwnerId: '700000',
        },
      },
      { service: 'constructor' },
      'SERVICE_NOT_LISTED',
    ],
    ['credentials of another account', { identity: { account: '000033334444' } }, {}, 'ACCOUNT_MISMATCH'],
    ['another account than the contract names', {}, { account: '000033334444' }, 'ACCOUNT_MISMATCH'],
    ['another region', {}, { region: 'eu-central-1' }, 'REGION_MISMATCH'],
    ['a tenant whose contract is not there', {}, { environment: 'test' }, 'CONTRACT_NOT_FOUND'],
    ["another tenant's contract in the vault", {}, { tenant: 'globex' }, 'CONTRACT_FOREIGN'],
  ])('%s', async (_, job, target, code) => {
    await expect(ask(job, target)).rejects.toMatchObject({ code });
  });

  test('a memory of serials that does not hold what its place says: a high number could hide the highest', async () => {
    const delivery = await inMemoryDelivery({ contract: (agreed) => ({ ...agreed, serial: 2 }) });
    const low = Buffer.from(JSON.stringify({ schemaVersion: 1, serial: 1, digest: digestOf('old') }));
    await delivery.vault.create('seen/contract/prod/9999999999999999.json', low);
    await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({ code: 'DOCUMENT_ALTERED' });
  });

  test('an environment whose network is not there yet, with each id that the contract lacks', async () => {
    const delivery = await inMemoryDelivery({
      contract: (agreed) => {
        const { prod } = agreed.environments;
        if (!prod) throw new Error('acme has a production');
        const { edge, app } = prod.layers;
        const layers = { ...(edge && { edge }), app: { securityGroups: app?.securityGroups ?? [] } };
        const incomplete = { ...prod, vpc: { cidr: prod.vpc.cidr }, layers };
        return { ...agreed, environments: { prod: incomplete } };
      },
    });
    await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({
      code: 'CONTRACT_INCOMPLETE',
      details: ['vpc.id', 'layers.app.subnets'],
      remedy: expect.stringContaining('contract complete FILE --environment NAME'),
    });
  });

  test('and names every breach at once', async () => {
    const asked = ask({ claims: { repositoryId: '1' } }, { region: 'eu-central-1', account: '000033334444' });
    await expect(asked).rejects.toMatchObject({
      code: 'ACCOUNT_MISMATCH',
      details: [
        'the workflow names 000033334444, the contract 000011112222',
        expect.stringContaining('REGION_MISMATCH: '),
        expect.stringContaining('REPOSITORY_NOT_LISTED: '),
      ],
    });
  });
});

describe('believes no contract that', () => {
  const contract = cutTo(templateContract('acme'), 'prod');

  const askWith = async (stored: Uint8Array) => {
    const vault = memoryVault();
    await vault.create('contract/prod.dsse.json', stored);
    const delivery = await inMemoryDelivery({ vault });
    return admit(delivery.as('build'), ACME);
  };

  test('nobody signed', async () => {
    await expect(askWith(Buffer.from(JSON.stringify(contract)))).rejects.toMatchObject({
      code: 'CONTRACT_UNSIGNED',
    });
  });

  test('a key signed that is not trusted, or not for contracts', async () => {
    const { signers } = localKeys();
    await expect(askWith(await sealContract(contract, signers.contract))).rejects.toMatchObject({
      code: 'CONTRACT_UNTRUSTED',
    });
    const delivery = await inMemoryDelivery();
    const wrong = { ...delivery, vault: memoryVault() };
    await wrong.vault.create(
      'contract/prod.dsse.json',
      await sealContract(contract, delivery.signers.deploy),
    );
    const contractThere = () => findContract(wrong.vault, 'prod');
    const asked = admit({ ...delivery.as('build'), contract: contractThere }, ACME);
    await expect(asked).rejects.toMatchObject({
      code: 'CONTRACT_UNTRUSTED',
      message: expect.stringContaining('has the duty deploy'),
    });
  });

  test('is signed well and says what this release does not understand', async () => {
    const future = { ...contract, schemaVersion: 2 as 1 }; // what a newer release could write
    const vault = memoryVault();
    const delivery = await inMemoryDelivery();
    await vault.create('contract/prod.dsse.json', await sealContract(future, delivery.signers.contract));
    const contractThere = () => findContract(vault, 'prod');
    const asked = admit({ ...delivery.as('build'), contract: contractThere }, ACME);
    await expect(asked).rejects.toMatchObject({
      code: 'CONTRACT_INVALID',
      details: ['schemaVersion: is 2; must be 1'],
    });
  });

  test('has expired', async () => {
    const delivery = await inMemoryDelivery({
      contract: (agreed) => ({ ...agreed, expires: '2026-11-24T09:00:00Z' }),
    });
    await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({ code: 'CONTRACT_EXPIRED' });
  });

  test('is older than one that was in force, or another of the same serial', async () => {
    const delivery = await inMemoryDelivery({ contract: (agreed) => ({ ...agreed, serial: 9 }) });
    const newer = { contract: { ...delivery.contract, serial: 10 }, digest: digestOf('newer') };
    await rememberSeen(delivery.vault, 'prod', { ...newer, contract: { ...newer.contract, serial: 9 } });
    await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({ code: 'CONTRACT_FORKED' });
    await rememberSeen(delivery.vault, 'prod', newer);
    await expect(admit(delivery.as('build'), ACME)).rejects.toMatchObject({ code: 'CONTRACT_OLDER' });
  });
});
