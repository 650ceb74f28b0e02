import { describe, expect, it } from '@jest/globals';
import { aPart, codeOf } from './a-part.ts';

const sets = ({ cloudformation }: Awaited<ReturnType<typeof aPart>>) =>
  cloudformation.calls.filter((call) => call.startsWith('createChangeSet'));

describe('a plan', () => {
  it('of a network that is not there makes one change set, and changes no resource', async () => {
    const made = await aPart();
    const { outcome, change, runner } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'planned', reasonCode: 'OK', ok: true });
    expect(runner.outputs['needs-approval']).toBe('true');
    const plan = await made.planOf(change);
    expect(plan.stacks.map(({ name, action }) => [name, action])).toEqual([
      ['td-acme-prod-network', 'create'],
    ]);
    expect(plan.fixedCosts).toMatchObject({ natGateways: 3, addresses: 3, vpnConnections: 1 });
    expect(sets(made)).toHaveLength(1);
    expect(made.cloudformation.calls.some((call) => call.startsWith('execute'))).toBe(false);
    expect(await made.stateOf(change)).toBe('planned');
  });

  it('of services before their network is refused, and leaves no change set', async () => {
    const made = await aPart();
    const { outcome, change, runner } = await made.act('plan', { part: 'services' });
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED', ok: false });
    expect(outcome.headline).toContain('td-acme-prod-network is not there');
    expect(runner.outputs['needs-approval']).toBe('false');
    expect(await made.stateOf(change, 'services')).toBe('denied');
    expect(sets(made)).toEqual([]);
  });
});

describe('an approved plan', () => {
  it('is applied, verified and closed, and tells the addresses for the customer', async () => {
    const made = await aPart();
    const { outcome, change, runner } = await made.provision('network');
    expect(outcome).toMatchObject({ outcome: 'applied', reasonCode: 'OK', ok: true });
    expect(await made.stateOf(change)).toBe('closed');
    expect(JSON.parse(runner.outputs['addresses'] ?? '')).toEqual({
      'euw1-az1': 'addresseuw1az1-1',
      'euw1-az2': 'addresseuw1az2-1',
      'euw1-az3': 'addresseuw1az3-1',
    });
  });

  it('is not executed when another change set lies in its place', async () => {
    const made = await aPart();
    const { change } = await made.act('plan');
    await made.approve(change);
    const stack = made.cloudformation.find('td-acme-prod-network');
    const [name = '', set] = [...(stack?.changeSets ?? [])][0] ?? [];
    if (set)
      stack?.changeSets.set(name, {
        ...set,
        request: { ...set.request, template: set.request.template.replace('10.0.0.0/16', '10.1.0.0/16') },
      });
    expect(await codeOf(made.act('apply', { change }))).toBe('STACK_PLAN_CHANGED');
    expect(made.cloudformation.calls.some((call) => call.startsWith('execute'))).toBe(false);
    expect(await made.stateOf(change)).toBe('approved');
  });
});
