import type { KeyProof } from '@tenant-delivery/credentials/iam-access-key/ports';
import type { Caller } from '@tenant-delivery/rotation/ports';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

const NOT_VALID = ['InvalidClientTokenId', 'SignatureDoesNotMatch'] as const;

/** Uses a key pair for GetCallerIdentity, which everybody may call, and for nothing else. */
export function keyProof(config: ClientConfig): KeyProof {
  return {
    identity: async ({ id, secret }) => {
      const credentials = async () => ({ accessKeyId: id, secretAccessKey: secret.reveal() });
      const said = await identityOf({ ...config, credentials }, NOT_VALID);
      return typeof said === 'string' ? 'not-valid' : said;
    },
  };
}

/** Whose credentials this run has. */
export function awsCaller(config: ClientConfig): Caller {
  return { identity: () => identityOf(config, []) };
}

async function identityOf<const Name extends string>(config: ClientConfig, known: readonly Name[]) {
  const sts = lazyClient(
    () => import('../session/sts-sdk.ts'),
    (sdk) => sdk.STSClient,
    config,
  );
  const sent = sts.send((sdk) => new sdk.GetCallerIdentityCommand({}));
  const answer = await translated('sts:GetCallerIdentity', sent, known);
  if (typeof answer === 'string') return answer;
  return {
    account: required(answer.Account, 'GetCallerIdentity Account'),
    arn: required(answer.Arn, 'GetCallerIdentity Arn'),
  };
}
