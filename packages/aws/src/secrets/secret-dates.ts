import type { Tag } from '@aws-sdk/client-secrets-manager';
import type { SecretDates } from '@tenant-delivery/credentials/report/ports';
import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { secretVersions } from './secret-versions.ts';
import { describedSecret, secretsClient } from './secrets-client.ts';

/** What Secrets Manager says of secrets beside their values, which it is never asked for. */
export function secretDates(config: ClientConfig): SecretDates {
  const secrets = secretsClient(config);
  return {
    below: async (prefix) => {
      const asked = { Filters: [{ Key: 'name' as const, Values: [prefix] }] };
      const pages = secrets.pages((sdk, client) => sdk.paginateListSecrets({ client, pageSize: 100 }, asked));
      const found = await everyRow('secretsmanager:ListSecrets', pages, 'SecretList');
      return found.map(({ Name, Tags }) => ({
        name: required(Name, 'SecretList.Name'),
        tags: tagsIn(Tags),
      }));
    },
    find: async (name) => {
      const answer = await describedSecret(secrets, name);
      return (
        answer && {
          name: required(answer.Name, 'Name'),
          arn: required(answer.ARN, 'ARN'),
          deletedAt: answer.DeletedDate?.getTime(),
          versions: answer.VersionIdsToStages ?? {}, // a secret without a value has none
          tags: tagsIn(answer.Tags),
        }
      );
    },
    versionDates: async (name) => {
      const { versions } = await secretVersions(secrets, name);
      return Object.fromEntries(versions.map(({ id, createdAt }) => [id, createdAt]));
    },
  };
}

function tagsIn(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
