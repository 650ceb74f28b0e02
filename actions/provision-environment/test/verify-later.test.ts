import { expect, it, test } from '@jest/globals';
import { DAY, MINUTE } from '@tenant-delivery/domain';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

const NETWORK = 'td-acme-prod-network';

/** A network that is made, and whose tunnels are down. */
async function unverified() {
  const made = await aPart();
  made.tunnels.up = false;
  const { change, outcome } = await made.provision('network');
  expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'TUNNELS_DOWN', ok: true });
  expect(outcome.summary).toContain('**What to do:** Have the customer set up their gateway');
  made.cloudformation.calls.length = 0;
  return { made, change };
}

const CHANGES = /^(execute|setPolicy|protect|deleteStack|rollBack|createChangeSet) /;

it('closes a change weeks later, once a tunnel is up, and sends nothing to CloudFormation', async () => {
  const { made, change } = await unverified();
  await made.clock.sleep(45 * DAY); // GitHub re-runs no job by now
  const still = await made.act('verify', { run: '9002' });
  expect(still.outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'TUNNELS_DOWN', ok: true });
  expect(still.change).toBe(change);
  expect(await made.stateOf(change)).toBe('deploying');
  made.tunnels.up = true;
  const { outcome, runner } = await made.act('verify', { run: '9003' });
  expect(outcome).toMatchObject({ outcome: 'verified', reasonCode: 'OK', ok: true });
  expect(await made.stateOf(change)).toBe('closed');
  expect(runner.outputs['addresses']).toContain('euw1-az1');
  expect(made.cloudformation.calls.filter((call) => CHANGES.test(call))).toEqual([]);
  expect((await made.act('verify', { run: '9004' })).outcome.outcome).toBe('nothing-to-do');
  expect((await made.act('verify', { run: '9004', change })).outcome.outcome).toBe('nothing-to-do');
});

it('ends it as failed, with the reason, when what was made is not as it was approved any more', async () => {
  const { made, change } = await unverified();
  const properties = [{ path: '/SecurityGroupIngress', expected: '[]', actual: '0.0.0.0/0' }];
  const drift = {
    logicalId: 'GroupApp',
    id: 'sg-1',
    type: 'AWS::EC2::SecurityGroup',
    status: 'MODIFIED',
    properties,
  };
  made.cloudformation.drifts.set(NETWORK, [drift]);
  made.tunnels.up = true;
  const { outcome } = await made.act('verify', { run: '9002', change });
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED', ok: false });
  expect(outcome.headline).toContain('/SecurityGroupIngress');
  expect(await made.stateOf(change)).toBe('failed');
});

