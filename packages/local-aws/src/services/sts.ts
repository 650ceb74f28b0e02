import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { Call, Service } from '../world/service.ts';

type Output<T> = Omit<T, '$metadata'>;

export const sts: Service = {
  name: 'sts',
  sdk: '@aws-sdk/client-sts',
  operations: { GetCallerIdentity: getCallerIdentity },
};

function getCallerIdentity(
  _input: GetCallerIdentityCommandInput,
  { principal }: Call,
): Output<GetCallerIdentityCommandOutput> {
  return { Account: principal?.account, Arn: principal?.arn, UserId: 'AIDALOCAL' };
}
