import { expect, test } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { codeOf } from './a-part.ts';
import { executed, NETWORK, somebodys, without } from './an-environment-by-hand.ts';
import type { Fault } from './faulty-calls.ts';

const CALLS = [
  'describe 1',
  'changeSet 1',
  'template 1',
  'events 1',
  'events 9',
  'protect 1',
  'execute 1',
  'setPolicy 1',
  'detectDrift 1',
  'drift 1',
];
const deaths = (calls: readonly string[]): readonly Fault[] =>
  calls.flatMap((text) => {
    const [call, nth] = text.split(' ') as [Fault['call'], string]; // as written above
    return (['dies before', 'dies after'] as const).map((when) => ({ call, when, nth: Number(nth) }));
  });

test.each(deaths(['describe 1', 'createChangeSet 1', 'changeSet 1', 'template 1']))(
  'a machine that $when the $call of a plan of an import ($nth): settling leaves nothing, and the next plan is applied',
  async (fault) => {
    const made = await somebodys();
    made.cloudformation.faults.push(fault);
    const runner = fakeRunner();
    await expect(made.act('plan', { runner })).rejects.toThrow('the machine died');
    await made.act('settle', { change: runner.outputs['change'] ?? '' });
    expect(made.cloudformation.left()).toEqual([]);
    expect((await made.provision('network')).outcome.outcome).toBe('applied');
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
  },
);

test.each(deaths(CALLS))(
  'a machine that $when the $call of an import ($nth): the next attempt ends as one that never died',
  async (fault) => {
    const made = await somebodys();
    const { change } = await made.act('plan');
    await made.approve(change);
    made.cloudformation.faults.push(fault);
    await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome).toMatchObject({ outcome: 'applied', reasonCode: 'OK' });
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
    expect(made.cloudformation.find(NETWORK)).toMatchObject({ status: 'IMPORT_COMPLETE', protected: true });
  },
);

test('an import is executed once when a second run wants it too', async () => {
  const made = await somebodys();
  const { change } = await made.act('plan');
  await made.approve(change);
  const second: Promise<string>[] = [];
  made.clock.at(30_000, () => void second.push(codeOf(made.act('apply', { change, run: '9002' }))));
  expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
  expect(await Promise.all(second)).toEqual(['LOCK_HELD']);
  expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
});

test('an import of what went away after the approval is rolled back whole, and planned again it is refused', async () => {
  const made = await somebodys();
  const { change } = await made.act('plan');
  await made.approve(change);
  without('subnet-2')(made);
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK' });
  expect(outcome.headline).toContain("with identifier 'subnet-2' was not found");
  const stack = made.cloudformation.find(NETWORK);
  expect(stack?.resources.size).toBe(0);
  // should AWS give back the template of the import that failed, nothing of it is believed to be there
  Object.assign(stack ?? {}, { body: [...(stack?.changeSets.values() ?? [])][0]?.request.template });
  expect((await made.act('plan')).outcome.headline).toContain('subnet-2 (AWS::EC2::Subnet) is not there');
  made.cloudformation.there.set('AWS::EC2::Subnet subnet-2', {
    ...made.cloudformation.there.get('AWS::EC2::Subnet subnet-1'),
  });
  await made.clock.sleep(MINUTE);
  expect((await made.provision('network')).outcome.outcome).toBe('applied');
  expect(made.cloudformation.find(NETWORK)?.resources.size).toBe(6);
});
