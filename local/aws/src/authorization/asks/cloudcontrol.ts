import type { Asks } from '../ask.ts';

/** "Actions, resources, and condition keys for AWS Cloud Control API", whose prefix is that of CloudFormation. */
export const cloudcontrolAsks: Readonly<Record<string, Asks>> = {
  GetResource: () => [{ action: 'cloudformation:GetResource', resource: '*' }],
};
