import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import {
  type ChangeKind,
  type ChangeState,
  canonicalJson,
  type Digest,
  dutiesFor,
  imageEntersAt,
  isPart,
  isPreApproved,
  isProvisioning,
  nextStates,
} from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { type ChangeEvent, ChangeStatement } from './change-event.ts';
import { judgeBrought } from './documents-by-step.ts';
import { type BrokenLine, broken, type OpenedLine, openLine } from './line.ts';
import { attribute, type TrustedKey, type TrustFile } from './trust.ts';

const CLOCK_SKEW = 5 * 60_000; // how far two runners' clocks may disagree before the order is in doubt

/** What one envelope is: an event that its signer could sign, or why not. Says nothing about its place. */
export type Reading =
  | { readonly kind: 'event'; readonly event: ChangeEvent; readonly signedBy: TrustedKey }
  | BrokenLine;

export function readEvent(bytes: Uint8Array, trust: TrustFile): Reading {
  const line = openLine(bytes);
  return line.kind === 'broken' ? line : eventIn(line, trust);
}

export function eventIn({ envelope, statement, bytes }: OpenedLine, trust: TrustFile): Reading {
  const parsed = parseDocument(ChangeStatement, statement);
  if ('mistakes' in parsed) return broken(...parsed.mistakes.map(describeMistake));
  const { predicate, subject } = parsed.document;
  const { change, transition, occurredAt } = predicate;
  const attribution = attribute(envelope, trust, {
    duties: dutiesFor(change.kind, transition.to),
    tenant: change.tenant,
    environment: change.environment,
    at: Date.parse(occurredAt),
  });
  if (attribution.kind === 'unsigned') return broken('has no signature');
  if (attribution.kind === 'refused') return broken(...attribution.why);
  const [about] = subject;
  if (!about) return broken('has no subject');
  const event = { ...predicate, subject: about, digest: digestOf(bytes) };
  return { kind: 'event', event, signedBy: attribution.key };
}

/**
 * Whether `event` may follow `before` (all events of its change so far, in order): every breach, in words.
 * Writer and verifier ask the same question.
 */
export function judgeNext(before: readonly ChangeEvent[], event: ChangeEvent): readonly string[] {
  const last = before.at(-1);
  return [
    ...judgePlace(before, last, event),
    ...judgeTarget(event),
    ...judgeTransition(last, event),
    ...judgePlan(before, event),
    ...judgeSubject(last, event),
    ...judgeActor(before, event),
    ...judgeBrought(before, event),
  ];
}

function judgePlace(
  before: readonly ChangeEvent[],
  last: ChangeEvent | undefined,
  event: ChangeEvent,
): string[] {
  const problems: string[] = [];
  if (event.seq !== before.length)
    problems.push(`has the number ${event.seq} where ${before.length} belongs`);
  if (hex(last?.digest) !== event.prev?.sha256) {
    problems.push(last ? 'does not name the event before it' : 'names an event before it, but is the first');
  }
  if (last && canonicalJson(last.change) !== canonicalJson(event.change)) {
    problems.push('describes another change than the event before it');
  }
  if (last && Date.parse(event.occurredAt) < Date.parse(last.occurredAt) - CLOCK_SKEW) {
    problems.push(`says ${event.occurredAt}, before the event that it follows (${last.occurredAt})`);
  }
  return problems;
}

/** A part is provisioned and a service delivered to: else a key of the one could write into the history of the other. */
function judgeTarget({ change: { kind, service } }: ChangeEvent): string[] {
  if (isProvisioning(kind) === isPart(service)) return [];
  return [
    `is a ${kind} of ${service}, which is ${isPart(service) ? 'a part of an environment' : 'a service'}`,
  ];
}

function judgeTransition(last: ChangeEvent | undefined, event: ChangeEvent): string[] {
  const { from, to } = event.transition;
  const state = last?.transition.to;
  const problems: string[] = [];
  if (from !== (state ?? null))
    problems.push(`goes from ${from ?? 'nothing'}, but the change was ${state ?? 'not begun'}`);
  if (!nextStates(event.change.kind, state).includes(to)) {
    problems.push(
      `goes to ${to}, which cannot follow ${state ?? 'nothing'} in a change of kind ${event.change.kind}`,
    );
  }
  const closes = to === 'closed';
  if (closes && (event.head?.sha256 !== hex(last?.digest) || event.head?.events !== event.seq)) {
    problems.push('closes the change without naming its head');
  }
  if (!closes && event.head) problems.push('names a head, which only the closing event does');
  return problems;
}

const PLAN_REQUIRED: readonly ChangeState[] = ['planned', 'approved', 'deploying'];

function judgePlan(before: readonly ChangeEvent[], event: ChangeEvent): string[] {
  const { to } = event.transition;
  const plan = event.plan?.digest.sha256;
  if (!PLAN_REQUIRED.includes(to)) return [];
  if (plan === undefined) return [`is ${to} without naming a plan`];
  const planned = before.findLast((earlier) => earlier.transition.to === 'planned')?.plan?.digest.sha256;
  if (to === 'approved' && plan !== planned) return ['approves another plan than the newest one'];
  if (to !== 'deploying') return [];
  if (plan !== planned) return ['deploys another plan than the newest one'];
  if (isPreApproved(event.change.kind)) return [];
  const approved = before.findLast((earlier) => earlier.transition.to === 'approved')?.plan?.digest.sha256;
  return plan === approved ? [] : ['deploys a plan that was not approved'];
}

/**
 * The number of the event that leaves a state: a change of one kind comes to each state by one way. `undefined` for a state
 * that no change of the kind leaves.
 */
export function numberAfter(kind: ChangeKind, from: ChangeState | null): number | undefined {
  let states: readonly (ChangeState | undefined)[] = [undefined];
  for (let number = 0; states.length > 0; number += 1) {
    if (states.includes(from ?? undefined)) return number;
    states = states.flatMap((state) => nextStates(kind, state));
  }
  return undefined;
}

/** One image runs through everything: what the change is about is settled when its image enters. */
function judgeSubject(last: ChangeEvent | undefined, event: ChangeEvent): string[] {
  const { to } = event.transition;
  if (!last || to === imageEntersAt(event.change.kind)) return [];
  return canonicalJson(last.subject) === canonicalJson(event.subject)
    ? []
    : [`is about ${event.subject.name}, the event before it about ${last.subject.name}`];
}

/** Four eyes: nobody approves what they proposed. The other rules of approval need more than the record to judge. */
function judgeActor(before: readonly ChangeEvent[], event: ChangeEvent): string[] {
  const proposer = before[0]?.actor.id;
  return event.transition.to === 'approved' && event.actor.id === proposer
    ? [`is approved by ${event.actor.login}, who proposed it`]
    : [];
}

export function hex(digest: Digest | undefined): string | undefined {
  return digest?.slice('sha256:'.length);
}
