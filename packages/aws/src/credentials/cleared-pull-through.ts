import type { PullThroughWorld } from '@tenant-delivery/credentials/pull-through/observe';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import {
  type CredentialClearance,
  requireCredentialClearance,
} from '@tenant-delivery/tenancy/credential-clearance';
import { secretWithoutSuffix } from '@tenant-delivery/tenancy/credential-subject';
import { cacheRules } from '../ecr/cache-rules.ts';
import { awsCaller } from '../iam/key-proof.ts';
import { secretMetadata } from '../secrets/secret-metadata.ts';
import { upstreamSecret } from '../secrets/upstream-secret.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import type { Session } from '../session/session.ts';

type Acting = Pick<Session, 'clientConfig' | 'clock'>;

/** The secret's ARN without its random suffix; `undefined` if there is no such secret. Changes nothing. */
export async function upstreamSecretArnOf(session: Acting, secret: string): Promise<string | undefined> {
  const found = await secretMetadata(session.clientConfig('rotate-registry'))(secret);
  return found && secretWithoutSuffix(found.arn);
}

/** The adapters that the rotation of a cleared upstream credential needs. */
export function clearedPullThrough(
  session: Acting,
  clearance: CredentialClearance<'pull-through'>,
): { readonly world: Omit<PullThroughWorld, 'acknowledged'>; readonly time: ServerTime } {
  requireCredentialClearance(clearance, session.clock.now());
  const { secret } = clearance.credential;
  const configOf = (attempts?: number) => session.clientConfig('rotate-registry', attempts);
  const { config, once, time } = hearingConfigs(configOf, session.clock);
  return {
    world: {
      caller: awsCaller(config),
      secret: upstreamSecret(config, once, secret),
      rules: cacheRules(config),
    },
    time,
  };
}
