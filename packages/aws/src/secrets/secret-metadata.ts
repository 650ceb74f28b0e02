import type { Secret } from '@tenant-delivery/isolation/observed';
import { numberIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { describedSecret, labelsByVersion, SECRETS_MANAGER } from './secret-calls.ts';

/** What Secrets Manager says about a secret besides its value. */
export function secretMetadata(config: ReturnType<typeof clientConfig>) {
  const call = jsonCaller(SECRETS_MANAGER, config);
  return async (id: string): Promise<Secret | undefined> => {
    const answer = await describedSecret(call, id);
    if (!answer) return undefined;
    const deleted = numberIn(answer, 'DeletedDate'); // seconds
    return {
      arn: required(textIn(answer, 'ARN'), 'ARN'),
      deletedAt: deleted === undefined ? undefined : deleted * 1000,
      versions: labelsByVersion(answer),
    };
  };
}
