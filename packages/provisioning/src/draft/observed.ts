/** What was seen of an environment that exists. What could not be seen is a sentence in `unseen`, never a guess. */
export interface Observed {
  readonly account: string;
  readonly partition: string;
  readonly vpc: { readonly id: string; readonly cidr: string } | undefined;
  readonly subnets: readonly ObservedPart[];
  readonly securityGroups: readonly Omit<ObservedPart, 'zone'>[];
  readonly services: readonly ObservedService[];
  readonly balancer: ObservedBalancer | undefined;
  /** Days for which the vault holds what it has. */
  readonly retentionDays: number | undefined;
  /** Trust policies by the kind of role, as far as these roles exist. */
  readonly trusts: Readonly<Record<string, unknown>>;
  /** Why something was not seen, by its place in a contract: `environments.prod.vpc`. */
  readonly unseen: Readonly<Record<string, string>>;
}

/** A subnet or a security group, and the layer that its tag names. */
export interface ObservedPart {
  readonly id: string;
  readonly layer: string | undefined;
  readonly zone: string;
}

export interface ObservedBalancer {
  readonly name: string;
  readonly scheme: string;
  readonly ports: readonly number[];
}

export interface ObservedService {
  readonly name: string;
  readonly family: string;
  readonly repository: string | undefined;
  readonly targetGroup: string | undefined;
  readonly logGroup: string | undefined;
  /** All of its task's. */
  readonly containers: readonly string[];
  /** The one behind the load balancer, or of the service's name, or the only one. */
  readonly container: string | undefined;
  readonly subnets: readonly string[];
  readonly range: { readonly minimum: number; readonly maximum: number } | undefined;
}
