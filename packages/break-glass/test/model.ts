import { MINUTE } from '@tenant-delivery/domain';
import type { PolicyDocument, Statement } from '../src/policy-document.ts';
import type { GrantPrincipal } from '../src/ports.ts';

/*
 * A role and people who try to get in, all the time. Who may is asked of the policies by a reading of its own, not by the
 * one that is shipped; who ought to is what was approved.
 */

export const ACCOUNT = '000011112222';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/td/break-glass/td-prod-break-glass`;
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/td/prod/td-prod-break-glass-boundary`;
export const PRINCIPALS = [
  { arn: `arn:aws:iam::${ACCOUNT}:role/sre`, knownBy: 'session-name', mfa: false },
  { arn: `arn:aws:iam::${ACCOUNT}:role/oncall`, knownBy: 'source-identity', mfa: true },
] as const satisfies readonly GrantPrincipal[];
const PEOPLE = ['ana', 'ben', 'eve'] as const;

export interface Session {
  readonly requester: string;
  /** The name of the session. */
  readonly grant: string;
  readonly issued: number;
}

export interface Approved {
  readonly grant: string;
  readonly requester: string;
  /** Anybody who approved it approved no later end than this. */
  readonly latestEnd: number;
  /** Told as open, and as over, by the record. */
  live: boolean;
  asked: boolean;
  over: boolean;
}

export interface ModelState {
  now: number;
  trust: { readonly at: number; readonly document: PolicyDocument }[];
  guard: { readonly at: number; readonly document: PolicyDocument }[];
  vault: Map<string, Uint8Array>;
  sessions: Session[];
  /** How far the story is. */
  wish: number;
  processes: number;
  violations: string[];
  /** What an administrator wrote over, until we have written it again. */
  meddled: 'trust' | 'guard' | undefined;
}

const LAG = 3_000; // milliseconds by which IAM tells what was

export function clone(state: ModelState): ModelState {
  return {
    ...state,
    trust: [...state.trust],
    guard: [...state.guard],
    vault: new Map(state.vault),
    sessions: [...state.sessions],
    violations: [...state.violations],
  };
}

export const inForce = (written: ModelState['trust']): PolicyDocument | undefined => written.at(-1)?.document;

export function told(written: ModelState['trust'], now: number): PolicyDocument | undefined {
  return written.findLast(({ at }) => at <= now - LAG)?.document;
}

/** Time goes on a little at a time; everybody tries everything at each of them. */
export function advance(state: ModelState, to: number): void {
  while (state.now < to) {
    state.now = Math.min(to, state.now + 4 * MINUTE);
    judge(state);
  }
}

/** What must never be, and what must be, by the record and by the policies in force. */
export function judge(state: ModelState): void {
  const { now } = state;
  const approved = approvedIn(state);
  const says = (said: string) => {
    if (!state.violations.includes(said)) state.violations.push(said);
  };
  state.sessions = state.sessions.filter(({ issued }) => now < issued + 60 * MINUTE);
  for (const person of PEOPLE) {
    const mine = approved.filter(({ requester, latestEnd }) => requester === person && now < latestEnd);
    for (const { grant } of [...approved, { grant: 'G0' }])
      if (enters(state, person, grant)) {
        state.sessions.push({ requester: person, grant, issued: now });
        if (mine.length === 0) says(`beyond the end: ${person} gets in`);
        if (!mine.some((one) => one.grant === grant))
          says(`${person} gets in by ${grant}, which is not theirs`);
      }
  }
  for (const session of state.meddled === 'guard' ? [] : state.sessions) {
    const works = !refused(state, session);
    const mine = approved.filter(({ requester }) => requester === session.requester);
    if (works && !mine.some(({ latestEnd, over }) => now < latestEnd && !over))
      says(`beyond the end: a session of ${session.requester} goes on`);
    const own = approved.find(({ grant }) => grant === session.grant);
    const left = own?.live && now < own.latestEnd && mine.every(({ asked }) => !asked);
    if (!works && left) says(`open: a session of ${session.requester} is refused`);
    if (works && own?.over && own.asked) says(`closed: a session of ${session.grant} goes on`);
  }
  for (const { grant, requester, live, asked, over, latestEnd } of approved) {
    if (!live || asked || over || now >= latestEnd - MINUTE || state.meddled) continue;
    const session = { requester, grant, issued: now };
    if (!enters(state, requester, grant)) says(`open: ${requester} does not get in by ${grant}`);
    else if (refused(state, session)) says(`open: ${requester} is refused everything`);
  }
  // one session for each person and grant is enough to look at, the oldest and the newest
  const kept = new Map<string, Session>();
  for (const session of state.sessions) {
    const key = `${session.requester} ${session.grant}`;
    if (!kept.has(`old ${key}`)) kept.set(`old ${key}`, session);
    kept.set(`new ${key}`, session);
  }
  state.sessions = [...new Set(kept.values())];
}

