import { describe, expect, it, test } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { aPart, codeOf } from './a-part.ts';
import type { Fault } from './faulty-calls.ts';

type Environment = TenantContract['environments'][string];
type Made = Awaited<ReturnType<typeof aPart>>;

const NETWORK = 'td-acme-prod-network';
const SERVICE = 'td-acme-prod-orders-0';
const TAG = 'tenant-delivery:contract';
const TAGS = { Tags: [{ Key: TAG, Value: 'acme/prod' }] };
const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:loadbalancer/app/internal/1';
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/orders-0/1';

/** The contract of an environment that somebody made by hand. */
function byHand(contract: TenantContract): TenantContract {
  const prod = contract.environments['prod'] as Environment; // every contract of these tests has it
  const { network: _, ...rest } = prod;
  const { layer } = Object.values(prod.services)[0] ?? { layer: '' };
  return {
    ...contract,
    environments: {
      prod: {
        ...rest,
        adopt: true,
        vpc: { id: 'vpc-1', cidr: '10.0.0.0/16' },
        layers: { [layer]: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } },
        services: Object.fromEntries(
          Object.entries(prod.services).map(([name, { provision: __, ...service }]) => [name, service]),
        ),
      },
    },
  };
}

/** What is there of it. */
async function somebodys(
  change: (contract: TenantContract) => TenantContract = (contract) => contract,
): Promise<Made> {
  const made = await aPart((contract) => change(byHand(contract)));
  Object.assign(made.where, { vpc: 'vpc-1', subnets: ['subnet-1', 'subnet-2'], groups: ['sg-1'] });
  const { cluster, loadBalancer, services, zones } = made.contract.environments['prod'] as Environment;
  const [[name, service] = ['', undefined]] = Object.entries(services);
  const { there } = made.cloudformation;
  const has = (type: string, id: string, properties: object) =>
    there.set(`AWS::${type} ${id}`, { ...properties });
  has('EC2::VPC', 'vpc-1', { CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, ...TAGS });
  for (const [i, id] of ['subnet-1', 'subnet-2'].entries())
    has('EC2::Subnet', id, {
      VpcId: 'vpc-1',
      CidrBlock: `10.0.${i}.0/24`,
      AvailabilityZoneId: zones[i],
      ...TAGS,
    });
  has('EC2::SecurityGroup', 'sg-1', { VpcId: 'vpc-1', GroupDescription: 'app', GroupName: 'app', ...TAGS });
  has('ElasticLoadBalancingV2::LoadBalancer', BALANCER, {
    Name: loadBalancer.name,
    Scheme: 'internal',
    ...TAGS,
  });
  has('ECS::Cluster', cluster, { ClusterName: cluster, ...TAGS });
  has('Logs::LogGroup', service?.logGroup ?? '', { LogGroupName: service?.logGroup });
  has('ElasticLoadBalancingV2::TargetGroup', GROUP, {
    Name: service?.targetGroup,
    Port: 8080,
    VpcId: 'vpc-1',
    ...TAGS,
  });
  has('ECS::Service', `arn:aws:ecs:eu-west-1:000011112222:service/${cluster}/${name}|${cluster}`, {
    ServiceName: name,
    LaunchType: 'FARGATE',
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: 'DISABLED',
        Subnets: ['subnet-2', 'subnet-1'],
        SecurityGroups: ['sg-1'],
      },
    },
    ...TAGS,
  });
  has('ApplicationAutoScaling::ScalableTarget', `service/${cluster}/${name}|ecs:service:DesiredCount|ecs`, {
    MinCapacity: service?.capacity.base,
    MaxCapacity: 99,
  });
  return made;
}

const bodyOf = ({ cloudformation }: Made, name: string) =>
  JSON.parse(cloudformation.find(name)?.body ?? '{}') as {
    Resources: Record<string, { Properties: Record<string, unknown>; DeletionPolicy: string }>;
  };

/** What CloudFormation executed: stack and kind. */
const executed = ({ cloudformation }: Made) =>
  [...cloudformation.stacks.values()].flatMap(({ name, events }) =>
    events
      .filter(
        ({ logicalId, status }) => logicalId === name && /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/.test(status),
      )
      .map(({ status }) => `${name} ${status.split('_')[0]}`),
  );

