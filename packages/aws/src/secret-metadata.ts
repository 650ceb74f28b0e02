import type { Json } from '@tenant-delivery/domain';
import type { Secret } from '@tenant-delivery/isolation/observed';
import type { clientConfig } from './client-config.ts';
import { SECRETS_MANAGER } from './escrow-secret.ts';
import { numberIn, textIn } from './json-answer.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

/** What Secrets Manager says about a secret besides its value. */
export function secretMetadata(config: ReturnType<typeof clientConfig>) {
  const call = jsonCaller(SECRETS_MANAGER, config);
  return async (id: string): Promise<Secret | undefined> => {
    const sent = call('DescribeSecret', { SecretId: id });
    const answer = await translated('secretsmanager:DescribeSecret', sent, ['ResourceNotFoundException']);
    if (answer === 'ResourceNotFoundException') return undefined;
    const deleted = numberIn(answer, 'DeletedDate'); // seconds
    return {
      arn: required(textIn(answer, 'ARN'), 'ARN'),
      deletedAt: deleted === undefined ? undefined : deleted * 1000,
      versions: stagesByVersion(answer['VersionIdsToStages']),
    };
  };
}

/** A secret without a value has no versions. */
function stagesByVersion(versions: Json | undefined): Secret['versions'] {
  if (typeof versions !== 'object' || versions === null) return {};
  return Object.fromEntries(
    Object.entries(versions).map(([id, stages]) => [id, Array.isArray(stages) ? stages.map(String) : []]),
  );
}
