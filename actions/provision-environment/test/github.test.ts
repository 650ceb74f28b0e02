import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, MINUTE } from '@tenant-delivery/domain';
import { aPart, codeOf } from './a-part.ts';

const ORDERS = 'acme/repository-0';

type Made = Awaited<ReturnType<typeof aPart>>;
let made: Made;
beforeEach(async () => {
  made = await aPart((contract) => {
    const prod = contract.environments['prod'];
    if (prod) Object.assign(prod.approval, { roles: { customer: [200001] } });
    return contract;
  });
});

const plan = () => made.act('plan', { part: 'foundation' });
const apply = async (change: string) => {
  await made.approve(change, 'foundation');
  return made.act('apply', { part: 'foundation', change });
};
const install = () => {
  made.github.state.installed = true;
};

describe("GitHub's side of a foundation", () => {
  it('is planned with what differs, approved, set, and as agreed afterwards', async () => {
    install();
    const { change, outcome } = await plan();
    const { github = [] } = await made.planOf(change, 'foundation');
    expect(github.map(({ repository, sets }) => [repository, sets.map(({ of }) => of)])).toEqual([
      [ORDERS, ['approval', 'deployment', 'ruleset']],
    ]);
    expect(outcome.summary).toContain('main takes pull requests without the check release gate');
    expect(made.github.calls).toEqual([]);
    expect((await apply(change)).outcome).toMatchObject({ outcome: 'applied', ok: true });
    expect(await made.stateOf(change, 'foundation')).toBe('closed');
    expect(made.github.calls).toHaveLength(3);
    const again = await plan();
    expect(again.outcome.outcome).toBe('unchanged');
    expect(made.github.calls).toHaveLength(3);
  });

  it('is a change of its own where the stacks are as agreed and a setting is not', async () => {
    install();
    await apply((await plan()).change);
    const seen = made.github.repositories.get(ORDERS);
    if (!seen) throw new Error('it is there');
    made.github.repositories.set(ORDERS, { ...seen, deployment: 'absent' });
    const { change, outcome } = await plan();
    expect(outcome.outcome).toBe('planned');
    const { stacks } = await made.planOf(change, 'foundation');
    expect(stacks.every(({ action }) => action === 'unchanged')).toBe(true);
    expect((await apply(change)).outcome.outcome).toBe('applied');
    expect(made.github.calls.slice(3)).toEqual([`acme-prod of ${ORDERS}`]);
  });

  it('is set only as far as it was approved: what was loosened since is said', async () => {
    install();
    await apply((await plan()).change);
    const loosen = (repository: string, of: 'approval' | 'deployment') => {
      const seen = made.github.repositories.get(repository);
      if (seen) made.github.repositories.set(repository, { ...seen, [of]: 'absent' });
    };
    loosen(ORDERS, 'deployment');
    const { change } = await plan();
    loosen(ORDERS, 'approval');
    const { outcome } = await apply(change);
    expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED' });
    expect(outcome.headline).toContain('acme-prod-approval does not exist');
    expect(made.github.calls.slice(3)).toEqual([`acme-prod of ${ORDERS}`]);
  });

  it('is planned with all that it changes, and keeps what others added that is stricter', async () => {
    install();
    await apply((await plan()).change);
    const loosen = (more: object) => {
      const seen = made.github.repositories.get(ORDERS);
      if (!seen || seen.ruleset === 'absent') throw new Error('it is there');
      const { checks: _, ...ruleset } = seen.ruleset;
      const rules = {
        main: { deletion: 'refused' as const, forcePush: 'refused' as const, checks: ['lint'] },
      };
      made.github.repositories.set(ORDERS, {
        ...seen,
        rules,
        ruleset: { ...ruleset, checks: ['lint'], ...more },
      });
    };
    loosen({});
    const { change, outcome } = await plan();
    const { github = [] } = await made.planOf(change, 'foundation');
    const check = 'release gate (acme/prod/orders-0)';
    expect(github[0]?.sets).toMatchObject([
      {
        of: 'ruleset',
        changes: [{ path: `/checks/${check}`, before: null, after: check }],
        keeps: ['the check lint'],
      },
    ]);
    expect(outcome.summary).toContain('It keeps what others added: the check lint.');
    expect(outcome.summary).toContain(`/checks/${check}`);
    loosen({ exclude: ['refs/heads/main'] }); // and that was not approved
    const before = made.github.calls.length;
    const { outcome: refused } = await apply(change);
    expect(refused).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED' });
    expect(refused.headline).toContain('/exclude/refs/heads/main would go from refs/heads/main to nothing');
    expect(made.github.calls).toHaveLength(before);
    expect((await apply((await plan()).change)).outcome.outcome).toBe('applied');
    const seen = made.github.repositories.get(ORDERS);
    expect(seen?.ruleset).toMatchObject({ checks: ['lint', check], exclude: [] });
  });

  it('that GitHub refuses leaves the change unverified, with GitHub’s words', async () => {
    install();
    const { change } = await plan();
    made.github.state.refuses = 'GitHub answered 422: the billing plan';
    const { outcome } = await apply(change);
    expect(outcome).toMatchObject({ outcome: 'failed', ok: false });
    expect(outcome.headline).toContain('the billing plan');
    expect(await made.stateOf(change, 'foundation')).toBe('failed');
  });

  it.each([1, 2, 3])(
    'is set by another attempt where the machine died after call %d, and nothing is set twice',
    async (diesAt) => {
      install();
      const { change } = await plan();
      made.github.state.diesAt = diesAt;
      await expect(apply(change)).rejects.toThrow('the machine died');
      expect(await made.stateOf(change, 'foundation')).toBe('deploying');
      const { outcome } = await made.act('apply', { part: 'foundation', change, attempt: 2 });
      expect(outcome).toMatchObject({ outcome: 'applied', ok: true });
      expect(made.github.calls).toHaveLength(3);
      expect(new Set(made.github.calls).size).toBe(3);
      expect(await made.stateOf(change, 'foundation')).toBe('closed');
    },
  );

  it('is left to apply by the door that verifies, where nothing of it was set before the machine died', async () => {
    install();
    const { change } = await plan();
    const stacks = (await made.planOf(change, 'foundation')).stacks.length;
    made.cloudformation.faults.push({ call: 'setPolicy', when: 'dies after', nth: stacks });
    await expect(apply(change)).rejects.toThrow('the machine died');
    expect(made.github.calls).toEqual([]);
    await made.clock.sleep(20 * MINUTE); // the lock of the dead run
    const { outcome } = await made.act('verify', { part: 'foundation', run: '9002', change });
    expect(outcome).toMatchObject({ outcome: 'left-open', reasonCode: 'CHANGE_LEFT_OPEN', ok: true });
    expect(outcome.headline).toContain(`nothing that was approved was set in ${ORDERS} yet`);
    expect(await made.stateOf(change, 'foundation')).toBe('deploying');
    const again = await made.act('apply', { part: 'foundation', change, attempt: 2 });
    expect(again.outcome).toMatchObject({ outcome: 'applied', ok: true });
    expect(await made.stateOf(change, 'foundation')).toBe('closed');
  });

  it.each([
    ['once the approval has expired', 'PLAN_NOT_APPROVED', () => made.clock.sleep(8 * DAY)],
    ['as another contract asks than the approved one', 'CONTRACT_CHANGED', () => made.republish()],
  ] as const)('is not set by another attempt %s', async (_, code, meanwhile) => {
    install();
    const { change } = await plan();
    made.github.state.diesAt = 1;
    await expect(apply(change)).rejects.toThrow('the machine died');
    await meanwhile();
    const again = made.act('apply', { part: 'foundation', change, attempt: 2 });
    expect(await codeOf(again)).toBe(code);
    expect(made.github.calls).toHaveLength(1);
  });

  it('is a list for a person where no App sees it, and nothing waits for that', async () => {
    const first = await plan();
    expect(first.outcome.summary).toContain('Required reviewers are the people with the numbers 200001');
    expect((await apply(first.change)).outcome.outcome).toBe('applied');
    const again = await plan();
    expect(again.outcome.outcome).toBe('unchanged');
    expect(again.outcome.summary).toContain('3 settings for a person');
    expect(made.github.calls).toEqual([]);
  });

  it('belongs to no other part', async () => {
    install();
    const { change } = await made.act('plan', { part: 'network' });
    expect((await made.planOf(change)).github).toBeUndefined();
  });

  it.each([
    ['the contract has an App that sets it', true, 1],
    ['no App sets it', false, 0],
  ])('is unknown in the drift without an App that reads, where %s', async (_, sets, unknown) => {
    const [prod] = Object.values(made.contract.environments);
    if (prod && sets) Object.assign(prod, { githubApp: { id: 77, key: 'td/rotation/app' } });
    await made.republish();
    await apply((await plan()).change);
    const { outcome } = await made.act('observe', { part: 'foundation' });
    expect(outcome.facts['unknown']).toBe(unknown);
    expect(outcome.summary?.includes('reader-app-id')).toBe(sets);
  });

  it('says of a ruleset that the App which reads cannot see who may bypass it, and opens no issue for that', async () => {
    install();
    made.github.state.reader = true;
    const [prod] = Object.values(made.contract.environments);
    if (prod) Object.assign(prod, { githubApp: { id: 77, key: 'td/rotation/app' } });
    await made.republish();
    await apply((await plan()).change);
    const seen = made.github.repositories.get(ORDERS);
    if (!seen || seen.ruleset === 'absent') throw new Error('the change made it');
    const { ruleset } = seen;
    const drift = async (bypass: 'nobody' | 'unseen') => {
      made.github.repositories.set(ORDERS, { ...seen, ruleset: { ...ruleset, bypass } });
      const { outcome } = await made.act('observe', { part: 'foundation' });
      return { counts: [outcome.facts['deciding'], outcome.facts['unknown']], summary: outcome.summary };
    };
    const [all, less] = [await drift('nobody'), await drift('unseen')];
    expect(less.counts).toEqual(all.counts);
    expect(all.summary).not.toContain('who may bypass');
    expect(less.summary).toContain('who may bypass the rules for main cannot be seen by this App');
  });

  it('is named in the drift of the foundation, where an App sees it', async () => {
    install();
    made.github.state.reader = true;
    const [prod] = Object.values(made.contract.environments);
    if (prod) Object.assign(prod, { githubApp: { id: 77, key: 'td/rotation/app' } });
    await made.republish();
    await apply((await plan()).change);
    const seen = made.github.repositories.get(ORDERS);
    if (seen) made.github.repositories.set(ORDERS, { ...seen, deployment: 'absent' });
    const { outcome } = await made.act('observe', { part: 'foundation' });
    expect(outcome).toMatchObject({ outcome: 'drifted', reasonCode: 'STACKS_DRIFTED' });
    expect(outcome.summary).toContain(`${ORDERS}: acme-prod does not exist.`);
    expect(outcome.summary).not.toContain('does not exist. CloudTrail');
    const { unknown } = outcome.facts as { unknown: number };
    made.github.state.installed = false;
    const { outcome: unseen } = await made.act('observe', { part: 'foundation' });
    expect([unknown, unseen.facts['unknown']]).toEqual([0, 1]);
    expect(unseen.summary).not.toContain(`${ORDERS}: acme-prod does not exist.`);
  });
});
