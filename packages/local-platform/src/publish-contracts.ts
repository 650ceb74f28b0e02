import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Duty, isLocalAccount } from '@tenant-delivery/domain';
import { keyIdOf, keySigner, type TrustFile } from '@tenant-delivery/evidence';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import {
  contractKey,
  cutTo,
  keyAlias,
  publishContract,
  sealContract,
  type TenantContract,
} from '@tenant-delivery/tenancy';
import { operatorOf, operatorVault } from './operator.ts';

const SIGNING: readonly Duty[] = ['build', 'gate', 'approve', 'deploy'];

/** Signs and publishes each contract as a provider does, and collects every public key that events may be signed by. */
export async function publishContracts(
  aws: LocalAws,
  contracts: readonly TenantContract[],
  operators: Readonly<Record<string, OperatorKey>>,
): Promise<TrustFile> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const from = new Date(aws.clock.now() - 60_000).toISOString();
  const keys: TrustFile['keys'][number][] = [
    { keyId: keyIdOf(pair.publicKey), duty: 'contract', publicKey: pem(pair.publicKey), from },
  ];
  const signer = keySigner(pair.privateKey, 'contract');
  for (const contract of contracts) {
    if (!isLocalAccount(contract.account))
      throw new Error(`${contract.id} is no tenant of local-aws: ${contract.account}`);
    for (const [environment, { region }] of Object.entries(contract.environments)) {
      const operator = operatorOf(operators, contract);
      const place = { tenant: contract.id, environment, account: contract.account, region };
      const kms = new KMSClient({ region, endpoint: aws.url, credentials: operator });
      for (const duty of SIGNING) {
        const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyAlias(place, duty) }));
        if (!PublicKey) throw new Error(`${keyAlias(place, duty)} has no public key`);
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
        keys.push({ keyId: keyIdOf(key), duty, publicKey: pem(key), tenant: contract.id, environment, from });
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

function pem(key: ReturnType<typeof createPublicKey>): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
