import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow-state';
import type { SecretVersion, UpstreamSecret } from '@tenant-delivery/rotation/pull-through/ports';
import type { clientConfig } from './client-config.ts';
import { escrowSecret, SECRETS_MANAGER } from './escrow-secret.ts';
import { objectsIn, textIn, timeIn } from './json-answer.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

/** The secret that pull-through cache rules sign in with, by its versions and labels alone: its value is never read. */
export function upstreamSecret(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  secret: string,
): UpstreamSecret {
  const held = escrowSecret(config, once, secret);
  const call = jsonCaller(SECRETS_MANAGER, config);
  return {
    describe: async () => {
      const state = await held.describe();
      if (state.kind !== 'usable') return state;
      const versions: SecretVersion[] = [];
      let arn = '';
      let NextToken: string | undefined;
      do {
        const sent = call('ListSecretVersionIds', {
          SecretId: secret,
          ...(NextToken !== undefined && { NextToken }),
        });
        const answer = await translated('secretsmanager:ListSecretVersionIds', sent);
        arn = required(textIn(answer, 'ARN'), 'ARN');
        for (const row of required(objectsIn(answer, 'Versions'), 'Versions'))
          versions.push({
            id: required(textIn(row, 'VersionId'), 'VersionId'),
            stages: (objectsIn(row, 'VersionStages') ?? []).map(String),
            createdAt: required(timeIn(row, 'CreatedDate'), 'CreatedDate'),
          });
        NextToken = textIn(answer, 'NextToken');
      } while (NextToken !== undefined);
      return { kind: 'usable', arn, versions };
    },
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}
