import { MINUTE } from '@tenant-delivery/domain';
import { type RunEnd, rotate } from '@tenant-delivery/rotation/engine';
import type { Gate, Stage } from '@tenant-delivery/rotation/test/schedules';
import { modelCalls } from '@tenant-delivery/rotation/test/world/model-call';
import { modelVault } from '@tenant-delivery/rotation/test/world/model-vault';
import type { Step } from '../src/facts.ts';
import { type BreakGlassKind, breakGlassKind } from '../src/kind.ts';
import type { PolicyDocument } from '../src/policy-document.ts';
import type { BreakGlassWorld } from '../src/ports.ts';
import type { Wish } from '../src/wish.ts';
import {
  ACCOUNT,
  advance,
  approvedIn,
  BOUNDARY,
  clone,
  inForce,
  judge,
  type ModelState,
  PRINCIPALS,
  ROLE,
  told,
} from './model.ts';

const START = Date.parse('2026-11-25T08:00:00Z');
const [SRE, ONCALL] = PRINCIPALS;

const open = (grant: string, requester: string, principal: string, minutes: number): Wish => ({
  do: 'open',
  asked: {
    grant,
    requester,
    principal,
    minutes,
    incident: 'INC-7',
    reason: 'orders answers 500',
    approvers: ['carl', 'dora'],
  },
});

/** Two people with grants that overlap, one of them with two; one is closed, one revoked, one ends by itself. */
const WISHES: readonly Wish[] = [
  open('G1', 'ana', SRE.arn, 30),
  open('G2', 'ben', ONCALL.arn, 60),
  { do: 'close', grant: 'G1' },
  open('G3', 'ana', SRE.arn, 45),
  open('G4', 'ana', SRE.arn, 60),
  { do: 'close', grant: 'G3' },
  { do: 'revoke', requester: 'ana' },
];

/** Enough for two troubles to meet at every two calls: a grant beside another is closed, and its requester gets a new one. */
export const FEW: readonly Wish[] = [
  open('G1', 'ana', SRE.arn, 30),
  open('G2', 'ben', ONCALL.arn, 60),
  { do: 'close', grant: 'G1' },
  open('G3', 'ana', SRE.arn, 45),
];

/** What an administrator does meanwhile: throws the guard away, writes an old trust policy again, lets somebody in. */
export type Meddling = 'no-guard' | 'old-trust' | 'foreign';

export interface GrantStory {
  readonly wishes?: readonly Wish[];
  readonly sabotage?: (kind: BreakGlassKind) => BreakGlassKind;
}

export function grantStage({ wishes = WISHES, sabotage }: GrantStory): Stage<ModelState, Meddling> {
  return {
    begin: () => ({
      now: START,
      trust: [{ at: 0, document: { Version: '2012-10-17', Statement: [] } }],
      guard: [],
      vault: new Map(),
      sessions: [],
      wish: 0,
      processes: 0,
      violations: [],
      meddled: undefined,
    }),
    clone,
    advance,
    run: (state, gate) => runAll(state, gate, wishes, sabotage),
    meddling: ['foreign'],
    meddle: (state, trouble) => meddle(state, trouble),
    heal: (state) => {
      const document = inForce(state.trust);
      if (document) write(state, 'trust', without(document, 'Foreign'));
    },
    violations: ({ violations }) => violations,
    judgeEnd: (state) => {
      advance(state, state.now + 3 * 60 * MINUTE); // every grant has ended by then, and every session
      const open = approvedIn(state).filter(({ asked, over }) => asked && !over);
      return [
        ...state.violations,
        ...open.map(({ grant }) => `${grant} was to be closed, and the record does not say that it is`),
      ];
    },
  };
}

/** One wish after the other, a few minutes apart, each by a run of its own. */
async function runAll(
  state: ModelState,
  gate: Gate,
  wishes: readonly Wish[],
  sabotage: GrantStory['sabotage'],
): Promise<RunEnd> {
  for (;;) {
    const end = await runOne(state, gate, wishes[state.wish] ?? { do: 'close', grant: 'G1' }, sabotage);
    judge(state);
    const done = ['not-due', 'refused'].includes(end.outcome);
    if (!done) return end;
    if (state.wish >= wishes.length) return { ...end, outcome: 'not-due' };
    state.wish += 1;
    advance(state, state.now + 2 * MINUTE);
  }
}

