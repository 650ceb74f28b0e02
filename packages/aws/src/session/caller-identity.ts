import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import { lazyClient } from './lazy-client.ts';
import type { Session } from './session.ts';

/** Whose credentials a role's session really has, by AWS's own word. */
export async function callerIdentity(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
): Promise<CallerIdentity> {
  const sts = lazyClient(
    () => import('./sts-sdk.ts'),
    (sdk) => sdk.STSClient,
    session.clientConfig(role),
  );
  const answer = await translated(
    'sts:GetCallerIdentity',
    sts.send((sdk) => new sdk.GetCallerIdentityCommand({})),
  );
  const arn = required(answer.Arn || undefined, 'sts:GetCallerIdentity Arn');
  return {
    account: required(answer.Account || undefined, 'sts:GetCallerIdentity Account'),
    arn,
    partition: required(arn.split(':')[1], "a partition in the caller's ARN"),
  };
}
