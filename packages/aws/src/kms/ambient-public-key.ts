import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { required, translated } from '../errors/translate.ts';
import { clientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export interface PublicHalf {
  /** Of the key itself, whatever alias was asked for. */
  readonly arn: string;
  /** SPKI DER. */
  readonly spki: Uint8Array;
}

/**
 * The public half of a key in KMS with the credentials that the SDK finds by itself: for a provider at a terminal.
 * `undefined` when KMS says that there is no such key.
 */
export async function ambientPublicKey(key: string, region: string): Promise<PublicHalf | undefined> {
  const base = { region, local: true, scale: 1, userAgent: 'tenant-delivery' };
  const kms = lazyClient(
    () => import('./kms-sdk.ts'),
    (sdk) => sdk.KMSClient,
    clientConfig(base, defaultProvider()),
  );
  const asked = kms.send((sdk) => new sdk.GetPublicKeyCommand({ KeyId: key }));
  const answer = await translated('kms:GetPublicKey', asked, ['NotFoundException']);
  if (answer === 'NotFoundException') return undefined;
  return {
    arn: required(answer.KeyId, 'KeyId'),
    spki: required(answer.PublicKey?.length ? answer.PublicKey : undefined, `the public key of ${key}`),
  };
}
