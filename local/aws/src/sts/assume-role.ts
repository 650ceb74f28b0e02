import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { documentOf } from '../iam/policies.ts';
import { iamOf } from '../iam/state.ts';
import type { Output } from '../services/output.ts';
import { issueSession } from '../world/keys.ts';
import { AwsError, type Call, type Principal } from '../world/service.ts';
import { credentialsOf } from './credentials.ts';

const HOUR = 3_600; // "Methods to assume a role": of a session that assumes a role

/** A session of a role for a signed caller, whom the role's trust policy has let in. */
export function assumeRole(input: AssumeRoleCommandInput, call: Call): Output<AssumeRoleCommandOutput> {
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = HOUR, Policy } = input;
  const { world, principal } = call;
  const sourceIdentity = sourceIdentityOf(input, principal);
  const [, account = '', name = ''] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn) ?? [];
  const role = iamOf(world, account).roles[name];
  if (principal === undefined || role?.arn !== RoleArn)
    throw new AwsError(
      'AccessDenied',
      `User: ${principal?.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      403,
    );
  if (principal.roleArn && DurationSeconds > HOUR)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  if (DurationSeconds > role.maxSessionDuration)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  const arn = `${role.arn.replace(':iam:', ':sts:').replace(/:role\/.*/, '')}:assumed-role/${name}/${RoleSessionName}`;
  const expires = world.clock.now() + DurationSeconds * 1_000;
  const who = {
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(Policy === undefined ? {} : { sessionPolicy: documentOf(Policy) }),
  };
  const key = issueSession(world, { account, arn, roleArn: role.arn, ...who }, expires);
  return {
    Credentials: credentialsOf(key),
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${RoleSessionName}`, Arn: arn },
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}

/** A session that has one keeps it: another cannot be asked for ("Monitor and control actions taken with assumed roles"). */
function sourceIdentityOf(
  { SourceIdentity, RoleArn }: AssumeRoleCommandInput,
  principal: Principal | undefined,
): string | undefined {
  const held = principal?.sourceIdentity;
  if (SourceIdentity !== undefined && !/^[\w+=,.@-]{2,64}$/.test(SourceIdentity))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${SourceIdentity}' at 'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  if (SourceIdentity !== undefined && held !== undefined && SourceIdentity !== held)
    throw new AwsError(
      'AccessDenied',
      `User: ${principal?.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${RoleArn}`,
      403,
    );
  return SourceIdentity ?? held;
}
