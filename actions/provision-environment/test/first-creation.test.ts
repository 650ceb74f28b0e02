import { expect, it } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import { aPart } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

const NETWORK = 'td-acme-prod-network';
const WHY = 'The certificate arn:aws:acm:eu-west-1:000011112222:certificate/1 was not found';

/** A network of which a resource fails after its protected balancer was made. */
async function failing() {
  const made = await aPart();
  const { change } = await made.act('plan');
  await made.approve(change);
  made.cloudformation.failing.set('Listener', WHY);
  return { made, change };
}

/** What a creation that failed leaves in the account, in a stack or out of one. */
const left = ({ cloudformation }: Awaited<ReturnType<typeof aPart>>) => [
  ...cloudformation.left().map(({ name }) => name),
  ...cloudformation.kept.map(({ id }) => id),
];

it('that fails after its protected balancer is taken away whole, and the next run makes it', async () => {
  const { made, change } = await failing();
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK', ok: false });
  expect(outcome.headline).toContain(`Listener (AWS::ElasticLoadBalancingV2::Listener) failed: ${WHY}`);
  expect(made.lifted).toEqual(['internal']);
  expect(left(made)).toEqual([]);
  expect(await made.stateOf(change)).toBe('rolled-back');
  made.cloudformation.failing.clear();
  expect((await made.provision('network')).outcome.outcome).toBe('applied');
});

it('that meets an address in use says which, in EC2’s words, and leaves nothing', async () => {
  const made = await aPart();
  const { change } = await made.act('plan');
  await made.approve(change);
  const why = 'Elastic IP address [eipalloc-0f00000000000001] is already associated';
  made.cloudformation.failing.set('NatEuw1Az1', why);
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK', ok: false });
  expect(outcome.headline).toContain(`NatEuw1Az1 (AWS::EC2::NatGateway) failed: ${why}`);
  expect(outcome.remedy).toContain('Mend what the failed resource names');
  expect(left(made)).toEqual([]);
  expect(await made.stateOf(change)).toBe('rolled-back');
  made.cloudformation.failing.clear();
  expect((await made.provision('network')).outcome.outcome).toBe('applied');
});

it('that fails before there is a balancer lifts none: another of its name is not this stack’s', async () => {
  const made = await aPart();
  const { change } = await made.act('plan');
  await made.approve(change);
  made.cloudformation.failing.set('Balancer', 'A load balancer with the same name exists');
  expect((await made.act('apply', { change })).outcome.outcome).toBe('rolled-back');
  expect(made.lifted).toEqual([]);
  expect(left(made)).toEqual([]);
});

it.each<Fault>([
  { call: 'execute', when: 'dies after' },
  { call: 'resources', when: 'dies before' },
  { call: 'rollBack', when: 'dies before' },
  { call: 'rollBack', when: 'dies after' },
  { call: 'deleteStack', when: 'dies before' },
  { call: 'deleteStack', when: 'dies after' },
])('whose machine $when $call is taken away by the next attempt', async (fault) => {
  const { made, change } = await failing();
  made.cloudformation.faults.push(fault);
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  await made.clock.sleep(30 * MINUTE);
  const { outcome } = await made.act('apply', { change, attempt: 2 });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK' });
  expect(left(made)).toEqual([]);
});

it.each(['answer lost before', 'answer lost after'] as const)(
  'whose rollback lost its answer (%s) is rolled back once',
  async (when) => {
    const { made, change } = await failing();
    made.cloudformation.faults.push({ call: 'rollBack', when });
    expect((await made.act('apply', { change })).outcome.outcome).toBe('rolled-back');
    expect(left(made)).toEqual([]);
  },
);

it('that cannot be taken away says by which commands, and so does the next plan', async () => {
  const { made, change } = await failing();
  Object.assign(made.balancers, { lift: async () => 'done' }); // AWS says so, and it stays protected
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_FAILED' });
  expect(outcome.headline).toContain('ROLLBACK_FAILED');
  expect(outcome.remedy).toContain(`aws cloudformation delete-stack --stack-name ${NETWORK}`);
  const next = await made.act('plan');
  expect(next.outcome).toMatchObject({ outcome: 'denied' });
  expect(next.outcome.headline).toContain('what the template keeps stays in the account');
});
