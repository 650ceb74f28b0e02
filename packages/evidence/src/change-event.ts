import { instant } from '@tenant-delivery/action-kit/instant';
import {
  CHANGE_ID,
  CHANGE_KINDS,
  CHANGE_STATES,
  type Digest,
  ENVIRONMENT,
  SERVICE,
  TENANT,
} from '@tenant-delivery/domain';
import * as v from 'valibot';

export const EVENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const CHANGE_EVENT_TYPE = 'https://tenant-delivery.dev/change-event/v1';

const text = v.pipe(
  v.string(),
  v.minLength(1, 'is empty'),
  v.maxLength(2000, 'is longer than 2000 characters'),
);
const sha256 = v.strictObject({
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')),
});

const Change = v.strictObject({
  id: v.pipe(v.string(), v.regex(CHANGE_ID, 'must be a change id')),
  tenant: v.pipe(v.string(), v.regex(TENANT)),
  environment: v.pipe(v.string(), v.regex(ENVIRONMENT)),
  service: v.pipe(v.string(), v.regex(SERVICE)),
  kind: v.picklist(CHANGE_KINDS),
  reason: v.optional(text),
  /** The change that a rollback undoes. */
  revertOf: v.optional(v.pipe(v.string(), v.regex(CHANGE_ID))),
  /** A ticket number of a system of the customer's or the provider's. */
  externalRef: v.optional(text),
});

const Actor = v.strictObject({
  kind: v.picklist(['human', 'workflow']),
  /** `github:<numeric id>`: names change, numbers do not. */
  id: text,
  login: text,
  role: v.optional(text),
  /** How it acted: `push`, `workflow_dispatch`, `environment-review`, … */
  via: text,
});

/** The job that speaks, by the claims of its token. */
export const Run = v.strictObject({
  repository: text,
  repositoryId: text,
  runId: text,
  runAttempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  jobWorkflowRef: text,
  sha: text,
  event: text,
});

const Decision = v.strictObject({
  result: v.picklist(['allow', 'deny', 'inconclusive']),
  /** Stable codes; the document that the evidence names explains them. */
  reasons: v.array(text),
  /** One sentence for a reader. */
  note: v.optional(text),
});

const Evidence = v.strictObject({ name: text, digest: sha256, mediaType: v.optional(text) });

const Predicate = v.strictObject({
  change: Change,
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The digest of the previous envelope's bytes as stored. */
  prev: v.nullable(sha256),
  transition: v.strictObject({ from: v.nullable(v.picklist(CHANGE_STATES)), to: v.picklist(CHANGE_STATES) }),
  /** When the signer acted, by its own clock. */
  occurredAt: instant(),
  actor: Actor,
  run: Run,
  plan: v.optional(v.strictObject({ digest: sha256 })),
  decision: v.optional(Decision),
  evidence: v.array(Evidence),
  /** In the closing event only: how many events it closes, and the digest of the last of them. */
  head: v.optional(v.strictObject({ events: v.pipe(v.number(), v.integer()), ...sha256.entries })),
});

/** An in-toto Statement v1 about one step of one change. */
export const ChangeStatement = v.strictObject({
  _type: v.literal(STATEMENT_TYPE),
  subject: v.pipe(
    v.array(v.strictObject({ name: text, digest: sha256 })),
    v.length(1, 'must be one subject'),
  ),
  predicateType: v.literal(CHANGE_EVENT_TYPE),
  predicate: Predicate,
});

export type ChangeStatement = v.InferOutput<typeof ChangeStatement>;
export type ChangeFacts = v.InferOutput<typeof Change>;
export type Actor = v.InferOutput<typeof Actor>;
export type RunFacts = v.InferOutput<typeof Run>;
export type Decision = v.InferOutput<typeof Decision>;
export type EvidenceItem = v.InferOutput<typeof Evidence>;

/** One step of a change, read back: its words, and the digest of the envelope that carries them. */
export interface ChangeEvent extends v.InferOutput<typeof Predicate> {
  readonly subject: ChangeStatement['subject'][number];
  /** Of the envelope's bytes as stored; the next event's `prev`. */
  readonly digest: Digest;
}
