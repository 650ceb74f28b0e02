import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { accountOf } from '../src/account.ts';
import { guardFor, lengthOf, trustFor } from '../src/documents.ts';
import { type BreakGlassFact, countsSigned, type Granted } from '../src/facts.ts';
import { planBreakGlass } from '../src/plan.ts';
import type { PolicyDocument, Statement } from '../src/policy-document.ts';
import type { BreakGlassTerms, ObservedRole } from '../src/ports.ts';
import { progressOf } from '../src/progress.ts';
import type { Snapshot } from '../src/snapshot.ts';
import type { Asked, Wish } from '../src/wish.ts';
import { ACCOUNT, BOUNDARY, PRINCIPALS, ROLE } from './model.ts';

const NOW = Date.parse('2026-11-25T08:00:00Z');
const [SRE] = PRINCIPALS;
const TERMS: BreakGlassTerms = {
  roleArn: ROLE,
  boundaryArn: BOUNDARY,
  principals: PRINCIPALS,
  longestMinutes: 60,
};
const ASKED: Asked = {
  grant: 'G1',
  requester: 'ana@example.com',
  principal: SRE.arn,
  incident: 'INC-7',
  reason: 'orders answers 500',
  minutes: 30,
  approvers: ['carl', 'dora'],
};

function journalOf(...facts: readonly BreakGlassFact[]): Journal<BreakGlassFact> {
  const opened: BreakGlassFact = { kind: 'opened', account: ACCOUNT, role: ROLE };
  const by = { run: '1', attempt: 1, actor: 'ana', commit: 'c0ffee', process: 'p1' };
  const entries = [opened, ...facts].map((fact, seq) => ({
    schemaVersion: 1 as const,
    credential: 'break-glass',
    generation: 1,
    seq,
    prev: null,
    at: new Date(NOW).toISOString(),
    by,
    fact,
  }));
  return { credential: 'break-glass', generation: 1, entries, head: null };
}

function next(
  wish: Wish,
  role: Partial<ObservedRole> = {},
  journal = journalOf(),
  guard: PolicyDocument | undefined = undefined,
) {
  const seen: Snapshot = {
    caller: { account: ACCOUNT, arn: 'arn' },
    role: {
      arn: ROLE,
      boundary: BOUNDARY,
      longestSession: 3600,
      trust: { Version: '2012-10-17', Statement: [] },
      ...role,
    },
    guard,
    uses: {},
  };
  return planBreakGlass(seen, journal, { terms: TERMS, wish }, NOW, 'p2').next;
}

const asking = (said: Partial<Asked>): Wish => ({ do: 'open', asked: { ...ASKED, ...said } });

describe('a grant is refused before anything is written', () => {
  test('with every mistake at once', () => {
    const refused = next(
      asking({
        requester: 'ana*',
        principal: `arn:aws:iam::${ACCOUNT}:role/else`,
        minutes: 61,
        incident: ' ',
        reason: '',
        approvers: [],
      }),
    );
    expect(refused).toMatchObject({ kind: 'refuse', reasons: [{ code: 'BREAK_GLASS_REQUEST' }] });
    const { message } = refused.kind === 'refuse' ? (refused.reasons[0] ?? { message: '' }) : { message: '' };
    for (const said of [
      'source identity',
      'role/else is not named',
      '61 minutes',
      'no incident',
      'no reason',
      'nobody has approved',
    ])
      expect(message).toContain(said);
  });

  test('so that not even a journal is begun', () => {
    const none = { credential: 'break-glass', generation: 0, entries: [], head: null };
    expect(next(asking({ minutes: 61 }), {}, none).kind).toBe('refuse');
    expect(next({ do: 'close', grant: 'G9' }, {}, none).kind).toBe('refuse');
    expect(next(asking({}), {}, none)).toMatchObject({ kind: 'note', note: { kind: 'opened' } });
  });

  test('for a role that lost its boundary, is another one, or has long sessions', () => {
    for (const wrong of [{ boundary: undefined }, { arn: `${ROLE}2` }, { longestSession: 43_200 }])
      expect(next(asking({}), wrong)).toMatchObject({ kind: 'hold', reason: { code: 'BREAK_GLASS_ROLE' } });
  });

  test('while the trust policy lets in somebody whom the record does not know', () => {
    const Statement = [
      { Sid: 'Mine', Effect: 'Allow', Principal: { AWS: 'arn:else' }, Action: 'sts:AssumeRole' },
    ] as const;
    const held = next(asking({}), { trust: { Version: '2012-10-17', Statement } });
    expect(held).toMatchObject({
      kind: 'hold',
      reason: { code: 'BREAK_GLASS_FOREIGN' },
      facts: ['Allow Mine for arn:else'],
    });
  });

  test('when the trust policy would grow beyond what IAM takes', () => {
    const granted = (grant: string): Granted => {
      const { minutes: _, ...said } = ASKED;
      const times = { from: new Date(NOW).toISOString(), until: new Date(NOW + 30 * MINUTE).toISOString() };
      return { kind: 'granted', ...said, ...times, grant, requester: `${'a'.repeat(50)}${grant}` };
    };
    const open = ['G11', 'G12', 'G13', 'G14'].map(granted);
    const refused = next(asking({}), {}, journalOf(...open));
    expect(refused).toMatchObject({ kind: 'refuse', reasons: [{ code: 'BREAK_GLASS_FULL' }] });
    expect(next(asking({}), {}, journalOf(...open.slice(0, 1)))).toMatchObject({ kind: 'note' });
  });

  test('and nothing is closed that was never granted', () => {
    for (const wish of [
      { do: 'close', grant: 'G9' },
      { do: 'revoke', requester: 'eve' },
    ] as const)
      expect(next(wish)).toMatchObject({ kind: 'refuse', reasons: [{ code: 'BREAK_GLASS_UNKNOWN' }] });
  });
});

