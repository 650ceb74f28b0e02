import type { Credential, CredentialKind } from '@tenant-delivery/credentials/credential';
import type { Role } from '@tenant-delivery/domain';
import { type Environment, partitionOf } from './derived-names.ts';

const ROLE: Readonly<Record<CredentialKind, Role>> = {
  'iam-access-key': 'rotate',
  'github-deploy-key': 'rotate',
  'github-app-key': 'rotate',
  'secrets-manager': 'rotate-secret',
  'repository-credentials': 'rotate-secret',
  'pull-through': 'rotate-registry',
  'vpn-psk': 'rotate-vpn',
};

/** The role that rotates credentials of a kind, and none of another's. */
export function rotationRole(kind: CredentialKind): Role {
  return ROLE[kind];
}

/** The ARN of what a rotation changes in the account, as the contract implies it; of a secret, without its random end. */
export function subjectArn(place: Environment, credential: Credential): string {
  const { account, region } = place;
  const arn = (service: string, of: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${of}:${account}:${resource}`;
  switch (credential.kind) {
    case 'iam-access-key':
      return arn('iam', '', `user/${credential.user}`);
    case 'vpn-psk':
      return arn('ec2', region, `vpn-connection/${credential.vpn}`);
    case 'github-deploy-key':
    case 'github-app-key':
      return arn('secretsmanager', region, `secret:${credential.escrow}`);
    default:
      return arn('secretsmanager', region, `secret:${credential.secret}`);
  }
}

/** `…:secret:td/prod/db` of `…:secret:td/prod/db-aB3xYz`: what Secrets Manager adds to a name is six characters. */
export function secretWithoutSuffix(arn: string): string {
  return arn.replace(/-[A-Za-z0-9]{6}$/, '');
}
