import { listStacks } from '../cloudformation/list-stacks.ts';
import type { Service } from '../world/service.ts';

/** AWS CloudFormation. */
export const cloudformation: Service = {
  name: 'cloudformation',
  sdk: '@aws-sdk/client-cloudformation',
  operations: { ListStacks: listStacks },
};