interface Fact {
  readonly kind: string;
  readonly grant: string;
  readonly requester: string;
  readonly from: string;
  readonly until: string;
}

const read = new WeakMap<Uint8Array, Fact>();

function factIn(bytes: Uint8Array): Fact {
  const known = read.get(bytes);
  if (known) return known;
  const { fact } = JSON.parse(Buffer.from(bytes).toString()) as { fact: Fact }; // our own
  read.set(bytes, fact);
  return fact;
}

export function approvedIn({ vault }: ModelState): readonly Approved[] {
  const found = new Map<string, Approved>();
  for (const bytes of vault.values()) {
    const fact = factIn(bytes);
    if (fact.kind === 'granted')
      found.set(fact.grant, {
        grant: fact.grant,
        requester: fact.requester,
        latestEnd: Date.parse(fact.until),
        live: false,
        asked: false,
        over: false,
      });
    const one = found.get(fact.grant);
    if (one && fact.kind === 'live') one.live = true;
    if (one && fact.kind === 'ending') one.asked = true;
    if (one && fact.kind === 'over') one.over = true;
  }
  return [...found.values()];
}

function enters(state: ModelState, person: string, grant: string): boolean {
  return PRINCIPALS.some(({ arn, knownBy, mfa }) => {
    const bySource = knownBy === 'source-identity';
    const context = {
      'aws:CurrentTime': new Date(state.now).toISOString(),
      'sts:SourceIdentity': person,
      'sts:RoleSessionName': grant,
      'aws:SourceIdentity': bySource ? person : undefined,
      'aws:userid': `AROAX:${bySource ? 'x' : person}`,
      'aws:MultiFactorAuthPresent': mfa ? 'true' : undefined,
    };
    const applying = (inForce(state.trust)?.Statement ?? []).filter((statement) => {
      const who = JSON.stringify(statement.Principal);
      return (who.includes(`"${arn}"`) || who.includes('"*"')) && holds(statement, context);
    });
    return (
      applying.some(({ Effect }) => Effect === 'Allow') && applying.every(({ Effect }) => Effect === 'Allow')
    );
  });
}

function refused(state: ModelState, { requester, grant, issued }: Session): boolean {
  const context = {
    'aws:CurrentTime': new Date(state.now).toISOString(),
    'aws:TokenIssueTime': new Date(issued).toISOString(),
    'aws:SourceIdentity': requester,
    'aws:userid': `AROAX:${grant}`,
  };
  return (inForce(state.guard)?.Statement ?? []).some((statement) => holds(statement, context));
}

function holds({ Condition }: Statement, context: Readonly<Record<string, string | undefined>>): boolean {
  for (const [operator, keys] of Object.entries(Condition ?? {}))
    for (const [key, said] of Object.entries(keys)) {
      const [given, wanted] = [context[key], [said].flat()];
      const plain = operator.replace('IfExists', '');
      if (plain === 'Null') {
        if (!wanted.includes(given === undefined ? 'true' : 'false')) return false;
        continue;
      }
      if (given === undefined) {
        if (operator.includes('Not') || operator.endsWith('IfExists')) continue;
        return false;
      }
      const fits = wanted.some((each) => {
        const tail = each.startsWith('*') ? given.endsWith(each.slice(1)) : given === each;
        if (plain.startsWith('Date'))
          return plain === 'DateLessThan' ? given < each : plain === 'DateGreaterThanEquals' && given >= each;
        return plain === 'StringLike' ? tail : given === each;
      });
      if (fits === operator.includes('Not')) return false;
    }
  return true;
}
