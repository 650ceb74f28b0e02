import { balancerStore, balancersUsing } from '../balancer/store.ts';
import type { World } from '../world/world.ts';

/** A request that a load balancer answered. */
export interface ServedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly status: number;
  /** Who made the status: a target, or the balancer itself. */
  readonly by: 'target' | 'balancer';
  /** How long the target took; undefined where none answered. */
  readonly seconds: number | undefined;
  /** ARN of the balancer, and of the target group where one was chosen. */
  readonly balancer: string;
  readonly group: string | undefined;
}

const KEPT = 20_000;

export function requestsOf(world: World, account: string, region: string): readonly ServedRequest[] {
  return store(world, account, region).served;
}

export function recordRequest(world: World, account: string, region: string, request: ServedRequest): void {
  const { served } = store(world, account, region);
  served.push(request);
  if (served.length > KEPT) served.splice(0, served.length - KEPT);
  world.touched();
}

export interface ScriptedRequest {
  /** Milliseconds since the epoch, on the world's clock; one that is yet to come is measured when its time has come. */
  readonly at: number;
  readonly status: number;
  /** `target` when absent. */
  readonly by?: ServedRequest['by'];
  readonly seconds?: number;
  /** How many alike; 1 when absent. */
  readonly times?: number;
}

/** Adds requests to what was measured of a target group (name or ARN), as if its balancer had served them. */
export function scriptRequests(
  world: World,
  account: string,
  region: string,
  targetGroup: string,
  requests: readonly ScriptedRequest[],
): void {
  const balancers = balancerStore(world, account, region);
  const group = Object.values(balancers.targetGroups).find(
    ({ arn, name }) => arn === targetGroup || name === targetGroup,
  );
  const [balancer] = group ? balancersUsing(balancers, group) : [];
  if (!group || !balancer) throw new Error(`no load balancer sends to a target group "${targetGroup}"`);
  for (const { at, status, by = 'target', seconds, times = 1 } of requests) {
    const request = { at, status, by, seconds, balancer: balancer.arn, group: group.arn };
    for (let count = 0; count < times; count += 1) recordRequest(world, account, region, request);
  }
}

function store(world: World, account: string, region: string): { served: ServedRequest[] } {
  return world.state('cloudwatch-requests', account, region, () => ({ served: [] as ServedRequest[] }));
}
