import type { Json } from '@tenant-delivery/domain';

/** What was looked at, or why nothing was seen. */
export type Seen<T> =
  | { readonly kind: 'seen'; readonly value: T }
  | {
      readonly kind: 'unseen';
      /** The IAM action of the look: `iam:GetRole`. */
      readonly action: string;
      readonly why: string;
      /** AWS denied it: the role that looked lacks this action. */
      readonly denied: boolean;
    };

export interface Role {
  readonly arn: string;
  /** The trust policy. */
  readonly trust: Json;
}

/** A secret's metadata; nothing here tells its value. */
export interface Secret {
  readonly arn: string;
  /** Milliseconds since the epoch at which its deletion was asked for. */
  readonly deletedAt: number | undefined;
  /** Staging labels by version id. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  /** `euw1-az1`: the same zone in every account. */
  readonly zoneId: string;
  /** Addresses that a new task could get. */
  readonly free: number;
}

export interface PlacedTargetGroup {
  readonly arn: string;
  readonly name: string;
  /** `ip`, `instance`, `lambda`, `alb`. */
  readonly type: string;
  readonly vpc: string | undefined;
  /** Balancers with a listener or rule that sends to it. */
  readonly balancers: readonly string[];
}

export interface PlacedBalancer {
  readonly arn: string;
  readonly name: string;
  /** `internal` or `internet-facing`. */
  readonly scheme: string;
  readonly vpc: string | undefined;
  /** `active`, `provisioning`, `active_impaired`, `failed`. */
  readonly state: string | undefined;
}
