import { expect, it, test } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

type Made = Awaited<ReturnType<typeof aPart>>;

const NETWORK = 'td-acme-prod-network';
const LEASE = 15 * MINUTE; // of the lock of a part

const PLAN_CALLS = ['describe 1', 'createChangeSet 1', 'changeSet 1', 'template 1'];
const APPLY_CALLS = [
  ...[
    'describe 1',
    'describe 2',
    'changeSet 1',
    'changeSet 2',
    'template 1',
    'events 1',
    'events 2',
    'events 9',
  ],
  ...['protect 1', 'execute 1', 'setPolicy 1', 'detectDrift 1', 'drift 1', 'resources 1'],
];

const deaths = (calls: readonly string[]): readonly Fault[] =>
  calls.flatMap((text): readonly Fault[] => {
    const [call, nth] = text.split(' ') as [Fault['call'], string]; // as written above
    return [
      { call, when: 'dies before', nth: Number(nth) },
      { call, when: 'dies after', nth: Number(nth) },
    ];
  });

/** What CloudFormation executed, by stack and change set; a request that it refused is not among them. */
const executed = ({ cloudformation }: Made) =>
  [...cloudformation.stacks.values()].flatMap(({ name, events }) =>
    events
      .filter(({ logicalId, status }) => logicalId === name && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(status))
      .map(({ token }) => `${name} ${token}`),
  );

async function planned() {
  const made = await aPart();
  const { change } = await made.act('plan');
  await made.approve(change);
  return { made, change };
}

test.each(deaths(PLAN_CALLS))(
  'a machine that $when the plan’s $call ($nth): settling leaves nothing at CloudFormation, and the next plan is applied',
  async (fault) => {
    const made = await aPart();
    made.cloudformation.faults.push(fault);
    const runner = fakeRunner();
    await expect(made.act('plan', { runner })).rejects.toThrow('the machine died');
    const { outcome } = await made.act('settle', { change: runner.outputs['change'] ?? '' });
    expect(outcome.outcome).toBe('abandoned');
    expect(made.cloudformation.left()).toEqual([]);
    const next = await made.provision('network');
    expect(next.outcome.outcome).toBe('applied');
    expect(executed(made)).toHaveLength(1);
  },
);

test.each(deaths(APPLY_CALLS))(
  'a machine that $when the $call of an apply ($nth): the next attempt ends as one that never died',
  async (fault) => {
    const { made, change } = await planned();
    made.cloudformation.faults.push(fault);
    await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome).toMatchObject({ outcome: 'applied', reasonCode: 'OK' });
    expect(await made.stateOf(change)).toBe('closed');
    expect(executed(made)).toHaveLength(1);
    expect(made.cloudformation.calls.filter((call) => call.startsWith('createChangeSet'))).toHaveLength(1);
    expect(made.cloudformation.find(NETWORK)).toMatchObject({ status: 'CREATE_COMPLETE', protected: true });
  },
);

test.each(['answer lost before', 'answer lost after'] as const)(
  'an execution whose %s it arrived is executed once',
  async (when) => {
    const { made, change } = await planned();
    made.cloudformation.faults.push({ call: 'execute', when });
    const { outcome } = await made.act('apply', { change });
    expect(outcome.outcome).toBe('applied');
    expect(executed(made)).toHaveLength(1);
  },
);

test.each(['dies before', 'dies after'] as const)(
  'a withdrawal whose machine %s the deletion goes on, and leaves no stack',
  async (when) => {
    const made = await aPart();
    await made.provision('network');
    const { change } = await made.act('plan', { kind: 'withdrawal' });
    await made.approve(change);
    made.cloudformation.faults.push({ call: 'deleteStack', when });
    await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome.outcome).toBe('applied');
    expect([...made.cloudformation.stacks.keys()]).toEqual([]);
    expect(await made.stateOf(change)).toBe('closed');
  },
);

it('lets no second run apply a change that one is at work on, and executes it once', async () => {
  const { made, change } = await planned();
  const second: Promise<string>[] = [];
  made.clock.at(30_000, () => {
    second.push(codeOf(made.act('apply', { change, run: '9002' })));
  });
  const { outcome } = await made.act('apply', { change });
  expect(outcome.outcome).toBe('applied');
  expect(await Promise.all(second)).toEqual(['LOCK_HELD']);
  expect(executed(made)).toHaveLength(1);
});

it('lets another run take up a change whose run died, and no other change meanwhile', async () => {
  const { made, change } = await planned();
  const other = await made.act('plan', { run: '9002' }); // planned before the first began: it takes its place
  expect(await made.stateOf(change)).toBe('withdrawn');
  await made.approve(other.change);
  made.cloudformation.faults.push({ call: 'execute', when: 'dies after' });
  await expect(made.act('apply', { change: other.change, run: '9002' })).rejects.toThrow('the machine died');
  expect(await codeOf(made.act('apply', { change }))).toBe('CHANGE_SUPERSEDED');
  expect(await codeOf(made.act('apply', { change: other.change, run: '9003' }))).toBe('LOCK_HELD');
  await made.clock.sleep(LEASE);
  const { outcome } = await made.act('apply', { change: other.change, run: '9003' });
  expect(outcome.outcome).toBe('applied');
  expect(executed(made)).toHaveLength(1);
});

it('lets a new change finish what the run of another left, and records how that one ended', async () => {
  const { made, change } = await planned();
  made.cloudformation.faults.push({ call: 'execute', when: 'dies after' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  const meanwhile = await made.act('plan', { run: '9002' });
  expect(meanwhile.outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
  expect(meanwhile.outcome.headline).toContain('CREATE_IN_PROGRESS');
  await made.clock.sleep(2 * LEASE); // long enough for CloudFormation too
  const next = await made.act('plan', { run: '9003' });
  const [stack] = (await made.planOf(next.change)).stacks;
  expect(stack).toMatchObject({ action: 'update', changeSet: null, changes: [] }); // its policy was not set yet
  await made.approve(next.change);
  const { outcome } = await made.act('apply', { change: next.change, run: '9003' });
  expect(outcome.outcome).toBe('applied');
  expect(await made.stateOf(change)).toBe('abandoned');
  expect(executed(made)).toHaveLength(1);
  expect(made.cloudformation.find(NETWORK)?.policy).toContain('AWS::EC2::VPC');
});

it.each(['dies before', 'dies after'] as const)(
  'a machine that %s it takes away what a failed creation left: the next attempt records that nothing was made',
  async (when) => {
    const { made, change } = await planned();
    made.cloudformation.failing.set('Vpc', 'The maximum number of VPCs has been reached.');
    made.cloudformation.faults.push({ call: 'deleteStack', when });
    await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
    await made.clock.sleep(MINUTE);
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK' });
    expect(await made.stateOf(change)).toBe('rolled-back');
    expect(made.cloudformation.left()).toEqual([]);
  },
);
