import { ec2Of } from '../../ec2/state.ts';
import { AwsError, type Call } from '../../world/service.ts';
import type { ServiceKey } from '../engine.ts';
import type { ServiceState, Subnet } from '../state.ts';
import { type ClusterRecord, type EcsStore, ecsArn, ecsStore } from '../store.ts';

/** The cluster that a call names, by short name or ARN; `default` where it names none. */
export function clusterOf(call: Call, reference = 'default'): ClusterRecord {
  const found = findCluster(call, reference);
  if (!found) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

export function findCluster(call: Call, reference: string): ClusterRecord | undefined {
  const { account, region } = call;
  const clusters = Object.values(storeOf(call).clusters);
  return clusters.find(
    ({ arn, name }) =>
      reference === arn || reference === name || ecsArn(account, region, `cluster/${name}`) === reference,
  );
}

/** Where tasks of a cluster can be: what a seed gave it, and every subnet of EC2. */
export function subnetsOf({ world, account, region }: Call, { subnets }: ClusterRecord): readonly Subnet[] {
  const known = new Set(subnets.map(({ id }) => id));
  const others = Object.values(ec2Of(world, account, region).subnets).filter(({ id }) => !known.has(id));
  return [...subnets, ...others.map(({ id, zone, zoneId, cidr }) => ({ id, zone, zoneId, cidr }))];
}

export interface FoundService {
  readonly state: ServiceState;
  readonly key: ServiceKey;
}

/** A service of a cluster, by name or by ARN. An ARN that names another cluster finds nothing. */
export function findService(call: Call, cluster: ClusterRecord, reference: string): FoundService | undefined {
  const { services } = storeOf(call);
  const name = Object.keys(services).find((one) => {
    const state = services[one];
    return state?.cluster === cluster.name && (state.name === reference || state.arn === reference);
  });
  const state = name === undefined ? undefined : services[name];
  if (name === undefined || !state) return undefined;
  return { state, key: { account: call.account, region: call.region, name } };
}

export function serviceOf(call: Call, cluster: ClusterRecord, reference = ''): FoundService {
  const found = findService(call, cluster, reference);
  if (!found) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return found;
}

export function storeOf({ world, account, region }: Call): EcsStore {
  return ecsStore(world, account, region);
}
