import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { EnvironmentDuty } from '@tenant-delivery/domain';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import type { EnvironmentKey, TrustedKey, TrustFile } from '@tenant-delivery/evidence/trust';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey, keyAlias } from '@tenant-delivery/tenancy/derived-names';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { operatorOf, operatorVault } from './operator.ts';

/** Before anything that a kept directory can hold, so that a later start trusts what an earlier one signed. */
const FROM = '2026-01-01T00:00:00.000Z';

const SIGNING: readonly EnvironmentDuty[] = ['build', 'gate', 'approve', 'deploy', 'provision'];

/** What a provider has published, and who believes it. */
export interface Published {
  /** As they were published: with the keys of their environments, if those are in the contract. */
  readonly contracts: readonly TenantContract[];
  /** What a release knows: the contract key, and the keys of tenants that have none in their contract. */
  readonly released: TrustFile;
  /** The same with the keys of every contract: what a verifier believes who has them all. */
  readonly trust: TrustFile;
  /** Signs and publishes the next serial of a contract. */
  publish(contract: TenantContract): Promise<void>;
}

interface Provider {
  readonly operators: Readonly<Record<string, OperatorKey>>;
  readonly directory: string | undefined;
  /** Tenants whose duties' keys the trust file names. The contracts of all others do. */
  readonly inTrustFile: readonly string[];
}

/** Signs and publishes each contract as a provider does, with every public key that events may be signed by. */
export async function publishContracts(
  aws: LocalAws,
  contracts: readonly TenantContract[],
  { operators, directory, inTrustFile }: Provider,
): Promise<Published> {
  const privateKey = contractKeyIn(directory);
  const publicKey = createPublicKey(privateKey);
  const provider: TrustedKey = {
    keyId: keyIdOf(publicKey),
    duty: 'contract',
    publicKey: pem(publicKey),
    from: FROM,
  };
  const released: TrustedKey[] = [provider];
  const trusted: TrustedKey[] = [provider];
  const published: TenantContract[] = [];
  for (const contract of contracts) {
    const operator = operatorOf(operators, contract);
    const keys = await keysOfEnvironments(aws, contract, operator);
    const bound = Object.entries(keys).flatMap(([environment, of]) =>
      of.map((key): TrustedKey => ({ ...key, tenant: contract.id, environment })),
    );
    trusted.push(...bound);
    const known = inTrustFile.includes(contract.id);
    if (known) released.push(...bound);
    const whole = known ? contract : withKeys(contract, keys);
    published.push(whole);
    await publishIn(aws, whole, { privateKey, provider, operator }, 'if there is none');
  }
  return {
    contracts: published,
    released: { schemaVersion: 1, keys: released },
    trust: { schemaVersion: 1, keys: trusted },
    publish: (contract) =>
      publishIn(aws, contract, { privateKey, provider, operator: operatorOf(operators, contract) }, 'always'),
  };
}

interface ContractSigner {
  readonly privateKey: KeyObject;
  readonly provider: TrustedKey;
  readonly operator: OperatorKey;
}

/** Publishes a contract in the vault of each of its environments. A directory that was kept has contracts already. */
async function publishIn(
  aws: LocalAws,
  contract: TenantContract,
  { privateKey, provider, operator }: ContractSigner,
  when: 'always' | 'if there is none',
): Promise<void> {
  for (const environment of Object.keys(contract.environments)) {
    const sealed = await sealContract(cutTo(contract, environment), keySigner(privateKey, 'contract'));
    const vault = operatorVault(aws, contract, environment, operator);
    if (when === 'if there is none' && (await vault.read(contractKey(environment))) !== undefined) continue;
    const place = { tenant: contract.id, environment, at: aws.clock.now() };
    await publishContract(vault, sealed, { schemaVersion: 1, keys: [provider] }, place);
  }
}

type KeysByEnvironment = Readonly<Record<string, EnvironmentKey[]>>;

function withKeys(contract: TenantContract, keys: KeysByEnvironment): TenantContract {
  const environments = Object.entries(contract.environments).map(
    ([name, agreed]) => [name, { ...agreed, keys: keys[name] ?? [] }] as const,
  );
  return { ...contract, environments: Object.fromEntries(environments) };
}

/** The public halves of the keys that KMS has for each environment. */
async function keysOfEnvironments(
  aws: LocalAws,
  { environments }: TenantContract,
  credentials: OperatorKey,
): Promise<KeysByEnvironment> {
  const named = Object.entries(environments).map(
    async ([environment, { region, credentials: rotated = [] }]) => {
      const kms = new KMSClient({ region, endpoint: aws.url, credentials });
      const duties = [...SIGNING, ...(rotated.length > 0 ? (['rotate'] as const) : [])];
      const keys = duties.map(async (duty): Promise<EnvironmentKey> => {
        const alias = keyAlias({ environment }, duty);
        const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: alias }));
        if (!PublicKey) throw new Error(`${alias} has no public key`);
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
        return { keyId: keyIdOf(key), duty, publicKey: pem(key), from: FROM };
      });
      return [environment, await Promise.all(keys)] as const;
    },
  );
  return Object.fromEntries(await Promise.all(named));
}

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** The provider's contract key: a new one, or where the state is kept, the one that is kept beside it. */
function contractKeyIn(directory: string | undefined): KeyObject {
  const file = directory === undefined ? undefined : join(directory, 'provider-contract-key.pem');
  if (file !== undefined && existsSync(file)) return createPrivateKey(readFileSync(file, 'utf8'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (file !== undefined)
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return privateKey;
}
