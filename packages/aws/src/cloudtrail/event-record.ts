import * as v from 'valibot';

/** A member of another type counts as absent: each service writes its own records. */
const text = v.fallback(v.optional(v.string()), undefined);
const members = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.fallback(v.optional(v.object(entries)), undefined);

const eventRecord = v.object({
  userIdentity: members({
    arn: text,
    sessionContext: members({ sessionIssuer: members({ arn: text, userName: text }) }),
  }),
  sourceIPAddress: text,
  userAgent: text,
  errorCode: text,
  requestParameters: members({
    secretId: text,
    versionId: text,
    versionStage: text,
    moveToVersionId: text,
    clientRequestToken: text,
  }),
  responseElements: members({ accessKey: members({ accessKeyId: text }) }),
  additionalEventData: members({ ClientRequestToken: text, rotationStep: text }),
});

/** An event as CloudTrail stores it ("CloudTrail record contents"), as far as we read it. */
export type EventRecord = v.InferOutput<typeof eventRecord>;

export function recordIn(json: string): EventRecord {
  return v.parse(eventRecord, JSON.parse(json));
}