describe('an environment that somebody made', () => {
  it('is taken in as it is, and is unchanged from then on', async () => {
    const made = await somebodys();
    const { outcome, change } = await made.act('plan');
    expect(outcome.outcome).toBe('planned');
    const [stack] = (await made.planOf(change)).stacks;
    expect(stack).toMatchObject({
      name: NETWORK,
      action: 'import',
      afterImport: { differences: [], made: [] },
    });
    expect(stack?.changes.map(({ action, id }) => [action, id])).toEqual(
      expect.arrayContaining([
        ['import', 'vpc-1'],
        ['import', 'subnet-1'],
        ['import', BALANCER],
      ]),
    );
    expect(outcome.summary).toMatch(/takes in what is there\. Nothing of it is changed by this plan/);
    expect(outcome.summary).toContain('rules of security groups');
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome).toMatchObject({
      outcome: 'applied',
      reasonCode: 'OK',
    });
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
    const { Resources } = bodyOf(made, NETWORK);
    expect(Object.values(Resources).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(
      Object.values(Resources).map(() => 'Retain'),
    );
    expect(made.cloudformation.find(NETWORK)).toMatchObject({ status: 'IMPORT_COMPLETE', protected: true });
    expect((await made.act('plan')).outcome.outcome).toBe('unchanged');
  });

  it('keeps what is there where the contract says otherwise; the plan after the import changes it', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { outcome, change } = await made.act('plan', { part: 'services' });
    const { capacity } = Object.values(
      made.contract.environments['prod']?.services ?? {},
    )[0] as Environment['services'][string];
    const [stack] = (await made.planOf(change, 'services')).stacks;
    const difference = {
      logicalId: 'ScalableTarget',
      type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      path: '/MaxCapacity',
      live: '99',
      agreed: String(capacity.maximum),
    };
    expect(stack).toMatchObject({ action: 'import', afterImport: { differences: [difference], made: [] } });
    expect(outcome.summary).toMatch(
      /not as the contract says\.\*\* The change after this one would set it so/,
    );
    await made.approve(change, 'services');
    made.runService();
    expect((await made.act('apply', { part: 'services', change })).outcome.outcome).toBe('applied');
    expect(bodyOf(made, SERVICE).Resources['ScalableTarget']?.Properties['MaxCapacity']).toBe(99);
    const next = await made.act('plan', { part: 'services' });
    const [after] = (await made.planOf(next.change, 'services')).stacks;
    expect(after).toMatchObject({ action: 'update' });
    expect(after?.changes).toMatchObject([
      {
        logicalId: 'ScalableTarget',
        action: 'modify',
        properties: [{ path: '/MaxCapacity', before: '99', after: String(capacity.maximum) }],
      },
    ]);
  });

  it('lacks a scaling range: the import goes without it, and the plan after it makes one', async () => {
    const made = await somebodys();
    await made.provision('network');
    for (const key of made.cloudformation.there.keys())
      if (key.includes('ScalableTarget')) made.cloudformation.there.delete(key);
    const { outcome, change } = await made.act('plan', { part: 'services' });
    const [stack] = (await made.planOf(change, 'services')).stacks;
    const later = { logicalId: 'ScalableTarget', type: 'AWS::ApplicationAutoScaling::ScalableTarget' };
    expect(stack).toMatchObject({ action: 'import', afterImport: { made: [later] } });
    expect(outcome.summary).toContain('not there.** The change after this one makes it');
    await made.approve(change, 'services');
    made.runService();
    await made.act('apply', { part: 'services', change });
    const next = await made.act('plan', { part: 'services' });
    expect((await made.planOf(next.change, 'services')).stacks[0]?.changes).toMatchObject([
      { logicalId: 'ScalableTarget', action: 'add' },
    ]);
  });

  it('takes in what the contract names later, beside what it has', async () => {
    const made = await somebodys();
    await made.provision('network');
    const [[layer, first] = ['', undefined]] = Object.entries(
      made.contract.environments['prod']?.layers ?? {},
    );
    first?.securityGroups?.push('sg-2');
    made.cloudformation.there.set('AWS::EC2::SecurityGroup sg-2', { VpcId: 'vpc-1', ...TAGS });
    await made.republish();
    const { change } = await made.act('plan');
    const [stack] = (await made.planOf(change)).stacks;
    expect(stack).toMatchObject({ action: 'import', changes: [{ action: 'import', id: 'sg-2' }] });
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
    expect((await made.act('plan')).outcome.outcome).toBe('unchanged');
    expect(layer).not.toBe('');
  });

  it('stays when it is withdrawn: what was imported leaves the stack and nothing else happens', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { outcome, change } = await made.act('plan', { kind: 'withdrawal' });
    const plan = await made.planOf(change);
    expect(plan.stacks[0]?.changes.filter(({ action }) => action === 'remove')).toEqual([]);
    expect(plan.lifts).toEqual([]);
    expect(outcome.summary).toContain('resources stay in the account, in no stack');
    await made.approve(change);
    expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
    expect(made.cloudformation.kept).toHaveLength(6);
    expect([...made.cloudformation.stacks.keys()]).toEqual([]);
  });
});

