import {
  CHANGE_KINDS,
  CHANGE_STATES,
  type ChangeKind,
  type ChangeState,
  canonicalJson,
  type Duty,
  dutiesFor,
  isEnd,
  isProvisioning,
} from '@tenant-delivery/domain';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { ChangeEvent } from './change-event.ts';
import { pae } from './dsse.ts';
import type { Signer } from './ports.ts';
import type { Place } from './record.ts';
import { attribute, type TrustFile } from './trust.ts';

const ENDED_PAYLOAD_TYPE = 'application/vnd.tenant-delivery.ended+json';

/** How a change ended, as its mark proves it. Times are milliseconds since the epoch. */
export interface EndedChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  /** Its last event. */
  readonly at: number;
  /** `undefined` for a change that never began to deploy. */
  readonly deployedAt: number | undefined;
  /** SHA-256 (hex) of what it was about: an image, or a contract where it provisioned. */
  readonly image: string;
  /** The run that proposed it. */
  readonly run: { readonly runId: string; readonly runAttempt: number };
}

/** A change that says that it began to deploy, unproven, or one that ended, proven. */
export type Mark =
  | { readonly kind: 'begun'; readonly id: string; readonly deployedAt: number }
  | { readonly kind: 'ended'; readonly change: EndedChange };

/** Marks of changes that began to deploy: a listing gives the latest first. */
export function deployedMarks({ environment, service }: Place): string {
  return `past/${environment}/${service}/deployed/`;
}

/** Marks of changes that ended before they began to deploy, in the order of their ids. */
export function endedMarks({ environment, service }: Place): string {
  return `past/${environment}/${service}/ended/`;
}

/** Says that a change is about to begin to deploy. Written before the event, so that no such change goes unmarked. */
export async function markBegun(vault: Vault, place: Place, id: string, at: number): Promise<void> {
  await vault.create(`${deployedMarks(place)}${backwards(at)}.${id}/begun`, NOTHING);
}

/**
 * Says how a change ended, in a key that proves itself. Does nothing for a change that has not ended and for a signer that
 * no reader believes.
 */
export async function markEnded(vault: Vault, signer: Signer, events: readonly ChangeEvent[]): Promise<void> {
  const [first] = events;
  const ended = endedChange(events);
  if (!first || !ended || !mayMark(ended).includes(signer.duty)) return;
  const facts = factsOf(ended);
  if (!FACTS.test(facts)) return; // what a listing could not tell is read from the record
  const signature = await signer.sign(pae(ENDED_PAYLOAD_TYPE, statementOf(first.change, ended)));
  const text = Buffer.from(signer.algorithm.canonical(signature)).toString('base64url');
  const proof = `${signer.keyId.slice(0, KEY_ID)}.${text}`;
  const folder =
    ended.deployedAt === undefined
      ? `${endedMarks(first.change)}${ended.id}`
      : `${deployedMarks(first.change)}${backwards(ended.deployedAt)}.${ended.id}`;
  await vault.create(`${folder}/${facts}/${proof}`, NOTHING);
}

/** What a key under one of the two prefixes says; `undefined` for one that says nothing that can be believed. */
export function readMark(key: string, place: Place, trust: TrustFile): Mark | undefined {
  const [prefix, pattern] = key.startsWith(deployedMarks(place))
    ? ([deployedMarks(place), DEPLOYED] as const)
    : ([endedMarks(place), ENDED] as const);
  const { backwards: time, id, facts, proof } = pattern.exec(key.slice(prefix.length))?.groups ?? {};
  if (id === undefined) return undefined;
  const deployedAt = time === undefined ? undefined : LAST - Number(time);
  if (facts === undefined || proof === undefined)
    return deployedAt === undefined ? undefined : { kind: 'begun', id, deployedAt };
  const change = readFacts(facts, id, deployedAt);
  return change && isProven(change, proof, place, trust) ? { kind: 'ended', change } : undefined;
}

/** Which change a key is about, before anything of it is believed. */
export function markedId(key: string, place: Place): string | undefined {
  return MARKED.exec(key.slice(deployedMarks(place).length - 'deployed/'.length))?.groups?.['id'];
}

