import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contractOfSize, SHAPES, type Shape } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { type Stack, stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { seedBaseImages } from '../src/services/ecr.ts';
import { ACCOUNT, REGION, type StackStage, stackStage } from './cloudformation-harness.ts';

const shape = contractOfSize(SHAPES['1/1/1'] as Shape);
const released = {
  provider: 'OWNER/tenant-delivery',
  publishers: ['arn:aws:iam::999999999999:role/publisher'],
  releases: shape.releases ?? [],
};
let stage: StackStage;
let stacks: readonly Stack[];
beforeAll(async () => {
  stage = await stackStage();
  const { current } = await seedBaseImages(stage.aws.world, ACCOUNT, REGION);
  const { prod } = shape.environments;
  if (!prod) throw new Error('the contract has no environment prod');
  const contract = {
    ...shape,
    environments: { prod: { ...prod, probe: { image: `base/node@${current}` } } },
  };
  stacks = stacksOf(contract, 'prod', renderEnvironment(contract, 'prod', released));
});
afterAll(() => stage.aws.close());

const outputs: Record<string, string> = {};

it.each(['account', 'prod-provisioning', 'prod-foundation', 'prod-network', 'prod-orders-0'])(
  'td-acme-%s is made',
  async (called) => {
    const name = `td-acme-${called}`;
    const template = stacks.find((one) => one.name === name)?.template;
    if (!template) throw new Error(`no stack ${name} is rendered`);
    const Parameters = Object.keys(template.Parameters ?? {}).map((ParameterKey) => ({
      ParameterKey,
      ParameterValue:
        outputs[ParameterKey] ?? outputs[`${ParameterKey}App`] ?? outputs[`${ParameterKey}AppId`] ?? '',
    }));
    await stage.plan(name, template, {
      ChangeSetType: 'CREATE',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters,
    });
    const stack = await stage.execute(name);
    const events = await stage.events(name);
    expect(events.filter((one) => one.includes('FAILED'))).toEqual([]);
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    for (const { OutputKey = '', OutputValue = '' } of stack.Outputs ?? []) outputs[OutputKey] = OutputValue;
  },
);
