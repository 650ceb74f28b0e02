import type { Secret } from '@tenant-delivery/isolation/observed';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { describedSecret, secretsClient } from './secrets-client.ts';

/** What Secrets Manager says about a secret besides its value. */
export function secretMetadata(config: ClientConfig) {
  const secrets = secretsClient(config);
  return async (id: string): Promise<Secret | undefined> => {
    const answer = await describedSecret(secrets, id);
    return (
      answer && {
        arn: required(answer.ARN, 'ARN'),
        deletedAt: answer.DeletedDate?.getTime(),
        versions: answer.VersionIdsToStages ?? {}, // a secret without a value has none
      }
    );
  };
}
