import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { iamOf, idOf } from '../iam/state.ts';
import { usersOf } from '../iam/users.ts';
import { assumeRole } from '../sts/assume-role.ts';
import { assumeRoleWithWebIdentity } from '../sts/assume-role-with-web-identity.ts';
import { stsRules } from '../sts/rules.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

/** STS: identities for jobs, and the question who one is. */
export const sts: Service = {
  name: 'sts',
  sdk: '@aws-sdk/client-sts',
  operations: {
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetCallerIdentity: getCallerIdentity,
  },
  rules: stsRules,
};

function getCallerIdentity(
  _input: GetCallerIdentityCommandInput,
  { principal, world }: Call,
): Output<GetCallerIdentityCommandOutput> {
  if (!principal) throw new AwsError('AccessDenied', 'GetCallerIdentity must be signed.', 403);
  const { account, arn, roleArn } = principal;
  const role = Object.values(iamOf(world, account).roles).find((known) => known.arn === roleArn);
  const user = Object.values(usersOf(world, account)).find((known) => known.arn === arn);
  const UserId = role ? `${role.id}:${arn.split('/').at(-1)}` : (user?.id ?? `AIDA${idOf(arn)}`);
  return { UserId, Account: account, Arn: arn };
}
