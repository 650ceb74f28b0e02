/** By what a resource that is there is found: CloudFormation's identifier of its type, or a name that AWS turns into an ARN. */
export type Sought =
  | { readonly by: 'identifier'; readonly identifier: Identifier }
  | { readonly by: 'load balancer' | 'target group'; readonly name: string };

/** Members and values of an identifier ("Bringing existing resources into CloudFormation management"). */
export type Identifier = Readonly<Record<string, string>>;

export type Properties = Readonly<Record<string, unknown>>;

/** A resource of a template that is there already. The template says of it what the contract names it by. */
export interface Adopted {
  readonly type: string;
  readonly sought: Sought;
  /** Its place in the environment's contract: `layers.app.subnets`. */
  readonly place: string;
  /** Properties with the values that they may have. With another value it is another thing than the contract means. */
  readonly must: Readonly<Record<string, readonly string[]>>;
  /** Whether it has tags, so that its account can say whose it is. */
  readonly tagged: boolean;
  /** What the contract agrees on and a change in place can bring about. An import leaves it as it is. */
  readonly agreed: Properties;
  /** Where there is none, the change after the import makes it. */
  readonly madeLater: boolean;
}

/** What was found of a resource. */
export type Found =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'found';
      readonly identifier: Identifier;
      /** As stacks name it: its physical id. */
      readonly id: string;
      readonly properties: Properties;
      /** The stack that has it. */
      readonly stack: string | undefined;
    };
