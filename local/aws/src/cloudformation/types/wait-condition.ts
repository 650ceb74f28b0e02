import type { ResourceType } from '../resource-type.ts';

/** An address that nobody calls: a stack that is to have nothing else must still have a resource. */
const waitConditionHandle: ResourceType = {
  type: 'AWS::CloudFormation::WaitConditionHandle',
  create: (_world, { region, newName }) =>
    `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${newName(64)}`,
  update: () => {},
  remove: () => {},
  read: () => ({}),
  attributes: () => ({}),
};

export const waitConditionTypes: readonly ResourceType[] = [waitConditionHandle];