test('a grant is not called closed while AWS lets its requester in by what somebody else wrote', () => {
  const { minutes: _, ...said } = ASKED;
  const times = { from: new Date(NOW).toISOString(), until: new Date(NOW + 30 * MINUTE).toISOString() };
  const at = new Date(NOW + MINUTE).toISOString();
  const journal = journalOf(
    { kind: 'granted', ...said, ...times },
    { kind: 'live', grant: 'G1' },
    { kind: 'ending', grant: 'G1', at, why: 'closed' },
  );
  const anybody = { Sid: 'Mine', Effect: 'Allow', Principal: { AWS: SRE.arn }, Action: 'sts:*' } as const;
  const { grants } = progressOf(journal);
  const closing = (foreign: readonly Statement[]) =>
    next(
      { do: 'close', grant: 'G1' },
      { trust: trustFor(grants, foreign, PRINCIPALS, NOW) },
      journal,
      guardFor(grants, NOW),
    );
  expect(closing([anybody])).toMatchObject({
    kind: 'hold',
    reason: { code: 'BREAK_GLASS_UNVERIFIED' },
    facts: ['G1 of ana@example.com: its requester still gets in by it'],
  });
  expect(closing([])).toMatchObject({ kind: 'note', note: { kind: 'over', grant: 'G1', how: 'closed' } });
});

test('a statement names the person, the session, the time and, where AWS knows of it, the second factor', () => {
  const grant = {
    ...ASKED,
    from: NOW,
    until: NOW + 30 * MINUTE,
    live: false,
    ending: undefined,
    over: undefined,
    used: undefined,
  };
  const [, sre] = trustFor([grant], [], PRINCIPALS, NOW).Statement;
  expect(sre).toMatchObject({
    Sid: 'G1',
    Principal: { AWS: SRE.arn },
    Condition: {
      StringEquals: { 'sts:SourceIdentity': 'ana@example.com' },
      StringEqualsIfExists: { 'sts:RoleSessionName': 'G1' },
      StringLike: { 'aws:userid': '*:ana@example.com' },
      DateLessThan: { 'aws:CurrentTime': '2026-11-25T08:30:00.000Z' },
    },
  });
  const oncall = trustFor([{ ...grant, principal: PRINCIPALS[1].arn }], [], PRINCIPALS, NOW).Statement[1];
  expect(oncall?.Condition).toMatchObject({
    StringEquals: { 'aws:SourceIdentity': 'ana@example.com' },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  });
  expect(trustFor([grant], [], PRINCIPALS, grant.until).Statement).toHaveLength(1);
  expect(lengthOf(guardFor([], NOW))).toBeLessThan(200);
});

test('an account of a grant counts what changed something, and what was refused apart', () => {
  const use = (call: string, writes: boolean, refused = false) => ({ at: NOW, call, writes, refused });
  const uses = [
    use('ecs UpdateService', true),
    use('ecs UpdateService', true),
    use('ecs ListTasks', false),
    use('iam CreateUser', true, true),
  ];
  expect(accountOf({ grant: 'G1' }, { told: uses, whole: true })).toMatchObject({
    calls: '4, 1 of them refused',
    writes: ['ecs UpdateService 2'],
  });
  expect(accountOf({ grant: 'G1' }, { told: [], whole: true })).toMatchObject({ first: '', calls: '0' });
  // three hundred reads after one write hide it
  expect(accountOf({ grant: 'G1' }, { told: uses.slice(2, 3), whole: false })).toMatchObject({
    calls: 'more than 1',
    writes: [expect.stringContaining('CloudTrail')],
  });
});

test('neither a grant nor an account of one counts that its run did not sign', () => {
  const said: Granted = {
    kind: 'granted',
    grant: 'G1',
    requester: 'ana@example.com',
    principal: SRE.arn,
    incident: 'INC-7',
    reason: 'none',
    from: new Date(NOW).toISOString(),
    until: new Date(NOW + 30 * MINUTE).toISOString(),
    approvers: ['carl'],
  };
  const nothing = { kind: 'used', grant: 'G1', first: '', last: '', calls: '0', writes: [] } as const;
  const { entries, ...rest } = journalOf(said, nothing);
  const doubting = (kind: string) => ({
    ...rest,
    entries: entries.map((entry) =>
      entry.fact.kind === kind ? { ...entry, doubted: true as const } : entry,
    ),
  });
  expect([said, nothing].map(countsSigned)).toEqual([true, true]);
  expect(progressOf(journalOf(said, nothing)).grants).toMatchObject([{ grant: 'G1', used: nothing }]);
  expect(progressOf(doubting('granted')).grants).toEqual([]);
  expect(progressOf(doubting('used')).grants).toMatchObject([{ grant: 'G1', used: undefined }]);
});
