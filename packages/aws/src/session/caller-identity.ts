import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Role } from '@tenant-delivery/domain';
import { childOf, queryCaller, textOf } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from './session.ts';

const STS = { name: 'sts', variable: 'STS', version: '2011-06-15' } as const;

/** Whose credentials a role's session really has, by AWS's own word. */
export async function callerIdentity(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): Promise<CallerIdentity> {
  const call = queryCaller(STS, session.clientConfig(role));
  const answer = await translated('sts:GetCallerIdentity', call('GetCallerIdentity', {}));
  const member = (name: string) =>
    required(
      textOf(childOf(answer, 'GetCallerIdentityResult'), name) || undefined,
      `sts:GetCallerIdentity ${name}`,
    );
  const arn = member('Arn');
  return {
    account: member('Account'),
    arn,
    partition: required(arn.split(':')[1], "a partition in the caller's ARN"),
  };
}
