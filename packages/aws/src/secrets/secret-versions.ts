import type { Json } from '@tenant-delivery/domain';
import { objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import type { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';

interface SecretVersions {
  readonly arn: string;
  readonly versions: readonly {
    readonly id: string;
    readonly stages: readonly string[];
    readonly createdAt: number;
  }[];
}

/** Every version of a secret with its labels and its date; with `IncludeDeprecated` those too that carry no label. */
export async function secretVersions(
  call: ReturnType<typeof jsonCaller>,
  SecretId: string,
  more: { readonly IncludeDeprecated?: true } = {},
): Promise<SecretVersions> {
  const rows: Json[] = [];
  for (let NextToken: string | undefined; ; ) {
    const input = { SecretId, MaxResults: 100, ...more, ...(NextToken !== undefined && { NextToken }) };
    const answer = await translated(
      'secretsmanager:ListSecretVersionIds',
      call('ListSecretVersionIds', input),
    );
    rows.push(...required(objectsIn(answer, 'Versions'), 'Versions'));
    NextToken = textIn(answer, 'NextToken');
    if (NextToken === undefined)
      return { arn: required(textIn(answer, 'ARN'), 'ARN'), versions: rows.map(versionIn) };
  }
}

function versionIn(row: Json) {
  return {
    id: required(textIn(row, 'VersionId'), 'Versions[].VersionId'),
    stages: (objectsIn(row, 'VersionStages') ?? []).map(String),
    createdAt: required(timeIn(row, 'CreatedDate'), 'Versions[].CreatedDate'),
  };
}
