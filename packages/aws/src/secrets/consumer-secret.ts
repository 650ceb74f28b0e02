import type { SystemWitness } from '@tenant-delivery/credentials/iam-access-key/system-secret';
import type { Json } from '@tenant-delivery/domain';
import type { Escrow } from '@tenant-delivery/rotation/escrow';
import type { Masker } from '@tenant-delivery/rotation/secret';
import { objectIn, textIn } from '../by-hand/json-answer.ts';
import { lookUpEvents, recordIn, timeOf } from '../cloudtrail/key-trail.ts';
import type { clientConfig } from '../session/client-config.ts';
import { keyEscrow } from './key-escrow.ts';

type Config = ReturnType<typeof clientConfig>;

export interface ConsumerSecretSettings {
  readonly account: string;
  /** Its name. */
  readonly secret: string;
  readonly masker: Masker;
}

/** A secret that a system reads: the pair and nothing beside it. */
export function consumerSecret(config: Config, once: Config, settings: ConsumerSecretSettings): Escrow {
  return keyEscrow(config, once, { ...settings, nothingElse: true });
}

/**
 * Whether a role has read the current version of a secret, by CloudTrail's word: the read must come after the label was
 * moved, in another second of its, and must not have asked for another version.
 */
export function secretReads(config: Config, secret: string, role: string): SystemWitness {
  const named = async (name: string) =>
    (await lookUpEvents(config, config.region, ['EventName', name]))
      .map((event) => ({ at: timeOf(event), record: recordIn(event) }))
      .filter(({ record }) => textIn(record, 'errorCode') === undefined && isOf(secret, requestOf(record)));
  return {
    hasRead: async (version) => {
      const [moved, put] = await Promise.all([named('UpdateSecretVersionStage'), named('PutSecretValue')]);
      const turned = [
        ...moved.filter(({ record }) => textIn(requestOf(record), 'moveToVersionId') === version),
        // the first version of a secret is current as soon as it is put
        ...put.filter(({ record }) => textIn(requestOf(record), 'clientRequestToken') === version),
      ].map(({ at }) => at);
      if (turned.length === 0) return undefined; // CloudTrail is late
      const since = Math.max(...turned);
      const read = (await named('GetSecretValue')).find(
        ({ at, record }) => at > since && readsCurrent(requestOf(record), version) && roleOf(record) === role,
      );
      return read && { by: `${role} read it at ${new Date(read.at).toISOString()}` };
    },
  };
}

function requestOf(record: Json): Json {
  return objectIn(record, 'requestParameters') ?? {};
}

/** A request names a secret by its name or its ARN, which ends with six characters of chance or without them. */
function isOf(secret: string, request: Json): boolean {
  const said = textIn(request, 'secretId') ?? '';
  const name = said.startsWith('arn:') ? said.split(':').slice(6).join(':') : said;
  return name === secret || (said.startsWith('arn:') && name.replace(/-[A-Za-z0-9]{6}$/, '') === secret);
}

function readsCurrent(request: Json, version: string): boolean {
  return (
    (textIn(request, 'versionId') ?? version) === version &&
    (textIn(request, 'versionStage') ?? 'AWSCURRENT') === 'AWSCURRENT'
  );
}

function roleOf(record: Json): string | undefined {
  const identity = objectIn(record, 'userIdentity') ?? {};
  const issuer = objectIn(objectIn(identity, 'sessionContext') ?? {}, 'sessionIssuer') ?? {};
  return textIn(issuer, 'userName');
}
