import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Duty } from '@tenant-delivery/domain';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractKey, keyAlias } from '@tenant-delivery/tenancy/derived-names';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { operatorOf, operatorVault } from './operator.ts';

/** Before anything that a kept directory can hold, so that a later start trusts what an earlier one signed. */
const FROM = '2026-01-01T00:00:00.000Z';

const SIGNING: readonly Duty[] = ['build', 'gate', 'approve', 'deploy'];

/** Signs and publishes each contract as a provider does, and collects every public key that events may be signed by. */
export async function publishContracts(
  aws: LocalAws,
  contracts: readonly TenantContract[],
  operators: Readonly<Record<string, OperatorKey>>,
  directory: string | undefined,
): Promise<TrustFile> {
  const privateKey = contractKeyIn(directory);
  const publicKey = createPublicKey(privateKey);
  const keys: TrustFile['keys'][number][] = [
    { keyId: keyIdOf(publicKey), duty: 'contract', publicKey: pem(publicKey), from: FROM },
  ];
  const signer = keySigner(privateKey, 'contract');
  for (const contract of contracts) {
    for (const [environment, { region, credentials = [] }] of Object.entries(contract.environments)) {
      const operator = operatorOf(operators, contract);
      const place = { tenant: contract.id, environment, account: contract.account, region };
      const kms = new KMSClient({ region, endpoint: aws.url, credentials: operator });
      for (const duty of [...SIGNING, ...(credentials.length > 0 ? (['rotate'] as const) : [])]) {
        const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyAlias(place, duty) }));
        if (!PublicKey) throw new Error(`${keyAlias(place, duty)} has no public key`);
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
        keys.push({
          keyId: keyIdOf(key),
          duty,
          publicKey: pem(key),
          tenant: contract.id,
          environment,
          from: FROM,
        });
      }
      const sealed = await sealContract(cutTo(contract, environment), signer);
      const vault = operatorVault(aws, contract, environment, operator);
      if ((await vault.read(contractKey(environment))) === undefined) {
        await publishContract(vault, sealed, { schemaVersion: 1, keys }, { ...place, at: aws.clock.now() });
      }
    }
  }
  return { schemaVersion: 1, keys };
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
