import type { SecretDates } from '@tenant-delivery/credentials/report/ports';
import type { Json } from '@tenant-delivery/domain';
import { objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { describedSecret, labelsByVersion, SECRETS_MANAGER } from './secret-calls.ts';
import { secretVersions } from './secret-versions.ts';

/** What Secrets Manager says of secrets beside their values, which it is never asked for. */
export function secretDates(config: ReturnType<typeof clientConfig>): SecretDates {
  const call = jsonCaller(SECRETS_MANAGER, config);
  return {
    below: async (prefix) => {
      const secrets: Json[] = [];
      let token: string | undefined;
      do {
        const asked = call('ListSecrets', {
          Filters: [{ Key: 'name', Values: [prefix] }],
          MaxResults: 100,
          ...(token !== undefined && { NextToken: token }),
        });
        const answer = await translated('secretsmanager:ListSecrets', asked);
        secrets.push(...required(objectsIn(answer, 'SecretList'), 'SecretList'));
        token = textIn(answer, 'NextToken');
      } while (token !== undefined);
      return secrets.map((secret) => ({
        name: required(textIn(secret, 'Name'), 'SecretList.Name'),
        tags: tagsIn(secret),
      }));
    },
    find: async (name) => {
      const answer = await describedSecret(call, name);
      if (!answer) return undefined;
      return {
        name: required(textIn(answer, 'Name'), 'Name'),
        arn: required(textIn(answer, 'ARN'), 'ARN'),
        deletedAt: timeIn(answer, 'DeletedDate'),
        versions: labelsByVersion(answer),
        tags: tagsIn(answer),
      };
    },
    versionDates: async (name) => {
      const { versions } = await secretVersions(call, name);
      return Object.fromEntries(versions.map(({ id, createdAt }) => [id, createdAt]));
    },
  };
}

function tagsIn(secret: Json): Readonly<Record<string, string>> {
  const tags = objectsIn(secret, 'Tags') ?? [];
  return Object.fromEntries(tags.map((tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? '']));
}
