import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import { lazyClient } from './lazy-client.ts';
import type { Session } from './session.ts';

/** Whose credentials these are, by AWS's own word: for those that this process did not get from STS itself. */
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
  return identityOf(required(answer.Arn || undefined, 'sts:GetCallerIdentity Arn'));
}

/** What the ARN of a caller says: `arn:aws:sts::000011112222:assumed-role/NAME/SESSION`. */
export function identityOf(arn: string): CallerIdentity {
  const [, partition, , , account] = arn.split(':');
  return {
    account: required(account || undefined, "an account in the caller's ARN"),
    arn,
    partition: required(partition || undefined, "a partition in the caller's ARN"),
  };
}
