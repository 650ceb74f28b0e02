import { describe, expect, it } from '@jest/globals';
import {
  BALANCER,
  bodyOf,
  type Environment,
  executed,
  NETWORK,
  SERVICE,
  somebodys,
  TAGS,
} from './an-environment-by-hand.ts';

describe('an environment that somebody made', () => {
  it('is taken in as it is, and is unchanged from then on', async () => {
    const made = await somebodys();
    const { outcome, change } = await made.act('plan');
    expect(outcome.outcome).toBe('planned');
    const [stack] = (await made.planOf(change)).stacks;
    expect(stack).toMatchObject({
      name: NETWORK,
      action: 'import',
      afterImport: { differences: [], made: [] },
    });
    expect(stack?.changes.map(({ action, id }) => [action, id])).toEqual(
      expect.arrayContaining([
        ['import', 'vpc-1'],
        ['import', 'subnet-1'],
        ['import', BALANCER],
      ]),
    );
    expect(outcome.summary).toMatch(/takes in what is there\. Nothing of it is changed by this plan/);
    expect(outcome.summary).toContain('rules of security groups');
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome).toMatchObject({
      outcome: 'applied',
      reasonCode: 'OK',
    });
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
    const { Resources } = bodyOf(made, NETWORK);
    expect(Object.values(Resources).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(
      Object.values(Resources).map(() => 'Retain'),
    );
    expect(made.cloudformation.find(NETWORK)).toMatchObject({ status: 'IMPORT_COMPLETE', protected: true });
    expect((await made.act('plan')).outcome.outcome).toBe('unchanged');
  });

  it('keeps what is there where the contract says otherwise; the plan after the import changes it', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { outcome, change } = await made.act('plan', { part: 'services' });
    const { capacity } = Object.values(
      made.contract.environments['prod']?.services ?? {},
    )[0] as Environment['services'][string];
    const [stack] = (await made.planOf(change, 'services')).stacks;
    const difference = {
      logicalId: 'ScalableTarget',
      type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      path: '/MaxCapacity',
      live: '99',
      agreed: String(capacity.maximum),
    };
    expect(stack).toMatchObject({ action: 'import', afterImport: { differences: [difference], made: [] } });
    expect(outcome.summary).toMatch(
      /not as the contract says\.\*\* The change after this one would set it so/,
    );
    await made.approve(change, 'services');
    made.runService();
    expect((await made.act('apply', { part: 'services', change })).outcome.outcome).toBe('applied');
    expect(bodyOf(made, SERVICE).Resources['ScalableTarget']?.Properties['MaxCapacity']).toBe(99);
    const next = await made.act('plan', { part: 'services' });
    const [after] = (await made.planOf(next.change, 'services')).stacks;
    expect(after).toMatchObject({ action: 'update' });
    expect(after?.changes).toMatchObject([
      {
        logicalId: 'ScalableTarget',
        action: 'modify',
        properties: [{ path: '/MaxCapacity', before: '99', after: String(capacity.maximum) }],
      },
    ]);
  });

  it('lacks a scaling range: the import goes without it, and the plan after it makes one', async () => {
    const made = await somebodys();
    await made.provision('network');
    for (const key of made.cloudformation.there.keys())
      if (key.includes('ScalableTarget')) made.cloudformation.there.delete(key);
    const { outcome, change } = await made.act('plan', { part: 'services' });
    const [stack] = (await made.planOf(change, 'services')).stacks;
    const later = { logicalId: 'ScalableTarget', type: 'AWS::ApplicationAutoScaling::ScalableTarget' };
    expect(stack).toMatchObject({ action: 'import', afterImport: { made: [later] } });
    expect(outcome.summary).toContain('not there.** The change after this one makes it');
    await made.approve(change, 'services');
    made.runService();
    await made.act('apply', { part: 'services', change });
    const next = await made.act('plan', { part: 'services' });
    expect((await made.planOf(next.change, 'services')).stacks[0]?.changes).toMatchObject([
      { logicalId: 'ScalableTarget', action: 'add' },
    ]);
  });

  it('takes in what the contract names later, beside what it has', async () => {
    const made = await somebodys();
    await made.provision('network');
    const [[layer, first] = ['', undefined]] = Object.entries(
      made.contract.environments['prod']?.layers ?? {},
    );
    first?.securityGroups?.push('sg-2');
    made.cloudformation.there.set('AWS::EC2::SecurityGroup sg-2', { VpcId: 'vpc-1', ...TAGS });
    await made.republish();
    const { change } = await made.act('plan');
    const [stack] = (await made.planOf(change)).stacks;
    expect(stack).toMatchObject({ action: 'import', changes: [{ action: 'import', id: 'sg-2' }] });
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
    expect((await made.act('plan')).outcome.outcome).toBe('unchanged');
    expect(layer).not.toBe('');
  });

  it('stays when it is withdrawn: what was imported leaves the stack and nothing else happens', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { outcome, change } = await made.act('plan', { kind: 'withdrawal' });
    const plan = await made.planOf(change);
    expect(plan.stacks[0]?.changes.filter(({ action }) => action === 'remove')).toEqual([]);
    expect(plan.lifts).toEqual([]);
    expect(outcome.summary).toContain('resources stay in the account, in no stack');
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
    expect(made.cloudformation.kept).toHaveLength(6);
    expect([...made.cloudformation.stacks.keys()]).toEqual([]);
  });
});
