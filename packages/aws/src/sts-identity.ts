import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** Whose credentials a role's session really has, by AWS's own word. */
export async function callerIdentity(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): Promise<CallerIdentity> {
  const sts = new STSClient(session.clientConfig(role));
  const answer = await translated('sts:GetCallerIdentity', sts.send(new GetCallerIdentityCommand({})));
  const arn = required(answer.Arn, 'sts:GetCallerIdentity Arn');
  return {
    account: required(answer.Account, 'sts:GetCallerIdentity Account'),
    arn,
    partition: required(arn.split(':')[1], "a partition in the caller's ARN"),
  };
}
