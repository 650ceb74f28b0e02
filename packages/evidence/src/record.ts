import { type ChangeState, canonicalJson, type Digest, dutiesFor } from '@tenant-delivery/domain';
import type { Vault } from '@tenant-delivery/vault/ports';
import { hex, judgeNext, readEvent } from './chain.ts';
import {
  type Actor,
  CHANGE_EVENT_TYPE,
  type ChangeEvent,
  type ChangeFacts,
  type ChangeStatement,
  type Decision,
  EVENT_PAYLOAD_TYPE,
  type RunFacts,
  STATEMENT_TYPE,
} from './change-event.ts';
import { seal } from './dsse.ts';
import { failures } from './failures.ts';
import { markBegun, markEnded } from './past-marks.ts';
import type { Signer } from './ports.ts';
import type { TrustFile } from './trust.ts';

/** Where the events of one service's changes lie. */
export interface Place {
  readonly tenant: string;
  readonly environment: string;
  readonly service: string;
}

export function eventPrefix({ environment, service }: Place, change: string): string {
  return `changes/${environment}/${service}/${change}/`;
}

/** `<seq>.dsse.json`, the number padded so that a listing is in order. */
export function eventKey(place: Place, change: string, seq: number): string {
  return `${eventPrefix(place, change)}${String(seq).padStart(4, '0')}.dsse.json`;
}

/** The stored envelopes of a change, in order; empty when there is no such change. */
export async function readEnvelopes(
  vault: Vault,
  place: Place,
  change: string,
): Promise<readonly Uint8Array[]> {
  const keys = await vault.list(eventPrefix(place, change));
  const misplaced = keys.filter((key, seq) => key !== eventKey(place, change, seq));
  if (misplaced.length > 0) {
    throw failures.evidenceBroken(
      change,
      misplaced.map((key) => `${key} is out of sequence`),
    );
  }
  return Promise.all(
    keys.map(async (key) => {
      const stored = await vault.read(key);
      if (!stored) throw failures.evidenceBroken(change, [`${key} was listed and is gone`]);
      return stored.bytes;
    }),
  );
}

/** Reads a change and believes nothing: signatures, sequence, states, plans. Throws EVIDENCE_BROKEN with every breach. */
export async function loadChange(
  vault: Vault,
  trust: TrustFile | Promise<TrustFile>,
  place: Place,
  change: string,
): Promise<readonly ChangeEvent[]> {
  return readChange(await readEnvelopes(vault, place, change), await trust, place, change);
}

/** As `loadChange`, of envelopes that are at hand: a record that was copied is believed no more than one in its place. */
export function readChange(
  envelopes: readonly Uint8Array[],
  trust: TrustFile,
  place: Place,
  change: string,
): readonly ChangeEvent[] {
  const events: ChangeEvent[] = [];
  for (const [seq, bytes] of envelopes.entries()) {
    const reading = readEvent(bytes, trust);
    const problems =
      reading.kind === 'broken'
        ? reading.problems
        : [...judgeNext(events, reading.event), ...judgeHome(place, change, reading.event)];
    if (reading.kind === 'broken' || problems.length > 0) {
      throw failures.evidenceBroken(
        change,
        problems.map((problem) => `event ${seq} ${problem}`),
      );
    }
    events.push(reading.event);
  }
  return events;
}

/** Whether an event is in the place that it names. A signature stays valid wherever the bytes are copied, so the place must be checked too. */
export function judgeHome(
  place: Place,
  change: string,
  { change: said }: Pick<ChangeEvent, 'change'>,
): readonly string[] {
  const same =
    said.id === change &&
    said.tenant === place.tenant &&
    said.environment === place.environment &&
    said.service === place.service;
  return same ? [] : [`belongs to ${said.id} of ${said.tenant}/${said.environment}/${said.service}`];
}

/** Where a job records, what it believes there, and what it signs with. */
export interface Recording {
  readonly vault: Vault;
  readonly trust: TrustFile | Promise<TrustFile>;
  readonly signer: Signer | Promise<Signer>;
}

