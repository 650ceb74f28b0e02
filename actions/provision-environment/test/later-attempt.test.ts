import { expect, it } from '@jest/globals';
import { DAY, type Part } from '@tenant-delivery/domain';
import { contractOfSize } from '@tenant-delivery/provisioning/contract-of-size';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

type Made = Awaited<ReturnType<typeof aPart>>;

const EXPIRED = 8 * DAY; // the contract lets an approval count for seven

/** A part whose approved plan was begun by an attempt that died. */
async function begun(
  made: Made,
  part: Part,
  kind: 'provision' | 'withdrawal',
  fault: Fault,
): Promise<{ readonly change: string; readonly again: () => ReturnType<Made['act']> }> {
  const { change } = await made.act('plan', { part, kind });
  await made.approve(change, part);
  made.cloudformation.calls.length = 0;
  made.cloudformation.faults.push(fault);
  await expect(made.act('apply', { part, change })).rejects.toThrow('the machine died');
  expect(await made.stateOf(change, part)).toBe('deploying');
  made.lifted.length = 0;
  return { change, again: () => made.act('apply', { part, change, attempt: 2 }) };
}

const sent = ({ cloudformation }: Made, call: 'execute' | 'deleteStack') =>
  cloudformation.calls.filter((each) => each.startsWith(`${call} `));

it.each([
  ['once the approval has expired', 'PLAN_NOT_APPROVED', (made: Made) => made.clock.sleep(EXPIRED)],
  ['under another contract than the approved one', 'CONTRACT_CHANGED', (made: Made) => made.republish()],
] as const)('executes no change set that was not sent yet %s', async (_, code, meanwhile) => {
  const made = await aPart(({ publishers }) => {
    const two = contractOfSize({ services: 2, repositories: 1, releases: 1, longest: false });
    return { ...two, ...(publishers && { publishers }) };
  });
  await made.provision('network');
  const { again } = await begun(made, 'services', 'provision', { call: 'execute', when: 'dies after' });
  await meanwhile(made);
  expect(await codeOf(again())).toBe(code);
  expect(sent(made, 'execute')).toEqual(['execute td-acme-prod-orders-0']);
});

it('sets no stack policy that was not set yet once the approval has expired', async () => {
  const made = await aPart();
  await made.provision('network');
  const stack = made.cloudformation.find('td-acme-prod-network');
  if (stack) stack.policy = undefined;
  const { again } = await begun(made, 'network', 'provision', { call: 'protect', when: 'dies before' });
  await made.clock.sleep(EXPIRED);
  expect(await codeOf(again())).toBe('PLAN_NOT_APPROVED');
  expect(stack?.policy).toBeUndefined();
});

it('lifts no protection once the approval has expired', async () => {
  const made = await aPart();
  await made.provision('network');
  const { again } = await begun(made, 'network', 'withdrawal', { call: 'describe', when: 'dies before' });
  await made.clock.sleep(EXPIRED);
  expect(await codeOf(again())).toBe('PLAN_NOT_APPROVED');
  expect(made.lifted).toEqual([]);
});

it('deletes no empty stack once the approval has expired', async () => {
  const made = await aPart();
  await made.act('plan'); // leaves the shell of a stack
  const { again } = await begun(made, 'network', 'withdrawal', { call: 'protect', when: 'dies before' });
  await made.clock.sleep(EXPIRED);
  expect(await codeOf(again())).toBe('PLAN_NOT_APPROVED');
  expect(sent(made, 'deleteStack')).toEqual([]);
});

it.each(['provision', 'withdrawal'] as const)(
  'follows what was sent of a %s to its end, though the approval has expired since',
  async (kind) => {
    const made = await aPart();
    if (kind === 'withdrawal') await made.provision('network');
    const { change, again } = await begun(made, 'network', kind, { call: 'execute', when: 'dies after' });
    await made.clock.sleep(EXPIRED);
    expect((await again()).outcome).toMatchObject({ outcome: 'applied', ok: true });
    expect(made.lifted).toEqual([]);
    expect(sent(made, 'execute')).toHaveLength(1);
    expect(await made.stateOf(change)).toBe('closed');
  },
);
