import type { SecretState, SecretStore } from '@tenant-delivery/credentials/secrets-manager/ports';
import { booleanIn, numberIn, objectIn, objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { lookUpEvents, recordIn } from '../cloudtrail/key-trail.ts';
import { answered } from '../errors/answered.ts';
import { required } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { describedSecret, moveLabel, SECRETS_MANAGER } from './secret-calls.ts';
import { secretVersions } from './secret-versions.ts';

const SINCE = 7 * 24 * 3_600_000; // milliseconds: how far back a failed rotation is looked for

/** A secret that tasks are given: its versions and labels, never a value. `once`: requests are sent a single time. */
export function rotatingSecret(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  SecretId: string,
  now: () => number,
): SecretStore {
  const call = jsonCaller(SECRETS_MANAGER, config);
  const callOnce = jsonCaller(SECRETS_MANAGER, once);
  return {
    describe: async () => {
      const answer = await describedSecret(call, SecretId);
      if (!answer) return { kind: 'absent' };
      if (numberIn(answer, 'DeletedDate') !== undefined)
        return { kind: 'unusable', why: 'is scheduled for deletion' };
      const changed = timeIn(answer, 'LastChangedDate') ?? timeIn(answer, 'CreatedDate');
      return {
        kind: 'usable',
        arn: required(textIn(answer, 'ARN'), 'ARN'),
        managed:
          booleanIn(answer, 'RotationEnabled') === true || textIn(answer, 'OwningService') !== undefined,
        // a version that came to nothing and lost its label still takes its id
        versions: (await secretVersions(call, SecretId, { IncludeDeprecated: true })).versions,
        changedAt: required(changed, 'LastChangedDate'),
        replicas: replicasIn(answer),
      };
    },
    failure: async (version) => {
      const found = await lookUpEvents(config, config.region, ['EventName', 'RotationFailed'], now() - SINCE);
      for (const event of found) {
        const told = objectIn(recordIn(event), 'additionalEventData') ?? {};
        if (textIn(told, 'ClientRequestToken') !== version) continue;
        const step = /^[A-Za-z]{1,40}$/.exec(textIn(told, 'rotationStep') ?? '')?.[0];
        return `CloudTrail: the rotation failed${step === undefined ? '' : ` at ${step}`}`;
      }
      return undefined;
    },
    // nothing of how and when it rotates by itself is said, so nothing of that changes
    rotate: (version) =>
      answered(callOnce('RotateSecret', { SecretId, ClientRequestToken: version, RotateImmediately: true })),
    label: (label, to, from) => moveLabel(callOnce, SecretId, label, to, from),
  };
}

function replicasIn(
  answer: Parameters<typeof objectsIn>[0],
): Extract<SecretState, { kind: 'usable' }>['replicas'] {
  return (objectsIn(answer, 'ReplicationStatus') ?? []).map((replica) => ({
    region: required(textIn(replica, 'Region'), 'ReplicationStatus[].Region'),
    status: required(textIn(replica, 'Status'), 'ReplicationStatus[].Status'),
  }));
}
