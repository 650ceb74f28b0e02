import { describe, expect, it } from '@jest/globals';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { aPart, codeOf } from './a-part.ts';

type Environment = TenantContract['environments'][string];

const NETWORK = 'td-acme-prod-network';

const sets = ({ cloudformation }: Awaited<ReturnType<typeof aPart>>) =>
  cloudformation.calls.filter((call) => call.startsWith('createChangeSet'));

describe('a plan', () => {
  it('of a network that is not there makes one change set, and changes no resource', async () => {
    const made = await aPart();
    const { outcome, change, runner } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'planned', reasonCode: 'OK', ok: true });
    expect(runner.outputs['needs-approval']).toBe('true');
    const plan = await made.planOf(change);
    expect(plan.stacks.map(({ name, action }) => [name, action])).toEqual([
      ['td-acme-prod-network', 'create'],
    ]);
    expect(plan.fixedCosts).toMatchObject({ natGateways: 3, addresses: 3, vpnConnections: 1 });
    expect(sets(made)).toHaveLength(1);
    expect(made.cloudformation.calls.some((call) => call.startsWith('execute'))).toBe(false);
    expect(await made.stateOf(change)).toBe('planned');
  });

  it('of services before their network is refused, and leaves no change set', async () => {
    const made = await aPart();
    const { outcome, change, runner } = await made.act('plan', { part: 'services' });
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED', ok: false });
    expect(outcome.headline).toContain('td-acme-prod-network is not there');
    expect(runner.outputs['needs-approval']).toBe('false');
    expect(await made.stateOf(change, 'services')).toBe('denied');
    expect(sets(made)).toEqual([]);
  });

  it('of what is there already changes nothing, drops its change set and asks nobody', async () => {
    const made = await aPart();
    await made.provision('network');
    const { outcome, change, runner } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'unchanged', ok: true });
    expect(runner.outputs['needs-approval']).toBe('false');
    expect(await made.stateOf(change)).toBe('unchanged');
    const left = [...(made.cloudformation.find(NETWORK)?.changeSets.keys() ?? [])];
    expect(left.filter((name) => name.includes(change.slice(4).toLowerCase()))).toEqual([]);
  });

  it('says first what cannot be undone, then who is asked, and of each resource what changes', async () => {
    const made = await aPart();
    await made.provision('network');
    const flowLogs = (contract: TenantContract) => {
      const { network } = contract.environments['prod'] ?? {};
      if (network) Object.assign(network, { flowLogDays: 30 });
    };
    flowLogs(made.contract);
    await made.republish();
    const { outcome, change } = await made.act('plan');
    expect(outcome.outcome).toBe('planned');
    const [stack] = (await made.planOf(change)).stacks;
    expect(stack?.changes).toEqual([
      {
        logicalId: 'FlowLogGroup',
        type: 'AWS::Logs::LogGroup',
        id: expect.any(String),
        action: 'modify',
        properties: [{ path: '/RetentionInDays', before: '365', after: '30' }],
      },
    ]);
    const { summary } = outcome;
    expect(summary.indexOf('What cannot be undone')).toBeLessThan(summary.indexOf('Who is asked'));
    expect(summary).toContain('-   365');
    expect(summary).toContain('+   30');
    expect(summary).toContain('3 NAT gateways');
  });

  it.each([
    [
      'a VPC of another range',
      (prod: Environment) => Object.assign(prod.vpc, { cidr: '10.0.0.0/18' }),
      /Vpc .*would be replaced, by \/CidrBlock/,
    ],
    [
      'a layer that is not there any more',
      (prod: Environment) => {
        const { data: _, ...layers } = prod.network?.layers ?? {};
        Object.assign(prod.network ?? {}, { layers });
        delete prod.layers['data'];
      },
      /SubnetDataEuw1Az1 .*would leave the stack/,
    ],
  ])('of %s is refused: every resource is named, and no change set is left', async (_, agree, why) => {
    const made = await aPart();
    await made.provision('network');
    agree(made.contract.environments['prod'] as Environment);
    await made.republish();
    const { outcome, change } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
    expect(outcome.headline).toMatch(why);
    expect(await made.stateOf(change)).toBe('denied');
    expect([...(made.cloudformation.find(NETWORK)?.changeSets.keys() ?? [])]).toHaveLength(1); // the one that made it
  });

  it('is refused while a change set that others made lies at the stack, and leaves that one alone', async () => {
    const made = await aPart();
    await made.provision('network');
    const stack = made.cloudformation.find(NETWORK);
    const [set] = stack?.changeSets.values() ?? [];
    if (set) stack?.changeSets.set('by-hand', set);
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain('has the change set by-hand');
    expect(stack?.changeSets.has('by-hand')).toBe(true);
  });

  it.each([
    ['ROLLBACK_COMPLETE', 'delete-stack'],
    ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback'],
    ['UPDATE_IN_PROGRESS', 'wait until it is complete'],
  ])('of a stack in %s is refused, with what to do', async (status, todo) => {
    const made = await aPart();
    await made.provision('network');
    Object.assign(made.cloudformation.find(NETWORK) ?? {}, { status });
    const { outcome } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'denied', ok: false });
    expect(outcome.headline).toContain(`${NETWORK} is ${status}`);
    expect(outcome.headline).toContain(todo);
  });

  it('names every mistake at once', async () => {
    const made = await aPart((contract) => {
      const { publishers: _, releases: __, ...rest } = contract;
      return rest;
    });
    const { outcome } = await made.act('plan', { part: 'foundation' });
    expect(outcome.facts['refused']).toEqual([
      expect.stringContaining('releases'),
      expect.stringContaining('publishers'),
    ]);
  });

  it('of another part or customer is none of this repository’s', async () => {
    const made = await aPart();
    const other = { ...made.contract.operations, repositoryId: 1 };
    Object.assign(made.contract, { operations: other });
    expect(await codeOf(made.act('plan'))).toBe('REPOSITORY_NOT_LISTED');
    expect(made.cloudformation.calls).toEqual([]);
  });

  it('takes the place of an older one that waits, and leaves no change set of that one', async () => {
    const made = await aPart();
    const first = await made.act('plan', { run: '9001' });
    const second = await made.act('plan', { run: '9002' });
    expect(await made.stateOf(first.change)).toBe('withdrawn');
    expect(second.outcome.facts['withdrawn']).toEqual([first.change]);
    const sets = [...(made.cloudformation.find(NETWORK)?.changeSets.keys() ?? [])];
    expect(sets).toEqual([`td-${second.change.toLowerCase().replace('_', '-')}`]);
  });

  it('that is older than one that waits gives way, and leaves no change set', async () => {
    const made = await aPart();
    const newer = await made.act('plan', { run: '9002' });
    const older = await made.act('plan', { run: '9001' });
    expect(older.outcome).toMatchObject({ outcome: 'superseded', reasonCode: 'CHANGE_SUPERSEDED' });
    expect(older.runner.outputs['needs-approval']).toBe('false');
    const sets = [...(made.cloudformation.find(NETWORK)?.changeSets.keys() ?? [])];
    expect(sets).toEqual([`td-${newer.change.toLowerCase().replace('_', '-')}`]);
  });
});

