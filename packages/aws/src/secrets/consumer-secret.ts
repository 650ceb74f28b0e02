import type { SystemWitness } from '@tenant-delivery/credentials/iam-access-key/system-secret';
import type { Escrow } from '@tenant-delivery/rotation/escrow';
import type { Masker } from '@tenant-delivery/rotation/secret';
import type { EventRecord } from '../cloudtrail/event-record.ts';
import { lookUpEvents } from '../cloudtrail/events.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { keyEscrow } from './key-escrow.ts';

export interface ConsumerSecretSettings {
  readonly account: string;
  /** Its name. */
  readonly secret: string;
  readonly masker: Masker;
}

/** A secret that a system reads. It holds the pair and nothing else. */
export function consumerSecret(
  config: ClientConfig,
  once: ClientConfig,
  settings: ConsumerSecretSettings,
): Escrow {
  return keyEscrow(config, once, { ...settings, nothingElse: true });
}

/**
 * Whether a role has read the current version of a secret, according to CloudTrail. The read must be at least one second
 * later than the moving of the label, because CloudTrail tells whole seconds, and must not name another version.
 */
export function secretReads(config: ClientConfig, secret: string, role: string): SystemWitness {
  const named = async (name: string) =>
    (await lookUpEvents(config, config.region, ['EventName', name])).filter(
      ({ record }) => record.errorCode === undefined && isOf(secret, record),
    );
  return {
    hasRead: async (version) => {
      const [moved, put] = await Promise.all([named('UpdateSecretVersionStage'), named('PutSecretValue')]);
      const turned = [
        ...moved.filter(({ record }) => record.requestParameters?.moveToVersionId === version),
        // the first version of a secret is current as soon as it is put
        ...put.filter(({ record }) => record.requestParameters?.clientRequestToken === version),
      ].map(({ at }) => at);
      if (turned.length === 0) return undefined; // CloudTrail is late
      const since = Math.max(...turned);
      const read = (await named('GetSecretValue')).find(
        ({ at, record }) => at > since && readsCurrent(record, version) && roleOf(record) === role,
      );
      return read && { by: `${role} read it at ${new Date(read.at).toISOString()}` };
    },
  };
}

/** A request names a secret by its name or its ARN, with or without the six random characters at its end. */
function isOf(secret: string, { requestParameters }: EventRecord): boolean {
  const said = requestParameters?.secretId ?? '';
  const name = said.startsWith('arn:') ? said.split(':').slice(6).join(':') : said;
  return name === secret || (said.startsWith('arn:') && name.replace(/-[A-Za-z0-9]{6}$/, '') === secret);
}

function readsCurrent({ requestParameters }: EventRecord, version: string): boolean {
  const { versionId = version, versionStage = 'AWSCURRENT' } = requestParameters ?? {};
  return versionId === version && versionStage === 'AWSCURRENT';
}

function roleOf({ userIdentity }: EventRecord): string | undefined {
  return userIdentity?.sessionContext?.sessionIssuer?.userName;
}
