import { type Digest, isEnd } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { judgeAttestation } from './attestation.ts';
import { eventIn, judgeNext } from './chain.ts';
import type { ChangeEvent } from './change-event.ts';
import { historiesOf, judgeRecord } from './contract-history.ts';
import { type ContractRecord, isRecordLine } from './contract-record.ts';
import {
  believe,
  type ContractAtHand,
  type ContractReport,
  isContractLine,
  keyTally,
} from './contracts-at-hand.ts';
import type { ChangeReport, EvidenceReport, LineReport, RotationReport } from './evidence-report.ts';
import { linesOf, type OpenedLine, openLine } from './line.ts';
import {
  judgeEntry,
  type RotationEntry,
  rotationEntryIn,
  speaksOfRotation,
  stateOf,
} from './rotation-entry.ts';
import type { TrustedKey, TrustFile } from './trust.ts';

export interface VerifyOptions {
  /** The bytes behind a digest, when the documents are at hand; then each that an event names must be there. */
  readonly documents?: (digest: Digest) => Uint8Array | undefined;
  /** Signed contracts, beside those that are lines of the file: they name keys that the trust file need not name. */
  readonly contracts?: readonly ContractAtHand[];
}

/**
 * Judges an evidence file (one envelope a line, as stored) with nothing but public keys: those of the trust file, and those
 * of signed contracts.
 * A change that has not ended does not hold: whether its record was cut cannot be told from the record.
 */
export function verifyEvidence(
  jsonl: Uint8Array | string,
  trust: TrustFile,
  options: VerifyOptions = {},
): EvidenceReport {
  const read = new Map<string, ChangeEvent[]>();
  const rotated = new Map<string, RotationEntry[]>();
  const agreed = new Map<string, ContractRecord[]>();
  const file = typeof jsonl === 'string' ? Buffer.from(jsonl) : jsonl;
  const given = [...linesOf(file)];
  const inFile = given.flatMap((bytes, index) =>
    isContractLine(bytes) ? [{ place: `line ${index + 1}`, bytes }] : [],
  );
  const believed = believe(trust, [...(options.contracts ?? []), ...inFile]);
  const tally = keyTally(believed);
  const judging = { ...options, trust: believed.trust, signed: tally.add };
  const lines = given.map((bytes, index): LineReport => {
    if (isContractLine(bytes)) return { line: index + 1, ...contractLine(believed.contracts, index + 1) };
    if (isRecordLine(bytes)) return { line: index + 1, ...judgeRecord(bytes, judging, agreed) };
    const opened = openLine(bytes);
    if (opened.kind === 'broken') return { line: index + 1, problems: opened.problems };
    const judged = speaksOfRotation(opened)
      ? judgeRotationLine(opened, judging, rotated)
      : judgeChangeLine(opened, judging, read);
    return { line: index + 1, ...judged };
  });
  const changes = [...read.values()].map(reportChange);
  const rotations = [...rotated].map(([id, entries]) => reportRotation(id, entries));
  const histories = historiesOf(agreed);
  const verified = changes.length + rotations.length + histories.length;
  const problems = verified === 0 ? ['the file has no event that verifies'] : [];
  const { contracts } = believed;
  const reports: readonly { readonly problems: readonly string[] }[] = [
    ...lines,
    ...changes,
    ...rotations,
    ...contracts,
  ];
  return {
    schemaVersion: 1,
    holds: problems.length === 0 && reports.every((report) => report.problems.length === 0),
    problems,
    lines,
    changes,
    rotations,
    histories,
    contracts,
    keys: tally.report(),
  };
}

interface Judging extends VerifyOptions {
  readonly trust: TrustFile;
  readonly signed: (key: TrustedKey) => void;
}

function contractLine(contracts: readonly ContractReport[], line: number): Omit<LineReport, 'line'> {
  const found = contracts.find(({ place }) => place === `line ${line}`);
  return { problems: found?.problems ?? [] };
}

function judgeRotationLine(
  line: OpenedLine,
  { trust, signed }: Judging,
  read: Map<string, RotationEntry[]>,
): Omit<LineReport, 'line'> {
  const reading = rotationEntryIn(line, trust);
  if (reading.kind === 'broken') return { problems: reading.problems };
  signed(reading.signedBy);
  const { tenant, environment, entry } = reading.entry;
  const id = `rotation/${tenant}/${environment}/${entry.credential}`;
  const before = listIn(read, id);
  const problems = judgeEntry(before, reading.entry);
  before.push(reading.entry);
  const { seq, at, by, fact } = entry;
  return { change: id, seq, to: fact.kind, occurredAt: at, actor: by.actor, problems };
}

function reportRotation(id: string, entries: readonly RotationEntry[]): RotationReport {
  const last = entries.at(-1);
  if (!last) throw new TypeError('a rotation that was read has an entry');
  return {
    id,
    generation: last.entry.generation,
    entries: entries.length,
    head: last.digest,
    late: entries.filter(({ late }) => late).length,
    problems: stateOf(entries).open
      ? [`ends at ${last.entry.fact.kind}: the rotation is not closed, or its last entries were cut off`]
      : [],
  };
}

function judgeChangeLine(
  line: OpenedLine,
  { trust, signed, documents }: Judging,
  read: Map<string, ChangeEvent[]>,
): Omit<LineReport, 'line'> {
  const reading = eventIn(line, trust);
  if (reading.kind === 'broken') return { problems: reading.problems };
  signed(reading.signedBy);
  const { event } = reading;
  const before = listIn(read, event.change.id);
  const problems = [
    ...judgeNext(before, event),
    ...(documents ? judgeDocuments(event, documents, trust) : []),
  ];
  before.push(event);
  return {
    change: event.change.id,
    seq: event.seq,
    to: event.transition.to,
    occurredAt: event.occurredAt,
    actor: event.actor.login,
    problems,
  };
}

/** The list under an id, which is empty if this is its first line. */
function listIn<Item>(lists: Map<string, Item[]>, id: string): Item[] {
  const list = lists.get(id) ?? [];
  lists.set(id, list);
  return list;
}

function judgeDocuments(
  event: ChangeEvent,
  documents: (digest: Digest) => Uint8Array | undefined,
  trust: TrustFile,
): readonly string[] {
  return event.evidence.flatMap(({ name, digest }): readonly string[] => {
    const bytes = documents(`sha256:${digest.sha256}`);
    if (bytes === undefined)
      return [`names the document ${name} (sha256:${digest.sha256}), which is not at hand`];
    return digestOf(bytes) === `sha256:${digest.sha256}`
      ? judgeAttestation(event, name, bytes, trust)
      : [`names the document ${name}, which was altered`];
  });
}

function reportChange(events: readonly ChangeEvent[]): ChangeReport {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) throw new TypeError('a change that was read has an event');
  const { id, tenant, environment, service, kind } = first.change;
  const state = last.transition.to;
  return {
    id,
    tenant,
    environment,
    service,
    kind,
    state,
    subject: last.subject,
    events: events.length,
    head: last.digest,
    problems: isEnd(state)
      ? []
      : [`ends at ${state}: the change has not ended, or its last events were cut off`],
  };
}
