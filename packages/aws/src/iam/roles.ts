import type { Role as TaskRole } from '@tenant-delivery/isolation/observed';
import { childOf, queryCaller, textOf } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const IAM = { name: 'iam', variable: 'IAM', version: '2010-05-08', global: true } as const;

/** Roles of the account by name. IAM answers for a whole partition, from one region. */
export function iamRoles(config: ReturnType<typeof clientConfig>) {
  const call = queryCaller(IAM, config);
  return async (name: string): Promise<TaskRole | undefined> => {
    const root = await translated('iam:GetRole', call('GetRole', { RoleName: name }), [
      'NoSuchEntity',
      'NoSuchEntityException',
    ]);
    if (root === 'NoSuchEntity' || root === 'NoSuchEntityException') return undefined;
    const role = childOf(childOf(root, 'GetRoleResult'), 'Role');
    const trust = required(textOf(role, 'AssumeRolePolicyDocument'), 'Role.AssumeRolePolicyDocument');
    return {
      arn: required(textOf(role, 'Arn'), 'Role.Arn'),
      trust: JSON.parse(decodeURIComponent(trust)), // IAM keeps no policy that is not JSON
    };
  };
}
