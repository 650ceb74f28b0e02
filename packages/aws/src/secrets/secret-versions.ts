import type { ListSecretVersionIdsResponse, SecretVersionsListEntry } from '@aws-sdk/client-secrets-manager';
import { required, translated } from '../errors/translate.ts';
import type { SecretsClient } from './secrets-client.ts';

interface SecretVersions {
  readonly arn: string;
  readonly versions: readonly {
    readonly id: string;
    readonly stages: readonly string[];
    readonly createdAt: number;
  }[];
}

/** Every version of a secret with its labels and its date; with `IncludeDeprecated` also those without a label. */
export async function secretVersions(
  secrets: SecretsClient,
  SecretId: string,
  more: { readonly IncludeDeprecated?: true } = {},
): Promise<SecretVersions> {
  const pages = secrets.pages((sdk, client) =>
    sdk.paginateListSecretVersionIds({ client, pageSize: 100 }, { SecretId, ...more }),
  );
  const { arn, rows } = await translated('secretsmanager:ListSecretVersionIds', everyVersion(pages));
  return { arn: required(arn, 'ARN'), versions: rows.map(versionIn) };
}

async function everyVersion(pages: AsyncIterable<ListSecretVersionIdsResponse>) {
  const rows: SecretVersionsListEntry[] = [];
  let arn: string | undefined;
  for await (const page of pages) {
    arn = page.ARN;
    rows.push(...required(page.Versions, 'Versions'));
  }
  return { arn, rows };
}

function versionIn({ VersionId, VersionStages = [], CreatedDate }: SecretVersionsListEntry) {
  return {
    id: required(VersionId, 'Versions[].VersionId'),
    stages: VersionStages,
    createdAt: required(CreatedDate, 'Versions[].CreatedDate').getTime(),
  };
}
