import { describe, expect, it } from '@jest/globals';
import { getBytes } from '@tenant-delivery/vault/objects';
import { aPart, codeOf } from './a-part.ts';

const NETWORK = 'td-acme-prod-network';

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

  it.each(['changeSet', 'protect'] as const)(
    'is not executed when another change set takes its name after the call %s',
    async (call) => {
      const made = await aPart();
      const { change } = await made.act('plan');
      await made.approve(change);
      const { ports, find } = made.cloudformation;
      const ask = ports[call].bind(ports) as (...asked: readonly unknown[]) => Promise<never>;
      let calls = 0;
      const replaced = async (...asked: readonly unknown[]) => {
        const answer = await ask(...asked);
        calls += 1;
        if (calls !== (call === 'changeSet' ? 2 : 1)) return answer; // the first look is before anything begins
        const stack = find(NETWORK);
        const [name = '', set] = [...(stack?.changeSets ?? [])][0] ?? [];
        if (set) stack?.changeSets.set(name, { ...set, id: `${set.id}-of-somebody-else` });
        return answer;
      };
      Object.assign(ports, { [call]: replaced });
      const { outcome } = await made.act('apply', { change });
      expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_FAILED', ok: false });
      expect(find(NETWORK)).toMatchObject({ status: 'REVIEW_IN_PROGRESS', events: [] });
    },
  );

  it('is not executed without an approval, nor by an approval of another plan', async () => {
    const made = await aPart();
    const { change } = await made.act('plan');
    expect(await codeOf(made.act('apply', { change }))).toBe('PLAN_NOT_APPROVED');
    expect(made.cloudformation.calls.some((call) => call.startsWith('execute'))).toBe(false);
  });

  it('that CloudFormation rolls back is told by the first resource that failed and its reason, and can be planned again', async () => {
    const made = await aPart();
    const { change } = await made.act('plan');
    await made.approve(change);
    made.cloudformation.failing.set('Vpc', 'The maximum number of VPCs has been reached.');
    const { outcome } = await made.act('apply', { change });
    expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK', ok: false });
    expect(outcome.headline).toContain(
      'Vpc (AWS::EC2::VPC) failed: The maximum number of VPCs has been reached.',
    );
    expect(await made.stateOf(change)).toBe('rolled-back');
    expect([...made.cloudformation.stacks.keys()]).toEqual([]); // nothing is left that no change set could change
    made.cloudformation.failing.clear();
    expect((await made.provision('network')).outcome.outcome).toBe('applied');
  });

  it('sets the stack policy before an update is executed, and after a creation', async () => {
    const made = await aPart();
    await made.provision('network');
    const calls = made.cloudformation.calls.map((call) => call.split(' ')[0]);
    expect(calls.indexOf('setPolicy')).toBeGreaterThan(calls.indexOf('execute'));
    made.cloudformation.calls.length = 0;
    Object.assign(made.contract.environments['prod']?.network ?? {}, { flowLogDays: 30 });
    await made.republish();
    await made.provision('network');
    const later = made.cloudformation.calls.map((call) => call.split(' ')[0]);
    expect(later.indexOf('setPolicy')).toBeLessThan(later.indexOf('execute'));
  });

  it('goes on without us after its time, is left open, and is closed by the next run', async () => {
    const made = await aPart();
    const { change } = await made.act('plan');
    await made.approve(change);
    const first = await made.act('apply', { change, inputs: { 'timeout-minutes': '5' } });
    expect(first.outcome).toMatchObject({ outcome: 'timed-out', reasonCode: 'STACK_TIMED_OUT' });
    expect((await made.act('settle', { change })).outcome).toMatchObject({ outcome: 'left-open' });
    const { outcome } = await made.act('apply', { change, run: '9002' });
    expect(outcome.outcome).toBe('applied');
    expect(await made.stateOf(change)).toBe('closed');
  });

  it('is verified only when a tunnel of each link is up: until then a later run looks again', async () => {
    const made = await aPart();
    made.tunnels.up = false;
    const { change, outcome } = await made.provision('network');
    expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'TUNNELS_DOWN', ok: true });
    expect(await made.stateOf(change)).toBe('deploying');
    made.tunnels.up = true;
    expect((await made.act('apply', { change, run: '9002' })).outcome.outcome).toBe('applied');
    expect(await made.stateOf(change)).toBe('closed');
  });

  it('is not verified when something was changed beside it, and its report says what', async () => {
    const made = await aPart();
    made.cloudformation.drifts.set(NETWORK, [
      {
        logicalId: 'GroupApp',
        id: 'sg-1',
        type: 'AWS::EC2::SecurityGroup',
        status: 'MODIFIED',
        properties: [{ path: '/SecurityGroupIngress', expected: '[]', actual: '0.0.0.0/0' }],
      },
    ]);
    const { change, outcome, runner } = await made.provision('network');
    expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED', ok: false });
    expect(await made.stateOf(change)).toBe('failed');
    const bytes = await getBytes(made.delivery.vault, runner.outputs['report'] as `sha256:${string}`);
    expect(Buffer.from(bytes as Uint8Array).toString()).toContain('/SecurityGroupIngress');
  });

  it('that was applied is not applied again', async () => {
    const made = await aPart();
    const { change } = await made.provision('network');
    made.cloudformation.calls.length = 0;
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome).toMatchObject({ outcome: 'applied', ok: true });
    expect(made.cloudformation.calls).toEqual([]);
  });

  it('is bound to the bytes of its template: what no list of changes shows is compared as well', async () => {
    const made = await aPart();
    const { change } = await made.act('plan');
    await made.approve(change);
    const stack = made.cloudformation.find(NETWORK);
    const [name = '', set] = [...(stack?.changeSets ?? [])][0] ?? [];
    const template = set?.request.template.replace('"DeletionPolicy":"RetainExceptOnCreate",', '');
    if (set && template) stack?.changeSets.set(name, { ...set, request: { ...set.request, template } });
    const thrown = await made.act('apply', { change }).catch((cause: Error) => cause);
    expect(String(thrown)).toMatch(/td-acme-prod-network: template was approved as/);
  });

  it('leaves what it could not see unverified, for a later look', async () => {
    const made = await aPart();
    made.cloudformation.drifts.set(NETWORK, [
      {
        logicalId: 'GroupApp',
        id: 'sg-1',
        type: 'AWS::EC2::SecurityGroup',
        status: 'UNKNOWN',
        properties: [],
      },
    ]);
    const { change, outcome } = await made.provision('network');
    expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'STACK_NOT_VERIFIED', ok: false });
    expect(await made.stateOf(change)).toBe('deploying');
    made.cloudformation.drifts.clear();
    expect((await made.act('apply', { change, run: '9002' })).outcome.outcome).toBe('applied');
  });

  it('ends a change that bakes when the next one of the part begins, and records why', async () => {
    const made = await aPart();
    made.tunnels.up = false;
    const { change } = await made.provision('network');
    made.tunnels.up = true;
    Object.assign(made.contract.environments['prod']?.network ?? {}, { flowLogDays: 30 });
    await made.republish();
    const next = await made.provision('network');
    expect(next.outcome.outcome).toBe('applied');
    expect(await made.stateOf(change)).toBe('abandoned');
  });
});
