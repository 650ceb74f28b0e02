import type {
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { documentOf } from '../iam/policies.ts';
import { iamOf, type OidcProvider, type Role } from '../iam/state.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Output } from '../services/output.ts';
import { isOffered } from '../world/deviations.ts';
import { issueSession } from '../world/keys.ts';
import { AwsError, type Call } from '../world/service.ts';
import { credentialsOf } from './credentials.ts';
import { providerOf } from './issuer.ts';
import { type Claims, invalid, readToken, verifyToken } from './web-identity-token.ts';

/**
 * Claims that a trust policy can test one by one: what every public list of January 2026's change of STS names. The lists
 * differ on `repository_owner_id`, so a trust that needs it must not work here.
 */
const TESTABLE = [
  'sub',
  'aud',
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'workflow',
] as const;

/** Trades a job's identity token for a session, as AWS does: token first, then the role's trust policy. */
export async function assumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityCommandInput,
  { world }: Call,
): Promise<Output<AssumeRoleWithWebIdentityCommandOutput>> {
  const { RoleArn = '', RoleSessionName = '', WebIdentityToken = '' } = input;
  const [, partition = '', account = '', roleName = ''] =
    /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn) ?? [];
  if (!account) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}`,
    );
  const token = readToken(WebIdentityToken);
  const { iss = '', aud, sub } = token.claims;
  const host = providerOf(world, String(iss));
  const provider = iamOf(world, account).oidcProviders[host];
  if (!provider) throw invalid(`No OpenIDConnect provider found in your account for ${iss}`);
  await verifyToken(token, world.clock.now());
  const audience = [aud]
    .flat()
    .map(String)
    .find((name) => provider.audiences.includes(name));
  if (audience === undefined) throw invalid('Incorrect token audience');

  const role = iamOf(world, account).roles[roleName];
  const claims = Object.fromEntries(Object.entries(token.claims).filter(([name]) => isOffered(world, name)));
  if (role?.arn !== RoleArn || !trusts(role, provider, claims, RoleSessionName, world.clock.date()))
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403);
  const seconds = durationOf(input.DurationSeconds, role);
  const arn = `arn:${partition}:sts::${account}:assumed-role/${role.name}/${RoleSessionName}`;
  const expires = world.clock.now() + seconds * 1000;
  const session = input.Policy === undefined ? {} : { sessionPolicy: documentOf(input.Policy) };
  const key = issueSession(world, { account, arn, roleArn: role.arn, ...session }, expires);
  return {
    Credentials: credentialsOf(key),
    SubjectFromWebIdentityToken: String(sub),
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${RoleSessionName}`, Arn: arn },
    Provider: provider.arn,
    Audience: audience,
    PackedPolicySize: 0,
  };
}

function trusts(role: Role, provider: OidcProvider, claims: Claims, sessionName: string, now: Date): boolean {
  const tested = TESTABLE.filter((claim) => claims[claim] !== undefined).map((claim) => [
    `${provider.host}:${claim}`,
    [claims[claim]].flat().map(String),
  ]);
  const verdict = evaluate(role.trust, {
    caller: { kind: 'federated', provider: provider.arn },
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: undefined,
    context: {
      ...Object.fromEntries(tested),
      'sts:RoleSessionName': sessionName,
      'aws:CurrentTime': now.toISOString(),
    },
  });
  return verdict === 'allowed';
}

/** Seconds; an hour when nothing is asked for, at least a quarter of an hour. */
function durationOf(asked = 3600, role: Role): number {
  if (asked < 900)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${asked}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  if (asked > role.maxSessionDuration)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  return asked;
}
