import { type ChangeKind, type ChangeState, type Digest, isEnd } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { judgeAttestation } from './attestation.ts';
import { judgeNext, readEvent } from './chain.ts';
import type { ChangeEvent } from './change-event.ts';
import type { TrustFile } from './trust.ts';

/** What one line of an evidence file is, and everything that is wrong with it. */
export interface LineReport {
  /** From 1. */
  readonly line: number;
  readonly change?: string;
  readonly seq?: number;
  readonly to?: ChangeState;
  readonly occurredAt?: string;
  readonly actor?: string;
  readonly problems: readonly string[];
}

export interface ChangeReport {
  readonly id: string;
  readonly tenant: string;
  readonly environment: string;
  readonly service: string;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly subject: ChangeEvent['subject'];
  readonly events: number;
  /** The digest of the last event: what an outside anchor would name. */
  readonly head: Digest;
  readonly problems: readonly string[];
}

export interface EvidenceReport {
  readonly schemaVersion: 1;
  /** Nothing at all is wrong. */
  readonly holds: boolean;
  readonly problems: readonly string[];
  readonly lines: readonly LineReport[];
  readonly changes: readonly ChangeReport[];
}

export interface VerifyOptions {
  /** The bytes behind a digest, when the documents are at hand; then each that an event names must be there. */
  readonly documents?: (digest: Digest) => Uint8Array | undefined;
}

/**
 * Judges an evidence file (one envelope a line, as stored) with nothing but public keys.
 * A change that has not ended does not hold: whether its record was cut cannot be told from the record.
 */
export function verifyEvidence(jsonl: string, trust: TrustFile, options: VerifyOptions = {}): EvidenceReport {
  const read = new Map<string, ChangeEvent[]>();
  const texts = jsonl.endsWith('\n') ? jsonl.slice(0, -1).split('\n') : jsonl.split('\n');
  const lines = texts.map((text, index) => verifyLine(index + 1, text, trust, read, options));
  const changes = [...read.values()].map(reportChange);
  const problems = changes.length === 0 ? ['the file holds no event that verifies'] : [];
  const reports: readonly { readonly problems: readonly string[] }[] = [...lines, ...changes];
  return {
    schemaVersion: 1,
    holds: problems.length === 0 && reports.every((report) => report.problems.length === 0),
    problems,
    lines,
    changes,
  };
}

function verifyLine(
  line: number,
  text: string,
  trust: TrustFile,
  read: Map<string, ChangeEvent[]>,
  { documents }: VerifyOptions,
): LineReport {
  const reading = readEvent(Buffer.from(text), trust);
  if (reading.kind === 'broken') return { line, problems: reading.problems };
  const { event } = reading;
  const before = read.get(event.change.id) ?? [];
  const problems = [
    ...judgeNext(before, event),
    ...(documents ? judgeDocuments(event, documents, trust) : []),
  ];
  read.set(event.change.id, [...before, event]);
  return {
    line,
    change: event.change.id,
    seq: event.seq,
    to: event.transition.to,
    occurredAt: event.occurredAt,
    actor: event.actor.login,
    problems,
  };
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
