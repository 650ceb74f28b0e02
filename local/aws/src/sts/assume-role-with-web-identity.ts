import type {
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { hasConditionKey } from '../authorization/reference.ts';
import { documentOf } from '../iam/policies.ts';
import { iamOf, type OidcProvider, type Role } from '../iam/state.ts';
import { type Context, type Lookup, lookupIn } from '../policy/context.ts';
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

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** Trades a job's identity token for a session, as AWS does: token first, then the role's trust policy. */
export async function assumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityCommandInput,
  { world }: Call,
): Promise<Output<AssumeRoleWithWebIdentityCommandOutput>> {
  const { RoleArn = '', RoleSessionName = '', WebIdentityToken = '' } = input;
  const [, partition = '', account = '', roleName = ''] =
    /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn) ?? [];
  if (!account) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
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
    action: ACTION,
    resource: undefined,
    context: knownTo({
      ...Object.fromEntries(tested),
      'sts:RoleSessionName': sessionName,
      'aws:CurrentTime': now.toISOString(),
      'aws:EpochTime': String(Math.floor(now.getTime() / 1_000)),
      'aws:SecureTransport': 'true',
      'aws:FederatedProvider': provider.arn,
      // nobody has signed: there is no principal, and no source identity before the session
      'aws:PrincipalArn': undefined,
      'aws:PrincipalAccount': undefined,
      'aws:SourceIdentity': undefined,
      'aws:MultiFactorAuthPresent': undefined,
      'aws:ViaAWSService': 'false',
      'sts:ExternalId': undefined,
      'sts:SourceIdentity': undefined,
    }),
  });
  return verdict === 'allowed';
}

/** A key that AWS gives to this action and that is not known here is refused by name, as everywhere: it is not absent. */
function knownTo(context: Context): Lookup {
  const find = lookupIn(context);
  const names = new Set(Object.keys(context).map((name) => name.toLowerCase()));
  return (key) => {
    if (!names.has(key.toLowerCase()) && /^(aws|sts):/i.test(key) && hasConditionKey(ACTION, key))
      throw new Error(`local-aws does not know the condition key ${key} of ${ACTION}`);
    return find(key);
  };
}

/** Seconds; an hour when nothing is asked for. */
function durationOf(asked = 3600, role: Role): number {
  if (asked > role.maxSessionDuration)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  return asked;
}
