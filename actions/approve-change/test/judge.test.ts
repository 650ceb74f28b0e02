import { describe, expect, it } from '@jest/globals';
import type { Commit, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import fc from 'fast-check';
import { type Facts, judge } from '../src/judge.ts';

const ANA: Person = { id: 200010, login: 'dev-ana' };
const BEN: Person = { id: 200001, login: 'lead-ben' };
const EVE: Person = { id: 200002, login: 'lead-eve' };
const KIM: Person = { id: 300001, login: 'sre-kim' };
const ENVIRONMENT = 'acme-prod-approval';

function by(
  person: Person,
  state: RunApproval['state'] = 'approved',
  environment = ENVIRONMENT,
): RunApproval {
  return { environments: [environment], state, by: person, comment: '' };
}

function commit(author: Commit['author'], committer: Commit['committer'] = author): Commit {
  return { sha: 'a'.repeat(40), author, committer };
}

function facts(changes: Partial<Facts> = {}): Facts {
  return {
    agreed: {
      environment: ENVIRONMENT,
      days: 7,
      required: { customer: 1 },
      roles: { customer: [BEN.id, EVE.id], 'provider-sre': [KIM.id] },
    },
    approvals: [by(BEN)],
    attempt: 1,
    actor: ANA,
    triggeringActor: ANA.login,
    commits: [commit(ANA)],
    ...changes,
  };
}

function twoRoles(approvals: readonly RunApproval[]): Facts {
  const both = facts({ approvals });
  return { ...both, agreed: { ...both.agreed, required: { customer: 1, 'provider-sre': 1 } } };
}

describe('an approval', () => {
  it('counts from a person with the agreed role who made none of the change', () => {
    expect(judge(facts())).toEqual({
      kind: 'approved',
      by: [{ ...BEN, role: 'customer', comment: '' }],
    });
  });

  it.each<[string, Partial<Facts>, string]>([
    ['whoever started the run', { actor: { ...BEN, login: 'renamed' } }, 'lead-ben started the run'],
    [
      'anybody, when the runner does not say who started this attempt',
      { triggeringActor: '' },
      'lead-ben may have started the run: nobody says who started it',
    ],
    [
      'anybody, when the token does not say who started the run',
      { actor: { id: 0, login: '' } },
      'lead-ben may have started the run: nobody says who started it',
    ],
    [
      'whoever started this attempt',
      { triggeringActor: 'Lead-Ben' },
      'lead-ben started this attempt of the run',
    ],
    ['an author', { commits: [commit(BEN, ANA)] }, 'lead-ben wrote or committed aaaaaaaaaaaa'],
    ['a committer', { commits: [commit(ANA, BEN)] }, 'lead-ben wrote or committed aaaaaaaaaaaa'],
    [
      'the author of an earlier commit since the deployed revision',
      { commits: [commit(BEN), commit(ANA)] },
      'lead-ben wrote or committed aaaaaaaaaaaa',
    ],
    [
      'somebody whom the contract does not know',
      { approvals: [by({ id: 5, login: 'mallory' })] },
      'mallory has no approval role in the contract',
    ],
  ])('of %s does not count, and says why', (_, changes, why) => {
    expect(judge(facts(changes))).toEqual({
      kind: 'missing',
      missing: ['customer: 0 of 1'],
      discounted: [why],
    });
  });

  it('of another environment does not count', () => {
    expect(judge(facts({ approvals: [by(BEN, 'approved', 'globex-prod-approval')] }))).toMatchObject({
      kind: 'missing',
    });
  });

  it('counts by number, not by name: a login that changed hands is another person', () => {
    expect(judge(facts({ approvals: [by({ id: 9, login: 'lead-ben' })] })).kind).toBe('missing');
  });

  it('is undone by one rejection', () => {
    expect(judge(facts({ approvals: [by(BEN), by(EVE, 'rejected')] }))).toEqual({
      kind: 'rejected',
      by: [EVE],
    });
  });

  it('counts once for each person, however often it was given', () => {
    const two = facts({ approvals: [by(BEN), by(BEN)] });
    const judged = judge({ ...two, agreed: { ...two.agreed, required: { customer: 2 } } });
    expect(judged).toMatchObject({ kind: 'missing', missing: ['customer: 1 of 2'] });
  });

  it('fills the seats of all roles when the people can, each by one person', () => {
    const both: Facts = twoRoles([by(BEN), by(KIM)]);
    expect(judge(both).kind).toBe('approved');
    const roles = { customer: [BEN.id, EVE.id], 'provider-sre': [BEN.id] };
    const onlyIfMoved = { ...both, approvals: [by(BEN), by(EVE)], agreed: { ...both.agreed, roles } };
    expect(judge(onlyIfMoved).kind).toBe('approved');
    expect(judge({ ...onlyIfMoved, approvals: [by(BEN)] }).kind).toBe('missing');
  });

  it('is never enough when the contract requires nobody', () => {
    const given = facts();
    expect(judge({ ...given, agreed: { ...given.agreed, required: {} } }).kind).toBe('missing');
  });

  it('does not count while nobody knows who wrote a commit', () => {
    expect(judge(facts({ commits: [commit(ANA), commit('unknown')] }))).toEqual({
      kind: 'authors-unknown',
      commits: ['a'.repeat(40)],
    });
  });
});

describe('a second attempt', () => {
  it('accepts approvals that are each enough alone', () => {
    expect(judge(facts({ attempt: 2, approvals: [by(BEN), by(EVE)] })).kind).toBe('approved');
  });

  it('does not let the approval of an earlier attempt stand for this one', () => {
    expect(judge(facts({ attempt: 2, approvals: [by(BEN), by(KIM)] }))).toEqual({
      kind: 'ambiguous',
      attempt: 2,
    });
    expect(judge(facts({ attempt: 2, approvals: [by(BEN, 'rejected'), by(EVE)] })).kind).toBe('ambiguous');
  });
});

describe('whatever GitHub says', () => {
  const people = [ANA, BEN, EVE, KIM];
  const words = fc.array(
    fc.record({
      by: fc.constantFrom(...people),
      state: fc.constantFrom('approved' as const, 'rejected' as const),
    }),
  );
  const author = fc.constantFrom<Commit['author']>(...people, 'unknown');

  it('nobody approves a change that they started, wrote or committed', () => {
    fc.assert(
      fc.property(words, author, author, fc.constantFrom(...people), (given, wrote, committed, actor) => {
        const approvals = given.map((word) => by(word.by, word.state));
        const judged = judge(facts({ approvals, actor, commits: [commit(wrote, committed)] }));
        if (judged.kind !== 'approved') return;
        expect(given.some(({ state }) => state === 'rejected')).toBe(false);
        for (const { id } of judged.by) {
          expect([
            actor.id,
            ...[wrote, committed].map((each) => (each === 'unknown' ? 0 : each.id)),
          ]).not.toContain(id);
          expect([BEN.id, EVE.id]).toContain(id);
        }
      }),
    );
  });
});
