import type { DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { answered } from '../errors/answered.ts';
import { translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

export const secretsClient = (config: ClientConfig) =>
  lazyClient(
    () => import('./secrets-sdk.ts'),
    (sdk) => sdk.SecretsManagerClient,
    config,
  );

export type SecretsClient = ReturnType<typeof secretsClient>;

/** What Secrets Manager says of a secret beside its values; `undefined`: there is no such secret. */
export async function describedSecret(
  secrets: SecretsClient,
  SecretId: string,
): Promise<DescribeSecretResponse | undefined> {
  const sent = secrets.send((sdk) => new sdk.DescribeSecretCommand({ SecretId }));
  const answer = await translated('secretsmanager:DescribeSecret', sent, ['ResourceNotFoundException']);
  return answer === 'ResourceNotFoundException' ? undefined : answer;
}

/** `secretsOnce` sends a request a single time. */
export function moveLabel(
  secretsOnce: SecretsClient,
  SecretId: string,
  label: string,
  to: string | undefined,
  from: string | undefined,
): Promise<Answer> {
  return answered(
    secretsOnce.send(
      (sdk) =>
        new sdk.UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: label,
          MoveToVersionId: to,
          RemoveFromVersionId: from,
        }),
    ),
  );
}
