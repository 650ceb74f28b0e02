import { expect, it } from '@jest/globals';
import { aPart, codeOf } from './a-part.ts';

it.each([
  ['rejected', 'failure', ['lead-ben'], 'APPROVAL_REJECTED'],
  ['withdrawn', 'cancelled', [], 'RUN_CANCELLED'],
  ['abandoned', 'failure', [], 'RUN_FAILED'],
] as const)(
  'records a plan that was never applied as %s, and leaves nothing of it at CloudFormation',
  async (to, status, by, reason) => {
    const made = await aPart();
    const { change } = await made.act('plan');
    made.rejected.push(...by);
    const { outcome } = await made.act('settle', { change, inputs: { 'job-status': status } });
    expect(outcome).toMatchObject({ outcome: to, reasonCode: reason });
    expect(await made.stateOf(change)).toBe(to);
    expect(made.cloudformation.left()).toEqual([]);
  },
);

it('leaves a stack that was made, whatever becomes of a later plan', async () => {
  const made = await aPart();
  await made.provision('network');
  Object.assign(made.contract.environments['prod']?.network ?? {}, { flowLogDays: 30 });
  await made.republish();
  const { change } = await made.act('plan');
  await made.act('settle', { change });
  expect(made.cloudformation.find('td-acme-prod-network')).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(made.cloudformation.calls.filter((call) => call.startsWith('deleteStack'))).toEqual([]);
});

it('says nothing of a plan that opened no change, and of one that was applied', async () => {
  const made = await aPart();
  expect((await made.act('settle')).outcome.outcome).toBe('nothing-to-do');
  const { change } = await made.provision('network');
  expect((await made.act('settle', { change })).outcome).toMatchObject({ outcome: 'nothing-to-do' });
});

it('needs a change to apply, and none to plan', async () => {
  const made = await aPart();
  expect(await codeOf(made.act('apply'))).toBe('INPUTS_INVALID');
  expect(await codeOf(made.act('plan', { change: 'chg_01K4F0000000000000000000AA' }))).toBe('INPUTS_INVALID');
});
