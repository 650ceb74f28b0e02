import { getResource } from '../cloudcontrol/get-resource.ts';
import type { Service } from '../world/service.ts';

/** AWS Cloud Control API, as far as reading one resource goes. */
export const cloudcontrol: Service = {
  name: 'cloudcontrolapi',
  sdk: '@aws-sdk/client-cloudcontrol',
  operations: { GetResource: getResource },
};
