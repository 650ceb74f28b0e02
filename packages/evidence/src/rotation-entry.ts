import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { instant } from '@tenant-delivery/action-kit/instant';
import { canonicalJson, type Digest, ENVIRONMENT, isDigest, TENANT } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { Run, STATEMENT_TYPE } from './change-event.ts';
import { type BrokenLine, broken, type OpenedLine, openLine } from './line.ts';
import { attribute, type TrustedKey, type TrustFile } from './trust.ts';

export const ROTATION_ENTRY_TYPE = 'https://tenant-delivery.dev/rotation-entry/v1';

const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const digest = v.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'must be a digest');
const text = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(500, 'is too long'));

/** An entry of a rotation's journal, as far as every kind of credential writes it. It has no secret in it. */
const JournalEntry = v.strictObject({
  schemaVersion: v.literal(1),
  credential: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{1,39}$/, 'must be the name of a credential')),
  generation: number,
  seq: number,
  /** The entry before it, also across generations. */
  prev: v.nullable(digest),
  at: instant(),
  by: v.strictObject({ run: text, attempt: number, actor: text, commit: text, process: text }),
  fact: v.looseObject({ kind: text }),
});
export type JournalEntry = v.InferOutput<typeof JournalEntry>;

/** An in-toto Statement v1 about one entry of a rotation's journal: the entry itself, and the job that speaks for it. */
export const RotationStatement = v.strictObject({
  _type: v.literal(STATEMENT_TYPE),
  subject: v.pipe(
    v.array(
      v.strictObject({
        name: text,
        digest: v.strictObject({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
      }),
    ),
    v.length(1, 'must be one subject'),
  ),
  predicateType: v.literal(ROTATION_ENTRY_TYPE),
  predicate: v.strictObject({
    tenant: v.pipe(v.string(), v.regex(TENANT)),
    environment: v.pipe(v.string(), v.regex(ENVIRONMENT)),
    /** The contract under which the job signs. */
    contract: v.strictObject({ digest: v.strictObject({ sha256: v.string() }) }),
    /** The job that signs: the one that wrote the entry, or a later one, where that job died in between. */
    run: Run,
    signedAt: instant(),
    /** The job that signs this entry found it in the journal and did not write it. */
    found: v.optional(v.literal(true)),
    entry: JournalEntry,
  }),
});
export type RotationStatement = v.InferOutput<typeof RotationStatement>;

/** One entry of a journal, read back from its envelope. */
export interface RotationEntry {
  readonly tenant: string;
  readonly environment: string;
  readonly entry: JournalEntry;
  /** Of the entry's bytes, as the journal has them; the next entry's `prev`. */
  readonly digest: Digest;
  readonly signedAt: string;
  /** Who wrote it had no time to sign it: a later job found it in the journal. */
  readonly late: boolean;
}

export type RotationReading =
  | { readonly kind: 'entry'; readonly entry: RotationEntry; readonly signedBy: TrustedKey }
  | BrokenLine;

/** Whether a line claims to be about a rotation. */
export function speaksOfRotation({ statement }: OpenedLine): boolean {
  return Object(statement).predicateType === ROTATION_ENTRY_TYPE;
}

/** What one envelope is: an entry that a rotate key of its environment signed, or why not. Says nothing about its place. */
export function readRotationEntry(bytes: Uint8Array, trust: TrustFile): RotationReading {
  const line = openLine(bytes);
  return line.kind === 'broken' ? line : rotationEntryIn(line, trust);
}

export function rotationEntryIn({ envelope, statement }: OpenedLine, trust: TrustFile): RotationReading {
  const parsed = parseDocument(RotationStatement, statement);
  if ('mistakes' in parsed) return broken(...parsed.mistakes.map(describeMistake));
  const { predicate, subject } = parsed.document;
  const { tenant, environment, entry, run, signedAt, found: later } = predicate;
  const signed = attribute(envelope, trust, {
    duties: ['rotate'],
    tenant,
    environment,
    at: Date.parse(signedAt),
  });
  if (signed.kind === 'unsigned') return broken('has no signature');
  if (signed.kind === 'refused') return broken(...signed.why);
  const found = digestOf(Buffer.from(canonicalJson(entry)));
  const [about] = subject;
  if (about?.name !== journalKey(entry) || `sha256:${about.digest.sha256}` !== found)
    return broken('is about another entry than the one that it has');
  const late = later === true || run.runId !== entry.by.run || run.runAttempt !== entry.by.attempt;
  const read = { tenant, environment, entry, digest: found, signedAt, late };
  return { kind: 'entry', entry: read, signedBy: signed.key };
}

/** Where the journal has the entry. */
function journalKey({
  credential,
  generation,
  seq,
}: Pick<JournalEntry, 'credential' | 'generation' | 'seq'>): string {
  return `rotation/${credential}/${padded(generation)}/${padded(seq)}.json`;
}

function padded(number: number): string {
  return String(number).padStart(4, '0');
}

/**
 * Whether `next` may follow `before`, all entries of its credential so far that are at hand: every breach, in words. A
 * file may begin with any generation; what came before that is not judged.
 */
export function judgeEntry(before: readonly RotationEntry[], next: RotationEntry): readonly string[] {
  const last = before.at(-1);
  const { generation, seq, prev, fact } = next.entry;
  const opens = fact.kind === 'opened';
  const problems: string[] = [];
  if (generation > 0 && opens !== (seq === 0))
    problems.push(opens ? 'opens a rotation that is under way' : 'begins a rotation without opening it');
  if (!last) return seq === 0 ? problems : [...problems, 'is not the first entry of its rotation'];
  const expected = opens ? [last.entry.generation + 1, 0] : [last.entry.generation, last.entry.seq + 1];
  if (generation !== expected[0] || seq !== expected[1])
    problems.push(`is entry ${seq} of rotation ${generation} where ${expected[1]} of ${expected[0]} belongs`);
  if (prev !== last.digest) problems.push('does not name the entry before it');
  if (opens && stateOf(before).open) problems.push('opens a rotation before the one before it was closed');
  // a key that nobody uses may be deleted between two rotations
  if (!opens && closedIn(before) && fact.kind !== 'began' && fact.kind !== 'ended')
    problems.push(`says ${fact.kind} of a rotation that was closed`);
  return problems;
}

/**
 * Whether the last rotation of these entries is still to be closed; generation 0 is the time before the first. A journal of
 * grants has no such end: it is open while one of them is. A grant that its own run did not sign was never one.
 */
export function stateOf(entries: readonly RotationEntry[]): { readonly open: boolean } {
  const facts = newest(entries).map(({ entry }) => entry.fact);
  const grants = newest(entries).flatMap(({ late, entry: { fact } }) =>
    fact.kind === 'granted' && !late ? [fact] : [],
  );
  if (grants.length > 0)
    return {
      open: grants.some(
        ({ grant }) => !facts.some((fact) => fact.kind === 'over' && fact['grant'] === grant),
      ),
    };
  return { open: (entries.at(-1)?.entry.generation ?? 0) > 0 && !closedIn(entries) };
}

function closedIn(entries: readonly RotationEntry[]): boolean {
  const generation = entries.at(-1)?.entry.generation ?? 0;
  return generation === 0 || newest(entries).some(({ entry }) => entry.fact.kind === 'closed');
}

function newest(entries: readonly RotationEntry[]): readonly RotationEntry[] {
  const generation = entries.at(-1)?.entry.generation;
  return entries.slice(entries.findLastIndex(({ entry }) => entry.generation !== generation) + 1);
}
