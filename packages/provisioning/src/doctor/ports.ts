import type { Vault } from '@tenant-delivery/vault/ports';
import type { SettingsReader } from '../github/ports.ts';
import type { Limited } from './limits.ts';

/** An account and a vault to look at. */
export interface Sight {
  readonly account: AccountReader;
  readonly vault: Pick<Vault, 'read' | 'list'>;
}

/**
 * An account, looked at without changing anything. `undefined` is AWS's own "there is no such thing"; whatever could not be
 * observed throws a Failure.
 */
export interface AccountReader {
  /** Of the credentials. */
  account(): Promise<string>;
  /** The audiences of an OIDC provider, by its ARN. */
  audiences(provider: string): Promise<readonly string[] | undefined>;
  role(name: string): Promise<FoundRole | undefined>;
  /** Inline policies by name, of a role that is there. */
  inlinePolicies(role: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** ARNs of the managed policies of a role that is there. */
  attachedPolicies(role: string): Promise<readonly string[] | undefined>;
  /** What a managed policy says, in the version that counts. */
  managedPolicy(arn: string): Promise<unknown>;
  quotas(): Promise<Quotas>;
  /** The value of a quota in this region, by Service Quotas' codes. */
  quota(service: string, code: string): Promise<number>;
  used(what: Limited, where: CountedPlace): Promise<Used>;
  /** The state of a stack, such as `CREATE_COMPLETE`; one that recovers an environment is in another region. */
  stack(name: string, region: string): Promise<string | undefined>;
  /** By alias. */
  key(alias: string): Promise<FoundKey | undefined>;
  /** By ARN. */
  keyPolicy(key: string): Promise<unknown>;
  /** The public half in SPKI, by ARN. */
  publicKey(key: string): Promise<Uint8Array>;
  versioning(bucket: string): Promise<string | undefined>;
  lock(bucket: string): Promise<{ readonly mode: string; readonly days: number } | undefined>;
  bucketPolicy(bucket: string): Promise<unknown>;
  /** Whether all four ways to open the bucket to everybody are shut. */
  shutToPublic(bucket: string): Promise<boolean>;
  cluster(name: string): Promise<FoundThing | undefined>;
  service(cluster: string, name: string): Promise<FoundThing | undefined>;
  /** Of a cluster, a service or a repository, by ARN. */
  tags(arn: string): Promise<Tags>;
  balancer(name: string): Promise<FoundBalancer | undefined>;
  /** Ports of a balancer's listeners, by its ARN. */
  listenerPorts(balancer: string): Promise<readonly number[]>;
  targetGroup(name: string): Promise<FoundTargetGroup | undefined>;
  /** Those of these subnets that are there. */
  subnets(ids: readonly string[]): Promise<readonly FoundSubnet[]>;
  repository(name: string): Promise<FoundRepository | undefined>;
  logGroup(name: string): Promise<boolean>;
  /** What Application Auto Scaling may set. */
  range(
    cluster: string,
    service: string,
  ): Promise<{ readonly minimum: number; readonly maximum: number } | undefined>;
}

export type Tags = Readonly<Record<string, string>>;

export interface FoundRole {
  readonly arn: string;
  readonly path: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly trust: unknown;
  /** ARN of the managed policy that bounds it. */
  readonly boundary: string | undefined;
}

/** What an account may have, by IAM's own word. */
export interface Quotas {
  readonly roles: { readonly used: number; readonly most: number };
  /** Characters of one trust policy. */
  readonly trust: number;
  /** Characters of the inline policies of a role together. */
  readonly inline: number;
}

/** How many of a thing are there: by zone, security group, cluster or load balancer where AWS counts so, else under the empty name. */
export type Used = Readonly<Record<string, number>>;

/** The cluster and the load balancer in which things are counted, by name. */
export interface CountedPlace {
  readonly cluster: string;
  readonly loadBalancer: string;
}

export interface FoundKey {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly state: string;
  readonly spec: string;
  readonly usage: string;
}

export interface FoundThing {
  readonly arn: string;
  /** `ACTIVE`, `INACTIVE`, `DRAINING`. */
  readonly status: string;
}

export interface FoundBalancer {
  readonly arn: string;
  readonly scheme: string;
  readonly vpc: string | undefined;
  /** `active`, `provisioning`, `failed`. */
  readonly state: string | undefined;
}

export interface FoundTargetGroup {
  readonly arn: string;
  readonly type: string;
  readonly vpc: string | undefined;
  /** ARNs of the balancers that send to it. */
  readonly balancers: readonly string[];
}

export interface FoundSubnet {
  readonly id: string;
  readonly vpc: string;
  readonly zoneId: string;
}

export interface FoundRepository {
  readonly arn: string;
  readonly immutable: boolean;
}

/** GitHub as far as somebody's token shows it. What could not be seen throws. */
export interface GithubReader extends SettingsReader {
  /** Of the owner of a repository, such as `enterprise`; `undefined` where the token may not see it. */
  plan(repository: string): Promise<string | undefined>;
  /** The workflows and actions of the default branch. */
  workflows(repository: string): Promise<readonly WorkflowFile[]>;
}

export interface WorkflowFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}
