import { describe, expect, it } from '@jest/globals';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { digestOf } from '@tenant-delivery/vault/objects';
import { aPart } from './a-part.ts';
import { emptyStack } from './stored-stack.ts';

const NETWORK = 'td-acme-prod-network';
const OPENED = {
  logicalId: 'GroupApp',
  id: 'sg-0123456789abcdef0',
  type: 'AWS::EC2::SecurityGroup',
  status: 'MODIFIED',
  properties: [{ path: '/SecurityGroupIngress/0', expected: '', actual: '0.0.0.0/0' }],
};

it('finds nothing where everything is as it was approved, and opens no issue', async () => {
  const made = await aPart();
  await made.provision('network');
  const { outcome } = await made.act('observe');
  expect(outcome).toMatchObject({ outcome: 'clean', reasonCode: 'OK', ok: true });
  expect(made.issues.kept).toEqual([]);
});

it('names each difference with who made it, keeps one issue, and closes it when nothing differs', async () => {
  const made = await aPart();
  await made.provision('network');
  made.cloudformation.drifts.set(NETWORK, [OPENED]);
  made.trail.set(OPENED.id, {
    at: Date.UTC(2026, 10, 24, 8),
    by: 'arn:aws:sts::000011112222:assumed-role/admin/eve',
    call: 'ec2.amazonaws.com AuthorizeSecurityGroupIngress',
  });
  const { outcome, runner } = await made.act('observe');
  expect(outcome).toMatchObject({ outcome: 'drifted', reasonCode: 'STACKS_DRIFTED', ok: true });
  const report = made.written.get(runner.outputs['report-file'] ?? '') ?? '';
  expect(JSON.parse(report).stacks[0].differences[0]).toMatchObject({ id: OPENED.id });
  expect(runner.outputs['report']).toBe(digestOf(report)); // the file, and nothing in the vault
  expect(await made.delivery.vault.read(`objects/sha256/${digestOf(report).slice(7)}`)).toBeUndefined();
  await made.act('observe');
  expect(made.issues.kept).toHaveLength(1);
  const [issue] = made.issues.kept;
  expect(issue?.body).toContain('assumed-role/admin/eve');
  expect(issue?.body).toContain('/SecurityGroupIngress/0 is 0.0.0.0/0');
  expect(runner.outputs['issue']).toContain('/issues/1');
  made.cloudformation.drifts.clear();
  expect((await made.act('observe')).outcome.outcome).toBe('clean');
  expect(made.issues.kept).toMatchObject([{ state: 'closed' }]);
});

it('takes a revision of a delivery, and a count of auto scaling, for no drift', async () => {
  const made = await aPart();
  await made.provision('network');
  await made.provision('services');
  made.cloudformation.drifts.set('td-acme-prod-orders-0', [
    {
      logicalId: 'Service',
      id: 'orders-0',
      type: 'AWS::ECS::Service',
      status: 'MODIFIED',
      properties: [
        { path: '/TaskDefinition', expected: 'acme-prod-orders-0', actual: 'acme-prod-orders-0:2' },
      ],
    },
  ]);
  expect((await made.act('observe', { part: 'services' })).outcome.outcome).toBe('clean');
});

it('sees a template and a stack policy that others changed', async () => {
  const made = await aPart();
  await made.provision('network');
  const stack = made.cloudformation.find(NETWORK);
  Object.assign(stack ?? {}, { body: stack?.body?.replace('365', '1'), policy: undefined });
  const { outcome } = await made.act('observe');
  expect(outcome.facts['deciding']).toBe(2);
  expect(outcome.summary).toContain('the template of td-acme-prod-network is not the one that was approved');
});

it('never takes for clean what it could not see', async () => {
  const made = await aPart();
  const { outcome } = await made.act('observe');
  expect(outcome).toMatchObject({ outcome: 'unknown', reasonCode: 'STACKS_UNKNOWN' });
  await made.provision('network');
  made.cloudformation.drifts.set(NETWORK, [{ ...OPENED, status: 'UNKNOWN' }]);
  expect((await made.act('observe')).outcome.outcome).toBe('unknown');
});

it('names what differs although CloudFormation could not compare a VPN connection, whose keys it may not read', async () => {
  const made = await aPart();
  await made.provision('network');
  made.cloudformation.incomparable.set(NETWORK, 'not authorized to perform: ec2:DescribeVpnConnections');
  expect((await made.act('observe')).outcome.outcome).toBe('unknown');
  made.cloudformation.drifts.set(NETWORK, [OPENED]);
  const { outcome } = await made.act('observe');
  expect(outcome).toMatchObject({ outcome: 'drifted', facts: { deciding: 1, unknown: 1 } });
  expect(outcome.summary).toContain('ec2:DescribeVpnConnections');
});

it('looks beside the foundation at the stacks that the administrator makes, which no plan names', async () => {
  const made = await aPart();
  const { outcome } = await made.act('observe', { part: 'foundation' });
  expect(outcome.outcome).toBe('drifted');
  expect(outcome.summary).toContain('td-acme-account is not there');
  expect(outcome.summary).toContain('td-acme-prod-provisioning is not there');
  expect(outcome.summary).not.toContain('td-acme-prod-network');
});

describe('a contract with two environments, published for one of them', () => {
  const staging = (contract: TenantContract): TenantContract => {
    const { prod } = contract.environments;
    return { ...contract, environments: { ...contract.environments, ...(prod && { staging: prod }) } };
  };
  /** What the administrator applies is rendered from the whole file. */
  const applied = (
    made: Awaited<ReturnType<typeof aPart>>,
    whole: TenantContract,
    change = (text: string) => text,
  ) => {
    const { releases = [], publishers = [] } = whole;
    const rendered = renderEnvironment(whole, 'prod', {
      provider: 'OWNER/tenant-delivery',
      releases,
      publishers,
    });
    for (const { name, part, template } of stacksOf(whole, 'prod', rendered))
      if (part === 'administrator')
        made.cloudformation.stacks.set(name, {
          ...emptyStack(name, made.cloudformation.stacks.size),
          ...{ status: 'CREATE_COMPLETE', body: change(JSON.stringify(template)) },
        });
  };

  it('has no drift in what the administrator applied', async () => {
    const made = await aPart();
    await made.provision('foundation');
    applied(made, staging(made.contract));
    expect((await made.act('observe', { part: 'foundation' })).outcome).toMatchObject({ outcome: 'clean' });
  });

  it('has one where the administrator applied something else', async () => {
    const made = await aPart();
    await made.provision('foundation');
    applied(made, staging(made.contract), (text) => text.replace('"account:*"', '"account:Get*"'));
    const { outcome } = await made.act('observe', { part: 'foundation' });
    expect(outcome.facts['deciding']).toBe(1);
    expect(outcome.summary).toContain('the template of td-acme-prod-provisioning is not the one');
  });
});
