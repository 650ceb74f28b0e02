import { expect } from '@jest/globals';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { type Double, type Promised, REGION } from '../../stage/a-double.ts';
import { groundOf, TEMPLATE } from './ground.ts';

async function stacksOf(double: Double) {
  await groundOf(double);
  return {
    planner: stackPlanner(double.session, 'provision-plan', REGION),
    executor: stackExecutor(double.session, 'provision', REGION),
  };
}

/** What is read of stacks. How they change is in `stacks.test.ts`. */
export const stacksSuite: readonly Promised[] = [
  {
    promise: 'a stack is told by its state, its outputs and its parameters',
    keep: async (double) => {
      const { planner } = await stacksOf(double);
      const stack = await planner.describe('ground');
      expect(stack).toMatchObject({
        status: 'CREATE_COMPLETE',
        parameters: {},
        terminationProtection: false,
      });
      expect(Object.keys(stack?.outputs ?? {}).sort()).toEqual(Object.keys(TEMPLATE.Outputs).sort());
    },
  },
  {
    promise: 'a stack is told with the template that it was given',
    keep: async (double) => {
      const { planner } = await stacksOf(double);
      expect(JSON.parse((await planner.template('ground')) ?? '')).toEqual(
        JSON.parse(JSON.stringify(TEMPLATE)),
      );
    },
  },
  {
    promise: 'a stack is told with all of its resources and their ids',
    keep: async (double) => {
      const { executor } = await stacksOf(double);
      const { Vpc } = await groundOf(double);
      const resources = await executor.resources('ground');
      expect(resources.map(({ logicalId }) => logicalId).sort()).toEqual(
        Object.keys(TEMPLATE.Resources).sort(),
      );
      expect(resources.find(({ logicalId }) => logicalId === 'Vpc')?.id).toBe(Vpc);
    },
  },
  {
    promise: 'stacks are found by how their names begin',
    keep: async (double) => {
      const { planner } = await stacksOf(double);
      expect(await planner.names('grou')).toEqual(['ground']);
      expect(await planner.names('none')).toEqual([]);
    },
  },
  {
    promise: 'a stack without a policy and change sets has none, and then the policy that it was given',
    keep: async (double) => {
      const { planner, executor } = await stacksOf(double);
      expect(await planner.policy('ground')).toBeUndefined();
      expect(await planner.changeSets('ground')).toEqual([]);
      const allow = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
      const policy = JSON.stringify({ Statement: [allow] });
      await executor.setPolicy('ground', policy);
      expect(await planner.policy('ground')).toBe(policy);
    },
  },
  {
    promise: 'a stack that is not there has no template, no policy and no change sets',
    keep: async (double) => {
      const { planner } = await stacksOf(double);
      expect(await planner.describe('none')).toBeUndefined();
      expect(await planner.changeSets('none')).toEqual([]);
      expect(await planner.changeSet('none', 'td-1')).toBeUndefined();
      expect(await planner.template('none')).toBeUndefined();
      expect(await planner.policy('none')).toBeUndefined();
    },
  },
];
