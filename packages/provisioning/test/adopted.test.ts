import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from '@jest/globals';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Found } from '../src/adopt/adopted.ts';
import { adoptedTemplate, adoptionDifferences, importTemplate } from '../src/adopt/adoption-templates.ts';
import { IMPORTED } from '../src/adopt/imported-properties.ts';
import { refusedOfAdopted } from '../src/adopt/judge-adoption.ts';
import { contractOfSize } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { stacksOf } from '../src/stacks/stacks-of.ts';

const small = contractOfSize({ services: 1, repositories: 1, releases: 1, longest: false });
const { network: _, ...prod } = small.environments['prod'] as TenantContract['environments'][string];
const contract: TenantContract = {
  ...small,
  environments: {
    prod: {
      ...prod,
      adopt: true,
      vpc: { id: 'vpc-1', cidr: '10.0.0.0/16' },
      layers: { app: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } },
    },
  },
};
const released = { provider: 'OWNER/tenant-delivery', releases: ['v1.12.0'], publishers: [] };
const stacks = stacksOf(contract, 'prod', renderEnvironment(contract, 'prod', released)).flatMap(
  ({ adopts, ...stack }) => (adopts ? [{ ...stack, adopts }] : []),
);
const adopts = Object.assign({}, ...stacks.map((stack) => stack.adopts)) as (typeof stacks)[0]['adopts']; // of all stacks
const resources = Object.assign(
  {},
  ...stacks.map(({ template }) => template.Resources),
) as (typeof stacks)[0]['template']['Resources']; // as above

const spec = loadAwsServiceSpecSync();
const specOf = (type: string) => {
  const [found] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  if (!found) throw new Error(`AWS has no type ${type}`);
  return found;
};
const BY_NAME = { 'load balancer': 'LoadBalancerArn', 'target group': 'TargetGroupArn' } as const;

describe('what is adopted', () => {
  it('is a stack of the network and one of each service, and nothing of them is made', () => {
    expect(stacks.map(({ name, part }) => [name, part])).toEqual([
      ['td-acme-prod-network', 'network'],
      ['td-acme-prod-orders-0', 'services'],
    ]);
    for (const { template, adopts: all } of stacks)
      expect(Object.keys(template.Resources)).toEqual(Object.keys(all));
    expect(stacks.every(({ template }) => template.Outputs === undefined)).toBe(true);
  });

  it.each(Object.entries(adopts))('%s is known by what AWS’s schema says', (id, { type, sought }) => {
    const members = sought.by === 'identifier' ? Object.keys(sought.identifier) : [BY_NAME[sought.by]];
    expect(members).toEqual(specOf(type).primaryIdentifier);
    const { properties } = specOf(type);
    const taken = IMPORTED[type] ?? [];
    expect(taken.filter((name) => properties[name] === undefined)).toEqual([]);
    const given = [...taken, ...Object.keys(resources[id]?.Properties ?? {})];
    const required = Object.keys(properties).filter((name) => properties[name]?.required);
    expect(required.filter((name) => !given.includes(name))).toEqual([]);
  });

  it('stays, whatever becomes of its stack', () => {
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(resources))
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
  });
});

describe('a change set of a stack that was adopted', () => {
  const [network, service] = stacks;
  const change = (logicalId: string, action: 'add' | 'replace' | 'modify') => ({
    logicalId,
    type: adopts[logicalId]?.type ?? '',
    id: null,
    action,
    properties: [],
  });
  it('makes and replaces nothing that was to be adopted, but a scaling range', () => {
    if (!network || !service) throw new Error('there are both');
    const asked = [change('Vpc', 'add'), change('Cluster', 'replace'), change('Balancer', 'modify')];
    expect(refusedOfAdopted(network, asked)).toEqual([
      'Vpc of td-acme-prod-network (AWS::EC2::VPC) would be made, and the contract adopts it',
      'Cluster of td-acme-prod-network (AWS::ECS::Cluster) was adopted and would be replaced',
    ]);
    expect(refusedOfAdopted(service, [change('ScalableTarget', 'add')])).toEqual([]);
    expect(refusedOfAdopted({ name: 'made' }, asked)).toEqual([]);
  });
});

describe('a template of what is there', () => {
  const [, stack] = stacks;
  if (!stack) throw new Error('there is a service');
  const network = (...Subnets: string[]) => ({
    AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets, SecurityGroups: ['sg-1'] },
  });
  const found = (properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
    Object.fromEntries(
      Object.entries(properties).map(([id, each]): [string, Found] => [
        id,
        { kind: 'found', identifier: {}, id, properties: each, stack: undefined },
      ]),
    );

  it('takes over what its type needs, and neither tags nor what deliveries own', () => {
    const there = found({
      Service: {
        DesiredCount: 7,
        Tags: [],
        LaunchType: 'FARGATE',
        TaskDefinition: 'arn:…:7',
        NetworkConfiguration: network('subnet-9'),
      },
    });
    const { Resources } = importTemplate(stack.template, stack.adopts, undefined, there);
    expect(Object.keys(Resources)).toEqual(['Service']);
    expect(Resources['Service']?.Properties).toEqual({
      LaunchType: 'FARGATE',
      NetworkConfiguration: network('subnet-9'),
      ServiceName: 'orders-0',
      Cluster: prod.cluster,
      TaskDefinition: 'acme-prod-orders-0',
    });
  });

  it('waits for nothing that it does not have', () => {
    const there = found({ ScalableTarget: { MinCapacity: 1, MaxCapacity: 2 } });
    const { Resources } = importTemplate(stack.template, stack.adopts, undefined, there);
    expect(Resources['ScalableTarget']).not.toHaveProperty('DependsOn');
  });

  it('differs where the contract says otherwise, and not by the order of a list or a type of number', () => {
    const { base, maximum } = Object.values(prod.services)[0]?.capacity ?? {};
    const range = (more: object) => ({
      ScalableTarget: { MinCapacity: String(base), MaxCapacity: maximum, ...more },
    });
    const differences = (properties: Parameters<typeof found>[0]) =>
      adoptionDifferences(stack.adopts, undefined, found(properties)).map(({ path, live }) => [path, live]);
    expect(
      differences({ ...range({}), Service: { NetworkConfiguration: network('subnet-2', 'subnet-1') } }),
    ).toEqual([]);
    expect(differences({ ...range({ MaxCapacity: 99 }), Service: {} })).toEqual([
      ['/NetworkConfiguration', null],
      ['/MaxCapacity', '99'],
    ]);
  });

  it('keeps after the import what was taken over, except where the contract says otherwise', () => {
    const there = found({
      Service: { LaunchType: 'EXTERNAL', NetworkConfiguration: network('subnet-2', 'subnet-1') },
      ScalableTarget: { MinCapacity: 1, MaxCapacity: 99 },
    });
    const live = importTemplate(stack.template, stack.adopts, undefined, there);
    const { Resources } = adoptedTemplate(stack.template, stack.adopts, live);
    expect(Resources['Service']).toEqual(live.Resources['Service']);
    expect(Resources['ScalableTarget']?.Properties?.['MaxCapacity']).toBe(
      Object.values(prod.services)[0]?.capacity.maximum,
    );
  });
});
