import type { ResourceType } from '../resource-type.ts';
import { alarmTypes } from './alarms.ts';
import { backupTypes } from './backup.ts';
import { balancerTypes } from './balancers.ts';
import { ecrTypes } from './ecr.ts';
import { ecsTypes } from './ecs.ts';
import { policyTypes } from './iam-policies.ts';
import { roleTypes } from './iam-roles.ts';
import { kmsTypes } from './kms.ts';
import { logTypes } from './logs.ts';
import { endpointTypes } from './network-endpoints.ts';
import { groupTypes } from './network-groups.ts';
import { natTypes } from './network-nat.ts';
import { routeTypes } from './network-routes.ts';
import { vpcTypes } from './network-vpc.ts';
import { registryTypes } from './registry-templates.ts';
import { s3Types } from './s3.ts';
import { scalingTypes } from './scaling.ts';
import { targetTypes } from './target-groups.ts';
import { topicTypes } from './topics.ts';
import { vpnTypes } from './vpn.ts';
import { waitConditionTypes } from './wait-condition.ts';

/** Every type of resource that a stack can have here. A new one is added to the list of its service's file. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    ...alarmTypes,
    ...backupTypes,
    ...balancerTypes,
    ...ecrTypes,
    ...ecsTypes,
    ...endpointTypes,
    ...groupTypes,
    ...kmsTypes,
    ...logTypes,
    ...natTypes,
    ...policyTypes,
    ...registryTypes,
    ...roleTypes,
    ...routeTypes,
    ...s3Types,
    ...scalingTypes,
    ...targetTypes,
    ...topicTypes,
    ...vpcTypes,
    ...vpnTypes,
    ...waitConditionTypes,
  ].map((one) => [one.type, one]),
);
