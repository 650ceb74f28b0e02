import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { iamOf } from '../iam/state.ts';
import { callerOf, globalContext } from '../policy/caller.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Output } from '../services/output.ts';
import { issueSession } from '../world/keys.ts';
import { AwsError, type Call } from '../world/service.ts';

/** A session of a role for a signed caller, by the role's trust policy alone. */
export function assumeRole(input: AssumeRoleCommandInput, call: Call): Output<AssumeRoleCommandOutput> {
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = 3_600, ExternalId } = input;
  const { world, principal, region } = call;
  const [, account = '', name = ''] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn) ?? [];
  const role = iamOf(world, account).roles[name];
  const trusted =
    principal !== undefined &&
    role?.arn === RoleArn &&
    evaluate(role.trust, {
      caller: callerOf(principal),
      action: 'sts:AssumeRole',
      resource: undefined,
      context: {
        ...globalContext(principal, region),
        'aws:CurrentTime': world.clock.date().toISOString(),
        'sts:RoleSessionName': RoleSessionName,
        ...(ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId }),
      },
    }) === 'allowed';
  if (!trusted || !role)
    throw new AwsError(
      'AccessDenied',
      `User: ${principal?.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      403,
    );
  const longest = principal.roleArn ? 3_600 : role.maxSessionDuration;
  if (DurationSeconds < 900 || DurationSeconds > longest)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  const arn = `${role.arn.replace(':iam:', ':sts:').replace(/:role\/.*/, '')}:assumed-role/${name}/${RoleSessionName}`;
  const expires = world.clock.now() + DurationSeconds * 1_000;
  const key = issueSession(world, { account, arn, roleArn: role.arn }, expires);
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: new Date(Math.floor(expires)),
    },
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${RoleSessionName}`, Arn: arn },
  };
}
