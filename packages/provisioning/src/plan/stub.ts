import type { Template } from '../stacks/template.ts';

export const STUB_TYPE = 'AWS::CloudFormation::WaitConditionHandle';

/**
 * What a stack becomes before it is deleted. A deletion has no change set, so a withdrawal plans an update to this: the
 * change set says of each resource whether it is deleted or stays. A stack must have a resource; this one is nothing at AWS.
 */
export const STUB: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Withdrawn',
  Resources: { Withdrawn: { Type: STUB_TYPE } },
};

export function isStub(template: Pick<Template, 'Resources'>): boolean {
  const [only, ...more] = Object.values(template.Resources);
  return more.length === 0 && only?.Type === STUB_TYPE;
}