const NOTHING = new Uint8Array();
const LAST = 9_999_999_999_999; // milliseconds: the year 2286, in as many digits as now
const KEY_ID = 16; // characters of a key's id
const ID = '(?<id>chg_[0-9A-HJKMNP-TV-Z]{26})';
const PROOF = `(?<facts>[^/]+)/(?<proof>[0-9a-f]{${KEY_ID}}\\.[\\w-]+)`;
const DEPLOYED = new RegExp(`^(?<backwards>\\d{13})\\.${ID}/(?:begun|${PROOF})$`);
const ENDED = new RegExp(`^${ID}/${PROOF}$`);
const MARKED = new RegExp(`^(?:deployed/\\d{13}\\.|ended/)${ID}/`);
const FACTS = new RegExp(
  `^(?<state>${CHANGE_STATES.join('|')})\\.(?<kind>${CHANGE_KINDS.join('|')})\\.(?<at>\\d{1,13})\\.(?<runId>\\d{1,20})\\.(?<runAttempt>\\d{1,9})\\.(?<image>[0-9a-f]{64})$`,
);

/** A later time is an earlier text. */
function backwards(time: number): string {
  return String(LAST - time).padStart(13, '0');
}

function factsOf({ state, kind, at, run, image }: EndedChange): string {
  return [state, kind, at, run.runId, run.runAttempt, image].join('.');
}

function readFacts(facts: string, id: string, deployedAt: number | undefined): EndedChange | undefined {
  const { at, runId = '', runAttempt, image = '', ...named } = FACTS.exec(facts)?.groups ?? {};
  const state = CHANGE_STATES.find((each) => each === named['state']);
  const kind = CHANGE_KINDS.find((each) => each === named['kind']);
  if (!state || !kind) return undefined;
  const run = { runId, runAttempt: Number(runAttempt) };
  return { id, kind, state, at: Number(at), deployedAt, image, run };
}

/** What is signed of an end; the key of the mark has the same facts. */
function statementOf(
  { tenant, environment, service }: Place,
  { deployedAt, ...ended }: EndedChange,
): Uint8Array {
  const statement = { tenant, environment, service, deployedAt: deployedAt ?? null, ...ended };
  return Buffer.from(canonicalJson(statement));
}

function isProven(change: EndedChange, proof: string, place: Place, trust: TrustFile): boolean {
  const [start = '', text = ''] = proof.split('.');
  const signature = Buffer.from(text, 'base64url');
  const able = trust.keys.filter(({ keyId }) => keyId.startsWith(start));
  const envelope = {
    payloadType: ENDED_PAYLOAD_TYPE,
    payload: statementOf(place, change),
    signatures: able.map(({ keyId }) => ({ keyId, signature })),
  };
  const { tenant, environment } = place;
  const speech = { duties: mayMark(change), tenant, environment, at: change.at };
  return attribute(envelope, trust, speech).kind === 'signed';
}

/**
 * The duties whose word on an end is believed: those that may sign it, but no build, which runs what customers wrote. What
 * became of a deployment is for its own key to say.
 */
function mayMark({ kind, state, deployedAt }: EndedChange): readonly Duty[] {
  if (!isEnd(state)) return [];
  const able = dutiesFor(kind, state).filter((duty) => duty !== 'build');
  const own: Duty = isProvisioning(kind) ? 'provision' : 'deploy';
  return deployedAt === undefined ? able : able.filter((duty) => duty === own);
}

function endedChange(events: readonly ChangeEvent[]): EndedChange | undefined {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last || !isEnd(last.transition.to)) return undefined;
  const deploying = events.find(({ transition }) => transition.to === 'deploying');
  const { runId, runAttempt } = first.run;
  return {
    id: first.change.id,
    kind: first.change.kind,
    state: last.transition.to,
    at: Date.parse(last.occurredAt),
    deployedAt: deploying && Date.parse(deploying.occurredAt),
    image: last.subject.digest.sha256,
    run: { runId, runAttempt },
  };
}
