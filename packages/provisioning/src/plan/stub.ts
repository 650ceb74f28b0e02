import type { Template } from '../stacks/template.ts';

/**
 * What a stack becomes before it is deleted. A deletion has no change set, so a withdrawal plans an update to this: the
 * change set says of each resource whether it is deleted or stays. A stack must have a resource; this one is nothing at AWS.
 */
export const STUB: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Withdrawn',
  Resources: { Withdrawn: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
};

export function isStub(template: Pick<Template, 'Resources'>): boolean {
  const [only, ...more] = Object.values(template.Resources);
  return more.length === 0 && only?.Type === STUB.Resources['Withdrawn']?.Type;
}
