import type { KeyProof } from '@tenant-delivery/credentials/iam-access-key/ports';
import type { Caller } from '@tenant-delivery/rotation/ports';
import { childOf, queryCaller, textOf } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const STS = { name: 'sts', variable: 'STS', version: '2011-06-15' } as const;
const NOT_VALID = ['InvalidClientTokenId', 'SignatureDoesNotMatch'] as const;
const FOR_EVER = new Date(8_640_000_000_000_000); // the last moment that a Date can hold

/** Uses a key pair for GetCallerIdentity, which everybody may call, and for nothing else. */
export function keyProof(config: ReturnType<typeof clientConfig>): KeyProof {
  return {
    identity: async ({ id, secret }) => {
      const credentials = async () => ({
        accessKeyId: id,
        secretAccessKey: secret.reveal(),
        sessionToken: '',
        expiration: FOR_EVER,
      });
      const said = await identityOf({ ...config, credentials }, NOT_VALID);
      return said === 'InvalidClientTokenId' || said === 'SignatureDoesNotMatch' ? 'not-valid' : said;
    },
  };
}

/** Whose credentials this run has. */
export function awsCaller(config: ReturnType<typeof clientConfig>): Caller {
  return { identity: () => identityOf(config, []) };
}

async function identityOf<const Name extends string>(
  config: ReturnType<typeof clientConfig>,
  known: readonly Name[],
) {
  const call = queryCaller(STS, config);
  const answer = await translated('sts:GetCallerIdentity', call('GetCallerIdentity', {}), known);
  if (typeof answer === 'string') return answer as Name; // the answer's root is an element with children
  const result = childOf(answer, 'GetCallerIdentityResult');
  return {
    account: required(textOf(result, 'Account'), 'GetCallerIdentity Account'),
    arn: required(textOf(result, 'Arn'), 'GetCallerIdentity Arn'),
  };
}
