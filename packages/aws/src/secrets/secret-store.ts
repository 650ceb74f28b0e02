import type { ReplicationStatusType } from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from '@tenant-delivery/credentials/secrets-manager/ports';
import { lookUpEvents } from '../cloudtrail/events.ts';
import { answered } from '../errors/answered.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { secretVersions } from './secret-versions.ts';
import { describedSecret, moveLabel, secretsClient } from './secrets-client.ts';

const SINCE = 7 * 24 * 3_600_000; // milliseconds: how far back a failed rotation is looked for

/** A secret that tasks get: its versions and labels, never a value. Requests made with `once` are sent a single time. */
export function secretStore(
  config: ClientConfig,
  once: ClientConfig,
  SecretId: string,
  now: () => number,
): SecretStore {
  const secrets = secretsClient(config);
  const secretsOnce = secretsClient(once);
  return {
    describe: async () => {
      const answer = await describedSecret(secrets, SecretId);
      if (!answer) return { kind: 'absent' };
      if (answer.DeletedDate !== undefined) return { kind: 'unusable', why: 'is scheduled for deletion' };
      const changed = answer.LastChangedDate ?? answer.CreatedDate;
      return {
        kind: 'usable',
        arn: required(answer.ARN, 'ARN'),
        managed: answer.RotationEnabled === true || answer.OwningService !== undefined,
        // also failed versions without a label, because their ids stay taken
        versions: (await secretVersions(secrets, SecretId, { IncludeDeprecated: true })).versions,
        changedAt: required(changed, 'LastChangedDate').getTime(),
        replicas: (answer.ReplicationStatus ?? []).map(replicaIn),
      };
    },
    failure: async (version) => {
      const found = await lookUpEvents(config, config.region, ['EventName', 'RotationFailed'], now() - SINCE);
      for (const { record } of found) {
        const told = record.additionalEventData;
        if (told?.ClientRequestToken !== version) continue;
        const step = /^[A-Za-z]{1,40}$/.exec(told.rotationStep ?? '')?.[0];
        return `CloudTrail: the rotation failed${step === undefined ? '' : ` at ${step}`}`;
      }
      return undefined;
    },
    // the request names no function and no schedule, so neither changes
    rotate: (version) =>
      answered(
        secretsOnce.send(
          (sdk) =>
            new sdk.RotateSecretCommand({ SecretId, ClientRequestToken: version, RotateImmediately: true }),
        ),
      ),
    label: (label, to, from) => moveLabel(secretsOnce, SecretId, label, to, from),
  };
}

function replicaIn({ Region, Status }: ReplicationStatusType) {
  return {
    region: required(Region, 'ReplicationStatus[].Region'),
    status: required(Status, 'ReplicationStatus[].Status'),
  };
}
