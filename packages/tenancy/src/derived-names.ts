import { type Duty, partitionOf, type Role, type Target } from '@tenant-delivery/domain';

export type Environment = Pick<Target, 'tenant' | 'environment' | 'account' | 'region'>;

/** With the environment in it, because the name of a role is one in an account, whatever its path. */
export function roleName({ environment }: Pick<Environment, 'environment'>, role: Role): string {
  return `td-${environment}-${role}`;
}

export function roleArn(place: Environment, role: Role): string {
  const { account, environment, region } = place;
  return `arn:${partitionOf(region)}:iam::${account}:role/td/${environment}/${roleName(place, role)}`;
}

export function vaultBucket({ tenant, environment, account }: Environment): string {
  return `td-vault-${tenant}-${environment}-${account}`;
}

/** The copy of a vault in the region that recovers its environment. */
export function vaultCopyBucket({ tenant, environment, account }: Omit<Environment, 'region'>): string {
  return `td-copy-${tenant}-${environment}-${account}`;
}

/** The KMS alias of a duty's signing key. */
export function keyAlias({ environment }: Pick<Environment, 'environment'>, duty: Duty): string {
  return `alias/td/${environment}/${duty}`;
}

/** At most 64 characters, as STS allows ("AssumeRoleWithWebIdentity", RoleSessionName). */
export function sessionName({ tenant, environment }: Environment, runId: string, runAttempt: number): string {
  return `td-${tenant}-${environment}-${runId}-${runAttempt}`.slice(0, 64);
}

/** Where an environment's vault keeps the published contract. */
export function contractKey(environment: string): string {
  return `contract/${environment}.dsse.json`;
}

/** The check that a release gate sets on a pull request. Rulesets name it, so it never changes. */
export function releaseGateCheck({
  tenant,
  environment,
  service,
}: Pick<Target, 'tenant' | 'environment' | 'service'>): string {
  return `release gate (${tenant}/${environment}/${service})`;
}
