import type { ResourceType } from '../resource-type.ts';
import { backupTypes } from './backup.ts';
import { ecrTypes } from './ecr.ts';
import { policyTypes } from './iam-policies.ts';
import { roleTypes } from './iam-roles.ts';
import { kmsTypes } from './kms.ts';
import { logTypes } from './logs.ts';
import { endpointTypes } from './network-endpoints.ts';
import { groupTypes } from './network-groups.ts';
import { natTypes } from './network-nat.ts';
import { routeTypes } from './network-routes.ts';
import { vpcTypes } from './network-vpc.ts';
import { s3Types } from './s3.ts';
import { topicTypes } from './topics.ts';
import { vpnTypes } from './vpn.ts';

/** Every type of resource that a stack can have here. A new one is added to the list of its service's file. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    ...backupTypes,
    ...ecrTypes,
    ...endpointTypes,
    ...groupTypes,
    ...kmsTypes,
    ...logTypes,
    ...natTypes,
    ...policyTypes,
    ...roleTypes,
    ...routeTypes,
    ...s3Types,
    ...topicTypes,
    ...vpcTypes,
    ...vpnTypes,
  ].map((one) => [one.type, one]),
);
