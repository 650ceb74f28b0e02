import type { Role as TaskRole } from '@tenant-delivery/isolation/observed';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { iamClient } from './iam-client.ts';

/** Roles of the account by name. */
export function iamRoles(config: ClientConfig) {
  const iam = iamClient(config);
  return async (RoleName: string): Promise<TaskRole | undefined> => {
    const sent = iam.send((sdk) => new sdk.GetRoleCommand({ RoleName }));
    const answer = await translated('iam:GetRole', sent, ['NoSuchEntityException']);
    if (answer === 'NoSuchEntityException') return undefined;
    const role = required(answer.Role, 'Role');
    const trust = required(role.AssumeRolePolicyDocument, 'Role.AssumeRolePolicyDocument');
    return {
      arn: required(role.Arn, 'Role.Arn'),
      trust: JSON.parse(decodeURIComponent(trust)), // IAM stores JSON only
    };
  };
}
