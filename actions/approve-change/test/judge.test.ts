import { describe, expect, it } from '@jest/globals';
import type { Account, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import type { RecordedCommit } from '@tenant-delivery/delivery/promotion-source';
import { GITHUB_TOKEN_BOT, WEB_FLOW } from '@tenant-delivery/domain';
import { type Facts, judge } from '../src/judge.ts';

const person = (id: number, login: string): Account => ({ id, login, bot: false });
const ANA = person(200010, 'dev-ana');
const BEN = person(200001, 'lead-ben');
const EVE = person(200002, 'lead-eve');
const KIM = person(300001, 'sre-kim');
const GITHUB = person(WEB_FLOW, 'web-flow');
const DEPENDABOT: Account = { id: 49_699_333, login: 'dependabot[bot]', bot: true };
const COPILOT: Account = { id: 198_982_749, login: 'Copilot', bot: true };
const TOKEN_BOT: Account = { id: GITHUB_TOKEN_BOT, login: 'github-actions[bot]', bot: true };
const ENVIRONMENT = 'acme-prod-approval';
const SHA = 'a'.repeat(40);

function by(
  { id, login }: Person,
  state: RunApproval['state'] = 'approved',
  environment = ENVIRONMENT,
): RunApproval {
  return { environments: [environment], state, by: { id, login }, comment: '' };
}

function commit(
  author: RecordedCommit['author'],
  committer: RecordedCommit['committer'] = author,
  broughtBy?: Account[] | 'unknown',
): RecordedCommit {
  return { sha: SHA, author, committer, ...(broughtBy && { broughtBy }) };
}

function facts({ bots, ...changes }: Partial<Facts> & { readonly bots?: number[] } = {}): Facts {
  return {
    agreed: {
      environment: ENVIRONMENT,
      days: 7,
      required: { customer: 1 },
      roles: { customer: [BEN.id, EVE.id], 'provider-sre': [KIM.id] },
      ...(bots && { bots }),
    },
    approvals: [by(BEN)],
    attempt: 1,
    starters: [ANA],
    commits: [commit(ANA)],
    reviewers: [ANA, BEN, EVE, KIM],
    ...changes,
  };
}

function requiring(required: Readonly<Record<string, number>>, approvals: readonly RunApproval[]): Facts {
  const given = facts({ approvals });
  return { ...given, agreed: { ...given.agreed, required } };
}

describe('an approval', () => {
  it('of the wrong person is answered with those who could give it', () => {
    const approvals = [by(KIM)];
    expect(judge(facts({ approvals }))).toMatchObject({ kind: 'missing', able: [BEN.login, EVE.login] });
    expect(judge(facts({ approvals, starters: [BEN] }))).toMatchObject({ able: [EVE.login] });
    expect(judge(facts({ approvals, commits: [commit(EVE)] }))).toMatchObject({ able: [BEN.login] });
    expect(judge(facts({ approvals, reviewers: [KIM] }))).toMatchObject({ able: [] });
  });

  it('counts from a person with the agreed role who made none of the change', () => {
    expect(judge(facts())).toEqual({
      kind: 'approved',
      by: [{ id: BEN.id, login: BEN.login, role: 'customer', comment: '' }],
    });
  });

  it.each<[string, Partial<Facts>, string]>([
    [
      'the person who started the run',
      { starters: [{ ...BEN, login: 'renamed' }] },
      'lead-ben started the run',
    ],
    [
      'anybody, when nobody says who started the run',
      { starters: 'unknown' },
      'lead-ben may have started the run: GitHub does not say who did',
    ],
    ['a person who started one of its attempts', { starters: [ANA, BEN] }, 'lead-ben started the run'],
    ['an author', { commits: [commit(BEN, ANA)] }, 'lead-ben wrote or committed aaaaaaaaaaaa'],
    [
      'who pushed or merged what somebody else is the author of, which any pusher can claim',
      { commits: [commit(ANA, ANA, [BEN])] },
      'lead-ben merged or pushed aaaaaaaaaaaa',
    ],
    [
      'who squashed the pull request of somebody else',
      { commits: [commit(ANA, GITHUB, [BEN])] },
      'lead-ben merged or pushed aaaaaaaaaaaa',
    ],
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
    [
      'somebody whose role does not approve here',
      { approvals: [by(KIM)] },
      'sre-kim has the role provider-sre, and customer must approve',
    ],
  ])('of %s does not count, and says why', (_, changes, why) => {
    expect(judge(facts(changes))).toMatchObject({
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
      by: [{ id: EVE.id, login: EVE.login }],
    });
  });

  it('is never enough when the contract requires nobody, or more people than GitHub can prove', () => {
    expect(judge(requiring({}, [by(BEN)])).kind).toBe('missing');
    expect(judge(requiring({ customer: 2 }, [by(BEN), by(EVE)]))).toMatchObject({
      kind: 'missing',
      missing: ['customer: 2 of 2, and GitHub proves one'],
    });
    expect(judge(requiring({ customer: 1, 'provider-sre': 1 }, [by(BEN), by(KIM)])).kind).toBe('missing');
  });

  it('does not count while nobody knows who wrote a commit', () => {
    expect(judge(facts({ commits: [commit(ANA), commit('unknown')] }))).toEqual({
      kind: 'obscure',
      commits: [{ sha: SHA, why: 'author' }],
    });
  });
});

describe('a second job in the same environment', () => {
  it('may be approved by anybody who could have approved the plan too', () => {
    expect(judge(facts({ approvals: [by(BEN), by(EVE)] })).kind).toBe('approved');
  });

  it.each([
    ['wrote the change', BEN, { commits: [commit(BEN)] }, 'lead-ben wrote or committed aaaaaaaaaaaa'],
    ['started the run', BEN, { starters: [BEN] }, 'lead-ben started the run'],
    ['has another role', KIM, {}, 'sre-kim has the role provider-sre, and customer must approve'],
  ])('and an approver who %s leave open who approved the plan', (_, other, changes, unable) => {
    expect(judge(facts({ approvals: [by(EVE), by(other)], ...changes }))).toEqual({
      kind: 'ambiguous',
      unable: [unable],
    });
  });
});

describe('a second attempt', () => {
  it('accepts approvals that are each enough alone', () => {
    expect(judge(facts({ attempt: 2, approvals: [by(BEN), by(EVE)] })).kind).toBe('approved');
  });

  it('does not let the approval of an earlier attempt stand for this one', () => {
    expect(judge(facts({ attempt: 2, approvals: [by(BEN), by(KIM)] })).kind).toBe('ambiguous');
    expect(judge(facts({ attempt: 2, approvals: [by(BEN, 'rejected'), by(EVE)] }))).toEqual({
      kind: 'ambiguous',
      unable: ['lead-ben rejected in this run'],
    });
  });
});

describe('a bot', () => {
  const wrote = (bot: Account, ...brought: Account[]) => commit(bot, GITHUB, brought);

  it.each<[string, Partial<Facts>, string]>([
    ['started the run', { starters: [TOKEN_BOT] }, 'github-actions[bot] (41898282) started the run'],
    ['started an attempt of it', { starters: [ANA, COPILOT] }, 'Copilot (198982749) started the run'],
    [
      'wrote a commit',
      { commits: [commit(ANA), wrote(DEPENDABOT, ANA)] },
      'dependabot[bot] (49699333) wrote or committed aaaaaaaaaaaa',
    ],
    [
      'committed what a person wrote',
      { commits: [commit(ANA, COPILOT, [ANA])] },
      'Copilot (198982749) wrote or committed aaaaaaaaaaaa',
    ],
  ])('that nobody agreed on stops the change where it %s', (_, changes, did) => {
    expect(judge(facts(changes))).toEqual({ kind: 'bots', did: [did] });
  });

  it('that is listed may start the run, and write what somebody else than its merger approves', () => {
    const bots = [DEPENDABOT.id];
    const commits = [wrote(DEPENDABOT, ANA)];
    expect(judge(facts({ bots, starters: [DEPENDABOT], commits })).kind).toBe('approved');
    expect(judge(facts({ bots, commits: [wrote(DEPENDABOT, BEN)] }))).toMatchObject({
      kind: 'missing',
      discounted: ['lead-ben merged or pushed aaaaaaaaaaaa, which dependabot[bot] wrote'],
    });
  });

  it('that is not listed may not merge what a listed one wrote', () => {
    const commits = [wrote(DEPENDABOT, COPILOT)];
    expect(judge(facts({ bots: [DEPENDABOT.id], commits }))).toMatchObject({
      kind: 'bots',
      did: ['Copilot (198982749) merged or pushed aaaaaaaaaaaa, which dependabot[bot] wrote'],
    });
  });

  it.each([TOKEN_BOT, { ...TOKEN_BOT, id: 7 }])(
    'of GITHUB_TOKEN is none to agree on, whatever the contract lists (%j)',
    (bot) => {
      const listed = facts({ bots: [bot.id], starters: [bot], commits: [wrote(bot, ANA)] });
      expect(judge(listed)).toMatchObject({ kind: 'bots' });
    },
  );

  it('has a merger who is known, or nobody approves', () => {
    const given = { bots: [DEPENDABOT.id], commits: [commit(DEPENDABOT, GITHUB, 'unknown')] };
    expect(judge(facts(given))).toEqual({ kind: 'obscure', commits: [{ sha: SHA, why: 'merger' }] });
  });

  it('is not told apart in what an older release recorded, so nobody approves that', () => {
    const { bot: _, ...before } = ANA;
    expect(judge(facts({ commits: [commit(before)] }))).toEqual({
      kind: 'obscure',
      commits: [{ sha: SHA, why: 'record' }],
    });
    const { bot: __, ...listed } = DEPENDABOT;
    const given = { bots: [DEPENDABOT.id], commits: [commit(listed)] };
    expect(judge(facts(given))).toMatchObject({ kind: 'obscure', commits: [{ why: 'record' }] });
  });
});

describe('what GitHub itself commits', () => {
  it('is the work of its author: web-flow stops nothing and is nobody', () => {
    expect(judge(facts({ commits: [commit(ANA, GITHUB)] })).kind).toBe('approved');
    expect(judge(facts({ commits: [commit(BEN, GITHUB)] }))).toMatchObject({
      kind: 'missing',
      discounted: ['lead-ben wrote or committed aaaaaaaaaaaa'],
    });
  });

  it('is nobody’s where GitHub would be the author too, so nobody approves it', () => {
    expect(judge(facts({ commits: [commit(GITHUB)] }))).toMatchObject({
      kind: 'obscure',
      commits: [{ why: 'author' }],
    });
  });
});