/** What a step adds to a change. */
export interface Step {
  readonly to: ChangeState;
  readonly actor: Actor;
  readonly run: RunFacts;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the change is about from here on. If absent, the same as before. */
  readonly subject?: { readonly name: string; readonly digest: Digest } | undefined;
  readonly plan?: Digest | undefined;
  readonly decision?: Decision | undefined;
  readonly evidence?: Readonly<Record<string, Digest>> | undefined;
  /** Ends when the documents that the event names are in the vault. The event is signed meanwhile, and written after that. */
  readonly stored?: Promise<unknown> | undefined;
}

/**
 * Appends one event at the next number, or finds that this very step was recorded already.
 * Answers all events afterwards. Throws TRANSITION_NOT_ALLOWED for a step that could never follow,
 * EVENT_UNVERIFIABLE for one that nobody could believe, and CHANGE_MOVED when another run has taken the number.
 */
export async function appendEvent(
  { vault, ...recording }: Recording,
  change: ChangeFacts,
  before: readonly ChangeEvent[],
  step: Step,
): Promise<readonly ChangeEvent[]> {
  const last = before.at(-1);
  if (last && isSameStep(last, step)) return before;
  const [trust, signer] = await Promise.all([recording.trust, recording.signer]);
  const state = last?.transition.to ?? 'not begun';
  if (!dutiesFor(change.kind, step.to).includes(signer.duty)) {
    const why = `the ${signer.duty} key may not sign that`;
    throw failures.transitionNotAllowed(change.id, state, step.to, why);
  }
  const statement = compose(change, last, step);
  const bytes = await seal(signer, EVENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)));
  const reading = readEvent(bytes, trust); // what would not verify is never written
  if (reading.kind === 'broken') throw failures.eventUnverifiable(change.id, step.to, reading.problems);
  const { event } = reading;
  const problems = judgeNext(before, event);
  if (problems.length > 0) {
    throw failures.transitionNotAllowed(change.id, state, step.to, `the event ${problems.join(' and ')}`);
  }
  await step.stored;
  if (step.to === 'deploying') await markBegun(vault, change, change.id, Date.parse(event.occurredAt));
  const written = await vault.create(eventKey(change, change.id, event.seq), bytes);
  if (written !== 'exists') {
    const events = [...before, event];
    await markEnded(vault, signer, events).catch(() => {}); // the event counts; without the mark it has to be read
    return events;
  }
  const now = await loadChange(vault, trust, change, change.id);
  const theirs = now[event.seq];
  if (theirs && isSameStep(theirs, step)) return now;
  throw failures.changeMoved(change.id, state, now.at(-1)?.transition.to ?? 'gone', step.to);
}

/** The same run and attempt, going to the same state: a step that was repeated, or whose answer was lost. */
function isSameStep(event: ChangeEvent, step: Step): boolean {
  return (
    event.transition.to === step.to &&
    event.run.repositoryId === step.run.repositoryId &&
    event.run.runId === step.run.runId &&
    event.run.runAttempt === step.run.runAttempt
  );
}

function compose(change: ChangeFacts, last: ChangeEvent | undefined, step: Step): ChangeStatement {
  const evidence = Object.entries(step.evidence ?? {}).map(([name, digest]) => ({
    name,
    digest: { sha256: hexOf(digest) },
  }));
  const [first] = evidence;
  const subject = step.subject
    ? { name: step.subject.name, digest: { sha256: hexOf(step.subject.digest) } }
    : (last?.subject ?? first);
  if (!subject) throw new TypeError('the first event of a change needs a subject or a document');
  return {
    _type: STATEMENT_TYPE,
    subject: [subject],
    predicateType: CHANGE_EVENT_TYPE,
    predicate: {
      change,
      seq: last ? last.seq + 1 : 0,
      prev: last ? { sha256: hexOf(last.digest) } : null,
      transition: { from: last?.transition.to ?? null, to: step.to },
      occurredAt: new Date(step.at).toISOString(),
      actor: step.actor,
      run: step.run,
      evidence,
      ...(step.plan && { plan: { digest: { sha256: hexOf(step.plan) } } }),
      ...(step.decision && { decision: step.decision }),
      ...(step.to === 'closed' && last && { head: { events: last.seq + 1, sha256: hexOf(last.digest) } }),
    },
  };
}

function hexOf(digest: Digest): string {
  return hex(digest) ?? '';
}