it('is refused where the region has no such zone, by EC2’s word and before a change set is made', async () => {
  const made = await aPart();
  made.zones.splice(2, 1);
  const { outcome } = await made.act('plan');
  expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
  expect(outcome.headline).toContain('eu-west-1 has no zone euw1-az3 for this account');
  expect(made.cloudformation.calls.some((call) => call.startsWith('createChangeSet'))).toBe(false);
});

it('is refused under a contract that nobody linted, with every mistake of its network and before a change set is made', async () => {
  const made = await aPart((contract) => {
    const { prod } = contract.environments;
    if (!prod?.network) throw new Error('the contract asks for a network');
    const { network, layerEdges } = prod;
    const nat = { per: 'zone' as const, cidrs: network.nat?.cidrs.slice(1) ?? [] };
    const environment = {
      ...{ ...prod, layerEdges: layerEdges.map((edge) => ({ ...edge, ports: ['99999'] })) },
      network: { ...network, nat },
    };
    return { ...contract, environments: { prod: environment } };
  });
  const { outcome } = await made.act('plan');
  expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED' });
  expect(outcome.facts['refused']).toEqual(
    expect.arrayContaining([
      expect.stringContaining('99999 is no port'),
      expect.stringContaining('network.nat.cidrs: 2 ranges for 3 zones'),
    ]),
  );
  expect(sets(made)).toEqual([]);
});