const OPEN = {
  Type: 'AWS::EC2::SecurityGroupIngress',
  Properties: { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
};

/** A network of which a later change sets the policy alone: nothing of its template is executed. */
async function policyAlone(tellOtherwise: (body: string) => string) {
  const made = await aPart();
  await made.provision('network');
  const stack = made.cloudformation.find(NETWORK);
  Object.assign(stack ?? {}, { policy: undefined, body: tellOtherwise(stack?.body ?? '') });
  made.tunnels.up = false;
  const { change } = await made.provision('network');
  return { made, change };
}

it.each([
  ['made the stack', unverified],
  ['set its policy alone', () => policyAlone((body) => body)],
] as const)('ends a change that %s as failed when another template was put in since', async (_, start) => {
  const { made, change } = await start();
  const stack = made.cloudformation.find(NETWORK);
  const { Resources, ...others } = JSON.parse(stack?.body ?? '');
  // The account is as this template says, so nothing drifts.
  Object.assign(stack ?? {}, { body: JSON.stringify({ ...others, Resources: { ...Resources, OPEN } }) });
  made.tunnels.up = true;
  const { outcome } = await made.act('verify', { run: '9002', change });
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_NOT_VERIFIED', ok: false });
  expect(outcome.headline).toContain(`template of ${NETWORK}: it is not the one that was approved`);
  expect(await made.stateOf(change)).toBe('failed');
});

it('takes the words and the order of an earlier release for the template that was approved', async () => {
  const { made, change } = await policyAlone((body) => {
    const { Description: _, ...others } = JSON.parse(body);
    return JSON.stringify({ ...others, Description: 'in other words' });
  });
  expect((await made.planOf(change)).stacks[0]?.changeSet).toBeNull();
  made.tunnels.up = true;
  expect((await made.act('verify', { run: '9002', change })).outcome.outcome).toBe('verified');
});

/** What an earlier release said stays when the stack goes. CloudFormation finds no change in that alone. */
const staysLess = (body: string) =>
  body.replace('"DeletionPolicy":"RetainExceptOnCreate"', '"DeletionPolicy":"Retain"');

it('takes a stack whose DeletionPolicy alone is of an earlier release for the one that was planned as unchanged', async () => {
  const { made, change } = await policyAlone(staysLess);
  const [stack] = (await made.planOf(change)).stacks;
  expect(stack).toMatchObject({ changeSet: null, keeps: expect.stringContaining('sha256:') });
  expect(stack?.keeps).not.toBe(stack?.template);
  made.tunnels.up = true;
  expect((await made.act('verify', { run: '9002', change })).outcome.outcome).toBe('verified');
  expect((await made.act('observe')).outcome.outcome).toBe('clean');
  const { runner } = await made.act('plan');
  expect(runner.log.join()).toMatch(/the DeletionPolicy of \w+ is not the one of this release/);
});

it('takes no DeletionPolicy that was changed after the plan for it', async () => {
  const { made, change } = await policyAlone((body) => body);
  const stack = made.cloudformation.find(NETWORK);
  Object.assign(stack ?? {}, { body: staysLess(stack?.body ?? '') });
  made.tunnels.up = true;
  expect((await made.act('verify', { run: '9002', change })).outcome.outcome).toBe('failed');
  expect((await made.act('observe')).outcome.outcome).not.toBe('clean');
});

it.each(['verify', 'apply'] as const)(
  'leaves a change open, by %s, that was planned under another contract than the one in force',
  async (mode) => {
    const { made, change } = await unverified();
    const { network } = made.contract.environments['prod'] ?? {};
    Object.assign(network ?? {}, { links: {} }); // a link that is not agreed any more is not looked at
    await made.republish();
    const { outcome } = await made.act(mode, { run: '9002', change });
    expect(outcome).toMatchObject({ ok: mode === 'verify' });
    expect(outcome.headline).toContain('planned under the contract sha256:');
    expect(`${outcome.headline} ${outcome.remedy}`).toMatch(/[Pp]lan again/);
    expect(await made.stateOf(change)).toBe('deploying');
  },
);

type Made = Awaited<ReturnType<typeof aPart>>;
const resourcesOf = ({ cloudformation }: Made) => cloudformation.find(NETWORK)?.resources;

it.each([
  ['is not among the resources', (made: Made) => resourcesOf(made)?.delete('VpnHq')],
  ['has no id', (made: Made) => Object.assign(resourcesOf(made)?.get('VpnHq') ?? {}, { id: undefined })],
  ['has no tunnel that EC2 tells of', (made: Made) => Object.assign(made.tunnels, { told: false })],
] as const)('takes a link for down whose VPN connection %s', async (_, lose) => {
  const { made, change } = await unverified();
  made.tunnels.up = true;
  lose(made);
  const attempts = [
    await made.act('verify', { run: '9002', change }),
    await made.act('apply', { run: '9003', change }),
  ];
  for (const { outcome } of attempts) {
    expect(outcome).toMatchObject({ outcome: 'unverified', reasonCode: 'TUNNELS_DOWN' });
    expect(outcome.headline).toContain('No tunnel of VpnHq is up yet');
  }
  expect(await made.stateOf(change)).toBe('deploying');
});

const DEATHS: readonly Fault[] = (
  ['describe', 'events', 'policy', 'detectDrift', 'resources'] as const
).flatMap((call) => (['dies before', 'dies after'] as const).map((when) => ({ call, when })));

test.each(DEATHS)(
  'a machine that $when its $call leaves the change open for the next look',
  async (fault) => {
    const { made, change } = await unverified();
    made.tunnels.up = true;
    made.cloudformation.faults.push(fault);
    await expect(made.act('verify', { run: '9002' })).rejects.toThrow('the machine died');
    expect(await made.stateOf(change)).toBe('deploying');
    await made.clock.sleep(20 * MINUTE); // the lock of the dead run
    expect((await made.act('verify', { run: '9003' })).outcome.outcome).toBe('verified');
    expect(await made.stateOf(change)).toBe('closed');
  },
);

it('verifies nothing that was not applied to its end', async () => {
  const made = await aPart();
  const { change } = await made.act('plan');
  expect((await made.act('verify', { change })).outcome.outcome).toBe('nothing-to-do');
  await made.approve(change);
  made.cloudformation.faults.push({ call: 'setPolicy', when: 'dies before' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  await made.clock.sleep(20 * MINUTE);
  const { outcome } = await made.act('verify', { run: '9002' });
  expect(outcome).toMatchObject({ outcome: 'left-open', reasonCode: 'CHANGE_LEFT_OPEN' });
  expect(outcome.headline).toContain(`${NETWORK} does not have the stack policy that was approved`);
  expect(await made.stateOf(change)).toBe('deploying');
});

it('waits for a run that is at work on the change', async () => {
  const made = await aPart();
  const { change } = await made.act('plan');
  await made.approve(change);
  const second: Promise<string>[] = [];
  made.clock.at(30_000, () => {
    second.push(codeOf(made.act('verify', { change, run: '9002' })));
  });
  expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
  expect(await Promise.all(second)).toEqual(['LOCK_HELD']);
});
