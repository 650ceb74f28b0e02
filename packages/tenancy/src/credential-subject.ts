import { type Credential, type KindName, kindOf } from '@tenant-delivery/credentials/kinds';
import type { Role } from '@tenant-delivery/domain';
import { partitionOf } from '@tenant-delivery/domain';
import type { Environment } from './derived-names.ts';

/** The role that rotates credentials of a kind, and none of another's. */
export function rotationRole(kind: KindName): Role {
  return kindOf({ kind }).role;
}

/** The ARN of what a rotation changes in the account, as the contract implies it; of a secret, without its random end. */
export function subjectArn({ account, region }: Environment, credential: Credential): string {
  const { service, resource, global } = kindOf(credential).resource(credential);
  return `arn:${partitionOf(region)}:${service}:${global ? '' : region}:${account}:${resource}`;
}

/** `…:secret:td/prod/db` of `…:secret:td/prod/db-aB3xYz`: what Secrets Manager adds to a name is six characters. */
export function secretWithoutSuffix(arn: string): string {
  return arn.replace(/-[A-Za-z0-9]{6}$/, '');
}
