import { instant } from '@tenant-delivery/action-kit/instant';
import { canonicalJson, type Digest, ENVIRONMENT, isDigest, TENANT } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { openEnvelope, parseJson, seal } from './dsse.ts';
import type { Signer } from './ports.ts';
import { attribute, type TrustedKey, type TrustFile } from './trust.ts';

const RECORD_PAYLOAD_TYPE = 'application/vnd.tenant-delivery.contract-record+json';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const digest = v.custom<Digest>((said) => typeof said === 'string' && isDigest(said));

/** A contract, by its serial and the digest of its canonical JSON. */
const Version = v.strictObject({ serial: count, contract: digest });

/** A GitHub user. Numbers do not change. */
const Someone = v.strictObject({ id: count, login: text });

const CHANGED = {
  tenant: v.pipe(v.string(), v.regex(TENANT)),
  environment: v.pipe(v.string(), v.regex(ENVIRONMENT)),
  ...Version.entries,
  /** The contract that was in force. */
  before: Version,
  at: instant(),
  /** What changes for whom, as `contract diff` says it. */
  changes: v.array(text),
};

/** Who asked for a contract that replaces another one, who agreed, and what it changes. The contract key signs it. */
const ReviewedContract = v.strictObject({
  schemaVersion: v.literal(1),
  ...CHANGED,
  /** Who wrote, pushed, merged or asked for what was merged, and who started the run. */
  askedBy: v.pipe(v.array(Someone), v.minLength(1)),
  /** Reviewers of the run's environment, none of whom asked. */
  approvedBy: v.pipe(v.array(Someone), v.minLength(1)),
  run: v.strictObject({ repository: text, runId: text, runAttempt: count, sha: text }),
});
export type ReviewedContract = v.InferOutput<typeof ReviewedContract>;

/** A contract that a person signed by hand: no job saw who asked for it or who agreed. */
const ContractByHand = v.strictObject({
  schemaVersion: v.literal(2),
  ...CHANGED,
  byHand: v.strictObject({
    /** ARN of the caller who signed, by the word of STS. */
    principal: text,
    /** Why no job did it, in that person's words. */
    reason: text,
  }),
});

const ContractRecord = v.variant('schemaVersion', [ReviewedContract, ContractByHand]);
export type ContractRecord = v.InferOutput<typeof ContractRecord>;

export async function sealRecord(record: ContractRecord, signer: Signer): Promise<Uint8Array> {
  return seal(signer, RECORD_PAYLOAD_TYPE, Buffer.from(canonicalJson(record)));
}

const MARKED = `"payloadType":"${RECORD_PAYLOAD_TYPE}"`;

/** Whether a line of evidence is such a record. Base64 has no quotes, so that no payload looks like one. */
export function isRecordLine(line: Uint8Array): boolean {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).includes(MARKED);
}

/** A record whose signature was verified, or what is wrong with it. Needs no network. */
export function readRecord(
  bytes: Uint8Array,
  trust: TrustFile,
):
  | { readonly record: ContractRecord; readonly signedBy: TrustedKey }
  | { readonly problems: readonly string[] } {
  const envelope = openEnvelope(bytes);
  if (envelope?.payloadType !== RECORD_PAYLOAD_TYPE) return { problems: ['is no record of a contract'] };
  const read = v.safeParse(ContractRecord, parseJson(envelope.payload));
  if (!read.success) return { problems: ['is no record of a contract that this release reads'] };
  const record = read.output;
  const { tenant, environment, serial, before } = record;
  const at = Date.parse(record.at);
  const signed = attribute(envelope, trust, { duties: ['contract'], tenant, environment, at });
  if (signed.kind === 'unsigned') return { problems: ['has no signature'] };
  if (signed.kind === 'refused') return { problems: signed.why };
  const both =
    'byHand' in record
      ? []
      : record.approvedBy.filter(({ id }) => record.askedBy.some((asked) => asked.id === id));
  const problems = [
    ...both.map(({ login }) => `${login} asked for serial ${serial} and approved it`),
    ...(before.serial < serial ? [] : [`serial ${serial} does not come after ${before.serial}`]),
  ];
  return problems.length > 0 ? { problems } : { record, signedBy: signed.key };
}

/** What a record says that the one before it contradicts. */
export function judgeAfter(
  earlier: ContractRecord | undefined,
  { before }: ContractRecord,
): readonly string[] {
  if (earlier === undefined) return [];
  if (earlier.serial === before.serial && earlier.contract === before.contract) return [];
  return [
    `follows serial ${before.serial}, and the record before it is of serial ${earlier.serial}: what came between was published by hand and without a record, which cannot be added any more. The earlier versions of the contract in the bucket show what it was, and CloudTrail who put it there`,
  ];
}
