import type { RotationApp } from '@tenant-delivery/credentials/kinds';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import { required, translated } from '../errors/translate.ts';
import { secretsClient } from '../secrets/secrets-client.ts';
import type { ClientConfig } from '../session/client-config.ts';

/** The private key of the App that asks GitHub, from Secrets Manager. */
export async function appKey(
  config: ClientConfig,
  { id, key }: RotationApp,
  masker: Masker,
): Promise<Secret> {
  const secrets = secretsClient(config);
  const sent = secrets.send((sdk) => new sdk.GetSecretValueCommand({ SecretId: key }));
  const { SecretString } = await translated('secretsmanager:GetSecretValue', sent);
  return Secret.born(required(SecretString, 'SecretString'), `app ${id}`, masker);
}