const without = (text: string) => (made: Made) => {
  for (const key of made.cloudformation.there.keys())
    if (key.includes(text)) made.cloudformation.there.delete(key);
};
const but = (text: string, change: object) => (made: Made) => {
  for (const [key, properties] of made.cloudformation.there)
    if (key.includes(text)) made.cloudformation.there.set(key, { ...properties, ...change });
};
const tagged = (value: string) => ({ Tags: [{ Key: TAG, Value: value }] });

describe('what cannot be adopted is refused before a change set is made, every mistake at once', () => {
  it.each<readonly [string, (made: Made) => void, string]>([
    [
      'is not there',
      without('subnet-2'),
      'subnet-2 (AWS::EC2::Subnet) is not there, in this account and region',
    ],
    [
      'lies in another VPC',
      but('sg-1', { VpcId: 'vpc-other' }),
      'sg-1 has VpcId vpc-other, and the contract says vpc-1',
    ],
    [
      'lies in a zone that the contract does not have',
      but('subnet-1', { AvailabilityZoneId: 'usw2-az9' }),
      'subnet-1 has AvailabilityZoneId usw2-az9, and the contract says',
    ],
    [
      'has another range',
      but('vpc-1', { CidrBlock: '10.9.0.0/16' }),
      'vpc.id: vpc-1 has CidrBlock 10.9.0.0/16, and the contract says 10.0.0.0/16',
    ],
    [
      'faces the internet',
      but('LoadBalancer', { Scheme: 'internet-facing' }),
      'has Scheme internet-facing, and the contract says internal',
    ],
    [
      'is another tenant’s',
      but('vpc-1', tagged('globex/prod')),
      `vpc.id: vpc-1 has the tag ${TAG}=globex/prod, so it is of another environment than acme/prod`,
    ],
    ['is nobody’s yet', but('vpc-1', { Tags: [] }), `vpc.id: vpc-1 has no tag ${TAG}=acme/prod`],
  ])('what %s', async (_, happens, sentence) => {
    const made = await somebodys();
    happens(made);
    const { outcome, change } = await made.act('plan');
    expect(outcome).toMatchObject({ outcome: 'denied', reasonCode: 'PLAN_REFUSED', ok: false });
    expect(outcome.headline).toContain(sentence);
    expect(await made.stateOf(change)).toBe('denied');
    expect(made.cloudformation.calls.filter((call) => call.startsWith('createChangeSet'))).toEqual([]);
  });

  it('all of it in one list', async () => {
    const made = await somebodys();
    without('subnet-2')(made);
    but('sg-1', { VpcId: 'vpc-other', Tags: [] })(made);
    const { outcome } = await made.act('plan');
    expect(outcome.facts['refused']).toHaveLength(3);
  });

  it('what is in another stack, by the stack’s name', async () => {
    const made = await somebodys();
    await made.provision('network');
    const stack = made.cloudformation.find(NETWORK);
    if (!stack) throw new Error('it was imported');
    made.cloudformation.stacks.delete(NETWORK);
    made.cloudformation.stacks.set('landing-zone', { ...stack, name: 'landing-zone' });
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain('vpc.id: vpc-1 is in the stack landing-zone');
    expect(outcome.facts['refused']).toHaveLength(6);
  });

  it('what was made by a change here', async () => {
    const made = await aPart();
    await made.provision('network');
    Object.assign(made.contract, byHand(made.contract));
    await made.republish();
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain(
      `${NETWORK} was made by a change here, and the contract says \`adopt: true\``,
    );
  });

  it('and what was adopted is not made over', async () => {
    const made = await somebodys();
    await made.provision('network');
    const { contract } = await aPart();
    Object.assign(made.contract, { environments: contract.environments });
    await made.republish();
    const { outcome } = await made.act('plan');
    expect(outcome.headline).toContain(`${NETWORK} was adopted, and the contract asks for it to be made`);
  });
});

