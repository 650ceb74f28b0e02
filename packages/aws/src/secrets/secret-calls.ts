import type { Json } from '@tenant-delivery/domain';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { objectIn } from '../by-hand/json-answer.ts';
import type { jsonCaller } from '../by-hand/signed-call.ts';
import { answered } from '../errors/answered.ts';
import { translated } from '../errors/translate.ts';

export const SECRETS_MANAGER = {
  name: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  govFips: true,
  target: 'secretsmanager',
  version: '1.1',
} as const;

type Call = ReturnType<typeof jsonCaller>;

/** What DescribeSecret says; `undefined`: there is no such secret. */
export async function describedSecret(call: Call, SecretId: string): Promise<Json | undefined> {
  const sent = call('DescribeSecret', { SecretId });
  const answer = await translated('secretsmanager:DescribeSecret', sent, ['ResourceNotFoundException']);
  return answer === 'ResourceNotFoundException' ? undefined : answer;
}

/** The labels of every version in what DescribeSecret says. A secret without a value has no versions. */
export function labelsByVersion(described: Json): Readonly<Record<string, readonly string[]>> {
  const versions = Object.entries(objectIn(described, 'VersionIdsToStages') ?? {});
  return Object.fromEntries(
    versions.map(([id, labels]) => [id, Array.isArray(labels) ? labels.map(String) : []]),
  );
}

/** `callOnce` sends a request a single time. */
export function moveLabel(
  callOnce: Call,
  SecretId: string,
  label: string,
  to: string | undefined,
  from: string | undefined,
): Promise<Answer> {
  return answered(
    callOnce('UpdateSecretVersionStage', {
      SecretId,
      VersionStage: label,
      ...(to !== undefined && { MoveToVersionId: to }),
      ...(from !== undefined && { RemoveFromVersionId: from }),
    }),
  );
}
