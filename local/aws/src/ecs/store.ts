import type {
  CapacityProviderStrategyItem,
  ClusterSetting,
  Compatibility,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs';
import type { World } from '../world/world.ts';
import type { ServiceState, Subnet } from './state.ts';

/** ECS in one account and region: plain data. */
export interface EcsStore {
  readonly clusters: Record<string, ClusterRecord>;
  /** By family, each in the order of revisions. */
  readonly families: Record<string, TaskDefinitionRecord[]>;
  /** By `cluster/service`. */
  readonly services: Record<string, ServiceState>;
  /** By ARN. */
  readonly tags: Record<string, Record<string, string>>;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  /** Where tasks may be placed: ECS looks at the subnets that a service names, these are the ones that exist. */
  readonly subnets: Subnet[];
  readonly settings?: ClusterSetting[];
  /** What CreateCluster associated with it. A seed has both of Fargate's. */
  readonly capacityProviders?: readonly string[];
  readonly defaultStrategy?: readonly CapacityProviderStrategyItem[];
}

export const FARGATE_PROVIDERS: readonly string[] = ['FARGATE', 'FARGATE_SPOT'];

export function providersOf({ capacityProviders = FARGATE_PROVIDERS }: ClusterRecord): readonly string[] {
  return capacityProviders;
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  readonly registeredAt: number;
  readonly registeredBy: string | undefined;
  deregisteredAt: number | undefined;
  /** As registered, with the defaults that ECS fills in. */
  readonly content: Omit<RegisterTaskDefinitionRequest, 'tags'>;
  /** What could run it, whatever it was required to be compatible with. */
  readonly compatibilities: readonly Compatibility[];
}

export function ecsStore(world: World, account: string, region: string): EcsStore {
  const { places } = world.state('ecs-places', '', '', () => ({
    places: [] as { account: string; region: string }[],
  }));
  if (!places.some((place) => place.account === account && place.region === region)) {
    places.push({ account, region });
  }
  return world.state<EcsStore>('ecs', account, region, () => ({
    clusters: {},
    families: {},
    services: {},
    tags: {},
  }));
}

/** Accounts and regions in which ECS has anything. */
export function ecsPlaces(world: World): readonly { readonly account: string; readonly region: string }[] {
  return world.state('ecs-places', '', '', () => ({ places: [] as { account: string; region: string }[] }))
    .places;
}

export function ecsArn(account: string, region: string, resource: string): string {
  return `arn:aws:ecs:${region}:${account}:${resource}`;
}

/** By ARN, by `family:revision`, or by `family` for its latest ACTIVE revision. */
export function findTaskDefinition(store: EcsStore, reference: string): TaskDefinitionRecord | undefined {
  const arn = reference.startsWith('arn:') ? reference : undefined;
  const name = arn === undefined ? reference : arn.slice(arn.indexOf('/') + 1);
  const [family = '', revision] = name.split(':');
  const revisions = store.families[family] ?? [];
  if (arn !== undefined) return revisions.find((one) => one.arn === arn);
  if (revision !== undefined) return revisions.find((one) => String(one.revision) === revision);
  return revisions.findLast((one) => one.status === 'ACTIVE');
}
