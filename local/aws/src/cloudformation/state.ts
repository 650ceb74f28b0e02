import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { World } from '../world/world.ts';

/** Stacks of one account and region, by id: plain data. A stack that was deleted stays, as AWS keeps it for 90 days. */
export interface StackStore {
  readonly stacks: Record<string, Stack>;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch, as every moment here. */
  readonly created: number;
  status: StackStatus;
  reason?: string;
  updated?: number;
  deleted?: number;
}

export function stackStore(world: World, account: string, region: string): StackStore {
  return world.state<StackStore>('cloudformation', account, region, () => ({ stacks: {} }));
}