async function runOne(
  state: ModelState,
  gate: Gate,
  wish: Wish,
  sabotage: GrantStory['sabotage'],
): Promise<RunEnd> {
  state.processes += 1;
  const process = `p${state.processes}`;
  let judged = '';
  const calls = modelCalls(gate, () => {
    state.now += 500;
    const what = [state.trust.length, state.guard.length, state.vault.size].join(' ');
    if (what !== judged) judge(state);
    judged = what;
  });
  const vault = modelVault(state.vault, calls);
  const world: BreakGlassWorld = {
    caller: {
      identity: async () => ({ account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/x/${process}` }),
    },
    role: {
      describe: () =>
        calls.read('GetRole', () => ({
          arn: ROLE,
          boundary: BOUNDARY,
          longestSession: 3600,
          trust: told(state.trust, state.now) ?? { Version: '2012-10-17', Statement: [] },
        })),
      guard: () => calls.read('GetRolePolicy', () => told(state.guard, state.now)),
      putGuard: (document) => calls.change('PutRolePolicy', () => write(state, 'guard', document)),
      putTrust: (document) => calls.change('UpdateAssumeRolePolicy', () => write(state, 'trust', document)),
    },
    trail: { uses: () => calls.read('LookupEvents', () => ({ told: [], whole: true })) },
  };
  const time = { now: () => state.now };
  const terms = { roleArn: ROLE, boundaryArn: BOUNDARY, principals: PRINCIPALS, longestMinutes: 60 };
  const kind = breakGlassKind(world, { terms, wish }, { time, process });
  return rotate('break-glass', sabotage?.(kind) ?? kind, {
    vault,
    time,
    sleep: async (milliseconds) => advance(state, state.now + milliseconds),
    by: { run: process, attempt: 1, actor: 'ana', commit: 'c0ffee', process },
    clean: (text) => text,
  });
}

function write(state: ModelState, what: 'trust' | 'guard', document: PolicyDocument): undefined {
  state[what].push({ at: state.now, document });
  if (what === state.meddled) state.meddled = undefined;
}

const NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

function meddle(state: ModelState, trouble: string): void {
  const trust = inForce(state.trust) ?? NOTHING;
  const somebody = {
    Sid: 'Foreign',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/else` },
    Action: 'sts:AssumeRole',
  } as const;
  if (trouble === 'no-guard') write(state, 'guard', NOTHING);
  if (trouble === 'old-trust') write(state, 'trust', state.trust.at(-2)?.document ?? NOTHING);
  if (trouble === 'foreign') write(state, 'trust', { ...trust, Statement: [...trust.Statement, somebody] });
  if (trouble === 'no-guard') state.meddled = 'guard';
  if (trouble === 'old-trust') state.meddled = 'trust';
}

function without(document: PolicyDocument, sid: string): PolicyDocument {
  return { ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== sid) };
}

/** Plans that leave out what this is all about: the documents are others than the shipped ones. */
export const CONTROLS: Readonly<
  Record<string, { readonly says: string; readonly sabotage: (kind: BreakGlassKind) => BreakGlassKind }>
> = {
  'a grant without its end': {
    says: 'beyond the end',
    sabotage: (kind) =>
      writing(kind, ({ Condition, ...statement }) => {
        if (!Condition) return [statement];
        const { DateLessThan: _, DateGreaterThanEquals: __, ...rest } = Condition;
        return statement.Sid?.startsWith('AfterTheEnd') ? [] : [{ ...statement, Condition: rest }];
      }),
  },
  'a closing that denies everybody': {
    says: 'open: ben is refused everything',
    sabotage: (kind) =>
      writing(kind, (statement) =>
        statement.Sid?.startsWith('IssuedBeforeTheClosing')
          ? [{ Sid: 'Everybody', Effect: 'Deny', Action: '*', Resource: '*' }]
          : [statement],
      ),
  },
  'a revocation that hits the other requester': {
    says: 'open: a session of ben is refused',
    sabotage: (kind) =>
      writing(kind, (statement) => {
        if (!statement.Sid?.startsWith('IssuedBeforeTheClosing')) return [statement];
        const { StringEquals: _, ...Condition } = statement.Condition ?? {};
        return [{ ...statement, Condition }];
      }),
  },
  'a closing that leaves the sessions': {
    says: 'closed: a session of',
    sabotage: (kind) =>
      writing(kind, (statement) =>
        /^(IssuedBeforeTheClosing|OfAClosedGrant)/.test(statement.Sid ?? '') ? [] : [statement],
      ),
  },
};

/** The verdicts would see it, so they are misled as well: what is written, and read as if it were what was wanted. */
function writing(
  kind: BreakGlassKind,
  change: (
    statement: PolicyDocument['Statement'][number],
    step: Step,
  ) => readonly PolicyDocument['Statement'][number][],
): BreakGlassKind {
  return {
    ...kind,
    apply: (step) => {
      const Statement = step.document.Statement.flatMap((statement) => change(statement, step));
      return kind.apply({ ...step, document: { ...step.document, Statement } });
    },
    observe: async (journal) => {
      const seen = await kind.observe(journal);
      const last = (what: Step['do']) => {
        const entry = journal.entries.findLast(({ fact }) => fact.kind === 'began' && fact.step.do === what);
        return entry?.fact.kind === 'began' ? entry.fact.step.document : undefined;
      };
      return {
        ...seen,
        guard: last('guard') ?? seen.guard,
        ...(seen.role && { role: { ...seen.role, trust: last('trust') ?? seen.role.trust } }),
      };
    },
  };
}
