import type { Json } from '@tenant-delivery/domain';
import type { SecretDates } from '@tenant-delivery/rotation/report/ports';
import type { clientConfig } from './client-config.ts';
import { SECRETS_MANAGER } from './escrow-secret.ts';
import { objectIn, objectsIn, textIn, timeIn } from './json-answer.ts';
import { secretVersions } from './secret-versions.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

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
      const sent = call('DescribeSecret', { SecretId: name });
      const answer = await translated('secretsmanager:DescribeSecret', sent, ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      return {
        name: required(textIn(answer, 'Name'), 'Name'),
        arn: required(textIn(answer, 'ARN'), 'ARN'),
        deletedAt: timeIn(answer, 'DeletedDate'),
        versions: labelsIn(objectIn(answer, 'VersionIdsToStages')),
        tags: tagsIn(answer),
      };
    },
    versionDates: async (name) => {
      const { versions } = await secretVersions(call, name);
      return Object.fromEntries(versions.map(({ id, createdAt }) => [id, createdAt]));
    },
  };
}

/** A secret without a value has no versions. */
function labelsIn(versions: Json | undefined): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(versions ?? {}).map(([id, labels]) => [
      id,
      Array.isArray(labels) ? labels.map(String) : [],
    ]),
  );
}

function tagsIn(secret: Json): Readonly<Record<string, string>> {
  const tags = objectsIn(secret, 'Tags') ?? [];
  return Object.fromEntries(tags.map((tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? '']));
}
