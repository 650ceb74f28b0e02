import type { Credentials } from '@aws-sdk/client-sts';
import type { SessionKey } from '../world/keys.ts';

/** A session's key as STS answers it. */
export function credentialsOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expires,
}: SessionKey): Credentials {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(Math.floor(expires)),
  };
}
