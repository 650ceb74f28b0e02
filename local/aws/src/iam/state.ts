import { createHash } from 'node:crypto';
import type { PolicyDocument } from '../policy/document.ts';
import { demandQuota } from '../policy/quotas.ts';
import type { World } from '../world/world.ts';

export interface Role {
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly trust: PolicyDocument;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly permissionsBoundary?: string;
  /** ARNs of managed policies that are attached. */
  readonly attached?: readonly string[];
}

/** An OpenID Connect provider that an account trusts. */
export interface OidcProvider {
  readonly arn: string;
  /** Without the scheme, as condition keys begin with it. */
  readonly host: string;
  readonly audiences: readonly string[];
}

export interface IamState {
  /** By name: unique in an account, whatever the path. */
  readonly roles: Record<string, Role>;
  readonly oidcProviders: Record<string, OidcProvider>;
}

export function iamOf(world: World, account: string): IamState {
  return world.state<IamState>('iam', account, '', () => ({ roles: {}, oidcProviders: {} }));
}

/** Managed policies of an account by ARN, each in its default version. */
export function managedPoliciesOf(world: World, account: string): Record<string, PolicyDocument> {
  return world.state<Record<string, PolicyDocument>>('iam-policies', account, '', () => ({}));
}

export function putManagedPolicy(world: World, account: string, arn: string, document: PolicyDocument): void {
  demandQuota('managed policy', arn, [document]);
  managedPoliciesOf(world, account)[arn] = document;
  world.touched();
}

/** IAM attaches no policy that is not there, as a boundary or otherwise, and deletes none that is attached. */
export function managedPolicyOf(world: World, account: string, arn: string): PolicyDocument {
  const found = managedPoliciesOf(world, account)[arn];
  if (found) return found;
  throw new Error(`NoSuchEntity: Policy ${arn} does not exist or is not attachable.`);
}

export type RoleSeed = Omit<Role, 'arn' | 'id' | 'created'> & { readonly partition: string };

/** Makes a role, or replaces what it says; its id and creation date stay. */
export function putRole(world: World, account: string, seed: RoleSeed): Role {
  demandQuota('trust policy of role', seed.name, [seed.trust]);
  demandQuota('inline policies of role', seed.name, Object.values(seed.policies));
  const { roles } = iamOf(world, account);
  const { partition, ...said } = seed;
  const role: Role = {
    ...said,
    arn: `arn:${partition}:iam::${account}:role${seed.path}${seed.name}`,
    id: roles[seed.name]?.id ?? `AROA${idOf(`${account}${seed.path}${seed.name}`)}`,
    created: roles[seed.name]?.created ?? world.clock.now(),
  };
  roles[seed.name] = role;
  world.touched();
  return role;
}

/** 17 characters of an IAM unique id, the same for the same name so that two runs can be compared. */
export function idOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 17);
  return [...bytes].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
