import type { Json } from '@tenant-delivery/domain';
import type { SecretDates } from '@tenant-delivery/rotation/report/ports';
import type { clientConfig } from './client-config.ts';
import { SECRETS_MANAGER } from './escrow-secret.ts';
import { objectIn, objectsIn, textIn, timeIn } from './json-answer.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

/** What Secrets Manager says of secrets beside their values, which it is never asked for. */
export function secretDates(config: ReturnType<typeof clientConfig>): SecretDates {
  const call = jsonCaller(SECRETS_MANAGER, config);
  /** Every item of a list, from all pages. */
  const every = async (operation: string, input: { readonly [name: string]: Json }, list: string) => {
    const all: Json[] = [];
    let token: string | undefined;
    do {
      const asked = call(operation, {
        ...input,
        MaxResults: 100,
        ...(token !== undefined && { NextToken: token }),
      });
      const answer = await translated(`secretsmanager:${operation}`, asked);
      all.push(...required(objectsIn(answer, list), list));
      token = textIn(answer, 'NextToken');
    } while (token !== undefined);
    return all;
  };
  return {
    below: async (prefix) => {
      const filters = [{ Key: 'name', Values: [prefix] }];
      const listed = await every('ListSecrets', { Filters: filters }, 'SecretList');
      return listed.map((secret) => ({
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
      const versions = await every('ListSecretVersionIds', { SecretId: name }, 'Versions');
      return Object.fromEntries(
        versions.map((version) => [
          required(textIn(version, 'VersionId'), 'Versions.VersionId'),
          required(timeIn(version, 'CreatedDate'), 'Versions.CreatedDate'),
        ]),
      );
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
