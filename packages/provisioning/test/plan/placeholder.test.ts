import { describe, expect, it } from '@jest/globals';
import { contractOfSize, SHAPES, type Shape } from '../../src/contract-of-size.ts';
import { renderEnvironment } from '../../src/environment.ts';
import { fixedCosts } from '../../src/plan/fixed-costs.ts';
import { keepPlaceholders } from '../../src/plan/placeholder.ts';
import { stackPolicy } from '../../src/plan/stack-policy.ts';
import { isStub, STUB } from '../../src/plan/stub.ts';
import { stacksOf } from '../../src/stacks/stacks-of.ts';
import { templateMistakes } from '../template-mistakes.ts';

const contract = contractOfSize(SHAPES['1/1/1'] as Shape);
const rendered = renderEnvironment(contract, 'prod', {
  provider: 'OWNER/tenant-delivery',
  releases: contract.releases ?? [],
  publishers: ['arn:aws:iam::000011112222:role/publisher'],
});
const stacks = stacksOf(contract, 'prod', rendered);
const template = (name: string) => {
  const found = stacks.find((stack) => stack.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found.template;
};
const SERVICE = template('td-acme-prod-orders-0');

describe('the placeholder of a service', () => {
  it('stays as the stack was made with, whatever the contract says since', () => {
    const made = {
      Resources: { TaskDefinition: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '1024' } } },
    };
    const kept = keepPlaceholders(SERVICE, made);
    expect(kept.Resources['TaskDefinition']).toEqual(made.Resources.TaskDefinition);
    expect(kept.Resources['Service']).toEqual(SERVICE.Resources['Service']);
    expect(keepPlaceholders(SERVICE, undefined)).toBe(SERVICE);
  });

  it('is named by its family, after it was registered', () => {
    const service = SERVICE.Resources['Service'];
    expect(service?.Properties?.['TaskDefinition']).toBe('acme-prod-orders-0');
    expect(service?.DependsOn).toContain('TaskDefinition');
    expect(JSON.stringify(service?.Properties)).not.toContain('"Ref":"TaskDefinition"');
  });

  it('may not be changed by any update of its stack', () => {
    expect(stackPolicy('provision', SERVICE)).toContain('"Resource":["LogicalResourceId/TaskDefinition"]');
    expect(stackPolicy('provision', template('td-acme-prod-network'))).not.toContain('LogicalResourceId');
  });
});

describe('a stack policy', () => {
  it('denies to replace or delete what holds data or an address, and lets a withdrawal go', () => {
    const { Statement } = JSON.parse(stackPolicy('provision', template('td-acme-prod-network')));
    const deny = Statement.find(({ Effect }: { Effect: string }) => Effect === 'Deny');
    expect(deny.Action).toEqual(['Update:Replace', 'Update:Delete']);
    expect(deny.Condition.StringEquals.ResourceType).toEqual(
      expect.arrayContaining([
        'AWS::S3::Bucket',
        'AWS::KMS::Key',
        'AWS::EC2::EIP',
        'AWS::EC2::VPC',
        'AWS::EC2::Subnet',
        'AWS::EC2::VPNConnection',
      ]),
    );
    expect(stackPolicy('withdrawal', STUB)).not.toContain('Deny');
  });

  it('is no larger than a request may carry, of any stack', () => {
    for (const stack of stacks)
      expect(Buffer.byteLength(stackPolicy('provision', stack.template))).toBeLessThanOrEqual(16_384);
  });
});

describe('what a withdrawal leaves of a stack', () => {
  it('is a template that CloudFormation takes, and is known again', () => {
    expect(templateMistakes(STUB)).toEqual([]);
    expect(isStub(STUB)).toBe(true);
    expect(stacks.some((stack) => isStub(stack.template))).toBe(false);
  });
});

it('counts what is paid for by the hour', () => {
  expect(fixedCosts(stacks.map((stack) => stack.template))).toEqual({
    natGateways: 3,
    addresses: 3,
    vpnConnections: 1,
    interfaceEndpoints: 10,
    loadBalancers: 1,
    keys: rendered.keys.length,
  });
});
