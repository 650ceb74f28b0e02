import type { World } from '../world/world.ts';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** By the names that SNS has for attributes, as far as somebody set them. */
  attributes: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  readonly subscriptions: Record<string, Subscription>;
}

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** A person has to confirm an address of theirs; a queue and a function need not. */
  confirmed: boolean;
}

/** By ARN. */
export function topicsOf(world: World, account: string, region: string): Record<string, Topic> {
  return world.state<Record<string, Topic>>('sns', account, region, () => ({}));
}