const CALLS = [
  'describe 1',
  'changeSet 1',
  'template 1',
  'events 1',
  'events 9',
  'protect 1',
  'execute 1',
  'setPolicy 1',
  'detectDrift 1',
  'drift 1',
];
const deaths = (calls: readonly string[]): readonly Fault[] =>
  calls.flatMap((text) => {
    const [call, nth] = text.split(' ') as [Fault['call'], string]; // as written above
    return (['dies before', 'dies after'] as const).map((when) => ({ call, when, nth: Number(nth) }));
  });

test.each(deaths(['describe 1', 'createChangeSet 1', 'changeSet 1', 'template 1']))(
  'a machine that $when the $call of a plan of an import ($nth): settling leaves nothing, and the next plan is applied',
  async (fault) => {
    const made = await somebodys();
    made.cloudformation.faults.push(fault);
    const runner = fakeRunner();
    await expect(made.act('plan', { runner })).rejects.toThrow('the machine died');
    await made.act('settle', { change: runner.outputs['change'] ?? '' });
    expect(made.cloudformation.left()).toEqual([]);
    expect((await made.provision('network')).outcome.outcome).toBe('applied');
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
  },
);

test.each(deaths(CALLS))(
  'a machine that $when the $call of an import ($nth): the next attempt ends as one that never died',
  async (fault) => {
    const made = await somebodys();
    const { change } = await made.act('plan');
    await made.approve(change);
    made.cloudformation.faults.push(fault);
    await expect(made.act('apply', { change })).rejects.toThrow('the machine died');
    const { outcome } = await made.act('apply', { change, attempt: 2 });
    expect(outcome).toMatchObject({ outcome: 'applied', reasonCode: 'OK' });
    expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
    expect(made.cloudformation.find(NETWORK)).toMatchObject({ status: 'IMPORT_COMPLETE', protected: true });
  },
);

test('an import is executed once when a second run wants it too', async () => {
  const made = await somebodys();
  const { change } = await made.act('plan');
  await made.approve(change);
  const second: Promise<string>[] = [];
  made.clock.at(30_000, () => void second.push(codeOf(made.act('apply', { change, run: '9002' }))));
  expect((await made.act('apply', { change })).outcome.outcome).toBe('applied');
  expect(await Promise.all(second)).toEqual(['LOCK_HELD']);
  expect(executed(made)).toEqual([`${NETWORK} IMPORT`]);
});

test('an import of what went away after the approval is rolled back whole, and planned again it is refused', async () => {
  const made = await somebodys();
  const { change } = await made.act('plan');
  await made.approve(change);
  without('subnet-2')(made);
  const { outcome } = await made.act('apply', { change });
  expect(outcome).toMatchObject({ outcome: 'rolled-back', reasonCode: 'STACK_ROLLED_BACK' });
  expect(outcome.headline).toContain("with identifier 'subnet-2' was not found");
  const stack = made.cloudformation.find(NETWORK);
  expect(stack?.resources.size).toBe(0);
  // should AWS give back the template of the import that failed, nothing of it is believed to be there
  Object.assign(stack ?? {}, { body: [...(stack?.changeSets.values() ?? [])][0]?.request.template });
  expect((await made.act('plan')).outcome.headline).toContain('subnet-2 (AWS::EC2::Subnet) is not there');
  made.cloudformation.there.set('AWS::EC2::Subnet subnet-2', {
    ...made.cloudformation.there.get('AWS::EC2::Subnet subnet-1'),
  });
  await made.clock.sleep(MINUTE);
  expect((await made.provision('network')).outcome.outcome).toBe('applied');
  expect(made.cloudformation.find(NETWORK)?.resources.size).toBe(6);
});
