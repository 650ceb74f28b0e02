import { expect, it } from '@jest/globals';
import { getBytes } from '@tenant-delivery/vault/objects';
import { aPart, codeOf } from './a-part.ts';

const NETWORK = 'td-acme-prod-network';

it('withdraws a part as the plan says: what is kept stays in the account, the rest is gone, and the record proves it', async () => {
  const made = await aPart();
  await made.provision('network');
  const { change, outcome: planned } = await made.act('plan', { kind: 'withdrawal' });
  const plan = await made.planOf(change);
  expect(plan.lifts).toEqual(['internal']);
  expect(plan.fixedCosts).toMatchObject({ natGateways: 0, addresses: 3, vpnConnections: 1 });
  expect(planned.summary).toContain('in the environment acme-prod-approval-second');
  expect(planned.summary).not.toContain('WaitConditionHandle'); // which is nothing at AWS
  expect(planned.summary).toContain('Balancer, Cluster, Listener are deleted, and what it serves stops');
  await made.approve(change);
  const { outcome, runner } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'applied', ok: true });
  expect([...made.cloudformation.stacks.keys()]).toEqual([]);
  expect(made.lifted).toEqual(['internal']);
  const types = new Set(made.cloudformation.kept.map(({ Type }) => Type));
  expect([...types].toSorted()).toEqual([
    'AWS::EC2::CustomerGateway',
    'AWS::EC2::EIP',
    'AWS::EC2::Subnet',
    'AWS::EC2::VPC',
    'AWS::EC2::VPNConnection',
    'AWS::EC2::VPNGateway',
    'AWS::Logs::LogGroup',
  ]);
  const bytes = await getBytes(made.delivery.vault, runner.outputs['report'] as `sha256:${string}`);
  const { proof } = JSON.parse(Buffer.from(bytes as Uint8Array).toString());
  expect(proof.left).toEqual([]);
  expect(proof.unplanned).toEqual([]);
  expect(proof.kept).toHaveLength(made.cloudformation.kept.length);
  expect(await made.stateOf(change)).toBe('closed');
});

it('takes nothing from under another part: services go before the network', async () => {
  const made = await aPart();
  await made.provision('network');
  await made.provision('services');
  const { outcome } = await made.act('plan', { kind: 'withdrawal' });
  expect(outcome).toMatchObject({ outcome: 'denied' });
  expect(outcome.headline).toContain('td-acme-prod-orders-0 is there: withdraw it before the part network');
  expect(made.cloudformation.find(NETWORK)?.status).toBe('CREATE_COMPLETE');
});

it('refuses to withdraw what another environment recovers', async () => {
  const made = await aPart();
  await made.provision('network');
  await made.cloudformation.ports.createChangeSet({
    stack: 'td-acme-dr-foundation',
    changeSet: 'x',
    type: 'CREATE',
    template: '{}',
    parameters: {},
    role: '',
    description: '',
  });
  Object.assign(made.cloudformation.find('td-acme-dr-foundation') ?? {}, {
    status: 'CREATE_COMPLETE',
    body: JSON.stringify({ Metadata: { Recovers: 'prod' }, Resources: {} }),
  });
  const { outcome } = await made.act('plan', { kind: 'withdrawal' });
  expect(outcome.headline).toContain('td-acme-dr-foundation in eu-west-1 recovers prod');
});

it('withdraws what is not there by saying so', async () => {
  const made = await aPart();
  const { outcome } = await made.act('plan', { kind: 'withdrawal' });
  expect(outcome.outcome).toBe('unchanged');
});

/** A withdrawal that found only the shell of a stack, and plans to delete it. */
async function emptyStack() {
  const made = await aPart();
  await made.act('plan');
  const { change } = await made.act('plan', { kind: 'withdrawal' });
  expect((await made.planOf(change)).stacks).toMatchObject([{ action: 'delete', changeSet: null }]);
  await made.approve(change);
  /** Somebody makes something of it. */
  const fill = () =>
    Object.assign(made.cloudformation.find(NETWORK) ?? {}, {
      status: 'CREATE_COMPLETE',
      body: JSON.stringify({ Resources: { Data: { Type: 'AWS::S3::Bucket' } } }),
    });
  const deletions = () => made.cloudformation.calls.filter((call) => /^(protect|deleteStack) /.test(call));
  return { made, change, fill, deletions };
}

it('deletes no stack that was empty when it was planned and is not when it is applied', async () => {
  const { made, change, fill, deletions } = await emptyStack();
  fill();
  expect(await codeOf(made.act('apply', { change }))).toBe('STACK_PLAN_CHANGED');
  expect(deletions()).toEqual([]);
  expect(await made.stateOf(change)).toBe('approved');
});

it('deletes no stack that was filled after the comparison', async () => {
  const { made, change, fill, deletions } = await emptyStack();
  made.cloudformation.faults.push({ call: 'protect', when: 'dies before' });
  await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
  made.cloudformation.calls.length = 0;
  fill();
  const { outcome } = await made.act('apply', { change, attempt: 2 });
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_FAILED', ok: false });
  expect(outcome.headline).toContain('it is not empty any more');
  expect(deletions()).toEqual([]);
});

it('deletes no stack that was filled again after it was emptied', async () => {
  const { made, change, fill, deletions } = await emptyStack();
  await made.act('settle', { change });
  await made.provision('network');
  const withdrawal = await made.act('plan', { kind: 'withdrawal' });
  await made.approve(withdrawal.change);
  made.cloudformation.faults.push({ call: 'execute', when: 'dies after' });
  await expect(made.act('apply', { change: withdrawal.change })).rejects.toThrow('the machine died');
  await made.clock.sleep(3_600_000);
  fill();
  made.cloudformation.calls.length = 0;
  const { outcome } = await made.act('apply', { change: withdrawal.change, attempt: 2 });
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'STACK_FAILED', ok: false });
  expect(deletions()).toEqual([]);
});
