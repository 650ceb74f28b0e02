import { expect, it, test } from '@jest/globals';
import { DAY, MINUTE } from '@tenant-delivery/domain';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

const NETWORK = 'td-acme-prod-network';

/** A network whose withdrawal is approved, and fails in CloudFormation. */
async function failing() {
  const made = await aPart();
  await made.provision('network');
  const closed = policyOf(made);
  const { change } = await made.act('plan', { kind: 'withdrawal' });
  await made.approve(change);
  made.cloudformation.failing.set('Cluster', 'The Cluster cannot be deleted while Services are active.');
  return { made, change, closed };
}

const policyOf = ({ cloudformation }: Awaited<ReturnType<typeof aPart>>) =>
  cloudformation.find(NETWORK)?.policy;

it('that is rolled back has the stack policy of the contract again', async () => {
  const { made, change, closed } = await failing();
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK' });
  expect(made.cloudformation.calls).toContain(`setPolicy ${NETWORK}`);
  expect(policyOf(made)).toBe(closed);
  expect(made.lifted).toEqual([]); // its load balancer is protected again
});

it('that CloudFormation refuses has it too', async () => {
  const { made, change, closed } = await failing();
  Object.assign(made.cloudformation.ports, { execute: async () => ({ refused: 'Rate exceeded' }) });
  expect((await made.act('apply', { change })).outcome.outcome).toBe('failed');
  expect(policyOf(made)).toBe(closed);
  expect(made.lifted).toEqual([]);
});

const DEATHS: readonly Fault[] = (['setPolicy', 'execute', 'events'] as const).flatMap((call) =>
  (['dies before', 'dies after'] as const).map((when) => ({ call, when })),
);

test.each(DEATHS)('whose machine $when $call has it once the next attempt has ended', async (fault) => {
  const { made, change, closed } = await failing();
  made.cloudformation.faults.push(fault);
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  await made.clock.sleep(30 * MINUTE);
  expect((await made.act('apply', { change, attempt: 2 })).outcome.outcome).toBe('rolled-back');
  expect(policyOf(made)).toBe(closed);
  expect(made.lifted).toEqual([]);
});

it('whose approval has expired before it was sent has it too', async () => {
  const { made, change, closed } = await failing();
  made.cloudformation.faults.push({ call: 'setPolicy', when: 'dies after' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  expect(policyOf(made)).not.toBe(closed);
  expect(made.lifted).toEqual(['internal']);
  await made.clock.sleep(8 * DAY);
  expect(await codeOf(made.act('apply', { change, attempt: 2 }))).toBe('PLAN_NOT_APPROVED');
  expect(policyOf(made)).toBe(closed);
  expect(made.lifted).toEqual([]);
});

it('that nobody takes up again is named by drift, and the next plan closes it', async () => {
  const { made, change, closed } = await failing();
  made.cloudformation.faults.push({ call: 'setPolicy', when: 'dies after' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  const { outcome } = await made.act('observe');
  expect(outcome.outcome).toBe('drifted');
  expect(outcome.summary).toContain(`the stack policy of ${NETWORK} is not the one that was approved`);
  await made.clock.sleep(30 * MINUTE);
  expect((await made.provision('network')).outcome.outcome).toBe('applied');
  expect(policyOf(made)).toBe(closed);
});
