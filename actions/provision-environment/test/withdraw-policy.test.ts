import { expect, it, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { DAY, MINUTE } from '@tenant-delivery/domain';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
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

it('whose load balancer cannot be protected again has it still, and the run names the load balancer', async () => {
  const { made, change, closed } = await failing();
  const protect = async () => {
    throw new Failure('AWS_REFUSED', 'ModifyLoadBalancerAttributes: Access Denied', 'Mend it.');
  };
  Object.assign(made.balancers, { protect });
  const { runner } = await made.act('apply', { change });
  expect(policyOf(made)).toBe(closed);
  expect(runner.log.join('\n')).toContain(
    `The load balancer of ${NETWORK} may still have no deletion protection: AWS_REFUSED, ModifyLoadBalancerAttributes: Access Denied`,
  );
});

it('whose template is not readable leaves the policy open and says so, and protects the load balancer', async () => {
  const { made, change } = await failing();
  made.cloudformation.faults.push({ call: 'setPolicy', when: 'dies after' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  expect(made.lifted).toEqual(['internal']);
  await made.clock.sleep(8 * DAY); // so that nothing but closing is left to do
  Object.assign(made.cloudformation.ports, { template: async () => 'Resources: {}' });
  const runner = fakeRunner();
  expect(await codeOf(made.act('apply', { change, attempt: 2, runner }))).toBe('PLAN_NOT_APPROVED');
  expect(runner.log.join('\n')).toContain(`The stack policy of ${NETWORK} may still be open`);
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
