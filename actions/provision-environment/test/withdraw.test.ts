import { expect, it } from '@jest/globals';
import { getBytes } from '@tenant-delivery/vault/objects';
import { aPart } from './a-part.ts';

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
