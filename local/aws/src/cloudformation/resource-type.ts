import type { Ask } from '../authorization/ask.ts';
import type { Service } from '../world/service.ts';
import type { World } from '../world/world.ts';

/** What a template says of a resource. */
export type Properties = Readonly<Record<string, unknown>>;

/** One resource of one stack, as its type is told of it. Its properties are resolved: no intrinsic is left in them. */
export interface Making {
  readonly account: string;
  readonly region: string;
  /** `aws` */
  readonly partition: string;
  readonly stack: { readonly name: string; readonly id: string };
  readonly logicalId: string;
  readonly properties: Properties;
  /** A name as CloudFormation makes one where the template gives none: `acme-network-FlowLogRole-1A2B3C4D5E6F`. */
  newName(longest?: number): string;
  /** Asks IAM whether the stack's service role may, or the caller if the stack has none. Throws what IAM refuses. */
  ask(...asks: readonly Ask[]): void;
  /** Does an operation of a service as that role or caller: IAM is asked, its handler answers, CloudTrail has it. */
  perform<Output extends object>(service: Service, operation: string, input: object): Promise<Output>;
}

/**
 * What one type of resource does. Required properties, their types, what forces a replacement and which attributes there
 * are come from AWS's own specification, not from here. Refusals are AwsErrors in the service's own words.
 */
export interface ResourceType {
  /** `AWS::EC2::VPC` */
  readonly type: string;
  /** Makes it and answers its physical id, which is what `Ref` gives. It may need time: see `stable`. */
  create(world: World, made: Making): string | Promise<string>;
  /** Changes it in place. `before` has the properties that the stack gave it last. */
  update(world: World, id: string, made: Making, before: Properties): void | Promise<void>;
  remove(world: World, id: string, made: Making): void | Promise<void>;
  /** Its properties as they are now, for drift and for an import; `undefined` when it is gone. */
  read(world: World, id: string, made: Making): Properties | undefined;
  /** What `Fn::GetAtt` gives; asked only of a resource that is there. */
  attributes?(world: World, id: string, made: Making): Readonly<Record<string, unknown>>;
  /** Whether it has settled after it was made or changed: a NAT gateway is available, a service is steady. */
  stable?(world: World, id: string, made: Making): Settling;
  /** The same of its removal; absent when it is gone at once. */
  removed?(world: World, id: string, made: Making): Settling;
}

export type Settling = true | 'in progress' | { readonly failed: string };
