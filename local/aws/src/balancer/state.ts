/** Load balancers of one account and region: plain data. */
export interface BalancerStore {
  readonly balancers: Record<string, Balancer>;
  readonly targetGroups: Record<string, TargetGroup>;
}

export interface Balancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: 'internal' | 'internet-facing';
  readonly vpcId: string;
  readonly createdAt: number;
  readonly zones: readonly { readonly zone: string; readonly subnetId: string }[];
  readonly securityGroups: readonly string[];
  /** Of one that no stack made; a stack's are among what it described. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly listeners: Listener[];
}

export interface Listener {
  readonly arn: string;
  readonly port: number;
  /** By priority, the default rule last. */
  readonly rules: ListenerRule[];
}

export interface ListenerRule {
  readonly arn: string;
  readonly priority: number | 'default';
  readonly conditions: readonly RuleCondition[];
  /** ECS moves it while it shifts traffic. */
  action: RuleAction;
}

export interface RuleCondition {
  readonly field: 'path-pattern' | 'host-header';
  /** `*` matches any text, `?` one character. */
  readonly values: readonly string[];
}

export type RuleAction =
  | { readonly kind: 'forward'; readonly groups: readonly WeightedGroup[] }
  | { readonly kind: 'fixed-response'; readonly status: number; readonly body: string };

/** A target group's share of the requests: its weight (0 to 999) in the sum of all weights. */
export interface WeightedGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly vpcId: string;
  readonly createdAt: number;
  readonly healthCheck: HealthCheckRule;
  readonly deregistrationDelaySeconds: number;
  /** How long a healthy target's share of the requests grows; 0 for no slow start. */
  slowStartSeconds?: number;
  /** As of a load balancer. */
  readonly tags?: Readonly<Record<string, string>>;
  targets: Target[];
}

export interface HealthCheckRule {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `200`, `200,204`, `200-399`. */
  readonly matcher: string;
}

export interface Target {
  /** Its IP address. */
  readonly id: string;
  readonly port: number;
  readonly zone: string;
  health: TargetHealth;
}

export interface TargetHealth {
  readonly standing: TargetStanding;
  /** Checks in a row with the same result. */
  readonly passes: number;
  readonly fails: number;
}

export type TargetStanding =
  | { readonly state: 'initial'; readonly reason: 'Elb.RegistrationInProgress' | 'Elb.InitialHealthChecking' }
  | { readonly state: 'healthy' }
  | {
      readonly state: 'unhealthy';
      readonly reason: FailedCheck['reason'] | 'Elb.InternalError';
      readonly description: string;
    }
  | { readonly state: 'draining' }
  | {
      readonly state: 'unhealthy.draining';
      readonly reason: FailedCheck['reason'];
      readonly description: string;
    }
  | {
      readonly state: 'unavailable';
      readonly reason: 'Elb.InternalError' | 'Target.HealthCheckDisabled';
      readonly description: string;
    }
  | {
      readonly state: 'unused';
      readonly reason: 'Target.IpUnusable' | 'Target.InvalidState';
      readonly description: string;
    };

export interface FailedCheck {
  readonly reason: 'Target.ResponseCodeMismatch' | 'Target.Timeout' | 'Target.FailedHealthChecks';
  readonly description: string;
}
