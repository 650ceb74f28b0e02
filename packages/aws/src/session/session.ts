import { type Clock, clockFrom } from '@tenant-delivery/action-kit/clock';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { type JobClaims, readClaims } from '@tenant-delivery/delivery/claims';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import type { Role } from '@tenant-delivery/domain';
import { type Environment, roleArn, sessionName } from '@tenant-delivery/tenancy/derived-names';
import { type AssumedRole, webIdentityRoles } from './assume-role.ts';
import { type ClientConfig, type Credentials, clientBase, clientConfig } from './client-config.ts';
import { speaksToLocalAws } from './own-endpoints.ts';
import { sessionFailure } from './session-failure.ts';

const AUDIENCE = 'sts.amazonaws.com';

const RENEW_BEFORE = 5 * 60_000; // milliseconds before the end of a session

/** The job's identity at AWS: one session for each role that the action needs, nothing exported to other steps. */
export interface Session {
  readonly region: string;
  /** It speaks to local-aws, not to AWS. */
  readonly local: boolean;
  readonly target: Environment;
  readonly clock: Clock;
  /** Claims of the job's OIDC token, which AWS has verified. */
  readonly claims: JobClaims;
  /** The current credentials of a role; a session that nears its end is renewed with a fresh token. */
  credentialsFor(role: Role): () => Promise<Credentials>;
  /** Who the job is in a role, as STS said when it gave the credentials. */
  identityIn(role: Role): Promise<CallerIdentity>;
  /** Assumes one more role, once it is known that it is needed. */
  assume(role: Role): Promise<void>;
  /** The configuration of a client that acts as `role`. */
  clientConfig(role: Role, attempts?: number): ClientConfig;
}

/** A session that has been asked for. */
export interface StartedSession {
  readonly opened: Promise<Session>;
}

/**
 * Assumes the roles of a target, all at once, with one OIDC token. Answers as soon as STS was asked, so that the other
 * clients load while STS answers and not while the token is on its way.
 */
export async function startSession(
  runner: Runner,
  env: Readonly<Record<string, string | undefined>>,
  target: Environment,
  roles: readonly Role[],
): Promise<StartedSession> {
  const asked = Promise.withResolvers<void>();
  const opened = start(runner, env, target, roles, asked.resolve);
  opened.catch(() => {}); // awaited only after the other clients are loaded; until then a refusal is not unhandled
  await Promise.race([asked.promise, opened]);
  return { opened };
}

async function start(
  runner: Runner,
  env: Readonly<Record<string, string | undefined>>,
  target: Environment,
  roles: readonly Role[],
  onAsked: () => void,
): Promise<Session> {
  const local = await speaksToLocalAws(env);
  const clock = clockFrom(env);
  const base = clientBase(runner, env, { region: target.region, local });
  const assumeRole = webIdentityRoles(base, onAsked);
  const token = await runner.idToken(AUDIENCE);
  const claims = readClaims(token);
  const assume = (role: Role, webIdentity: string) =>
    assumeAndMask(runner, { target, claims, assumeRole }, role, webIdentity);

  const sessions = new Map<Role, Promise<AssumedRole>>();
  for (const role of roles) sessions.set(role, assume(role, token));
  await inOrder([...sessions.values()]);

  const assumedIn = (role: Role): Promise<AssumedRole> => {
    const current = sessions.get(role);
    if (!current) throw new TypeError(`this action did not ask for the role ${role}`);
    return current;
  };
  const credentialsFor = (role: Role) => async (): Promise<Credentials> => {
    const { credentials: held } = await assumedIn(role);
    const left = held.expiration.getTime() - clock.now();
    // the SDK compares with the machine's clock, so the end is given in the machine's time
    if (left > RENEW_BEFORE) return { ...held, expiration: new Date(Date.now() + left / base.scale) };
    const renewed = runner.idToken(AUDIENCE).then((fresh) => assume(role, fresh));
    sessions.set(role, renewed);
    return (await renewed).credentials;
  };
  return {
    region: target.region,
    local,
    target,
    clock,
    claims,
    credentialsFor,
    identityIn: async (role) => (await assumedIn(role)).identity,
    assume: async (role) => {
      if (!sessions.has(role)) sessions.set(role, assume(role, await runner.idToken(AUDIENCE)));
      await sessions.get(role);
    },
    clientConfig: (role, attempts) => clientConfig(base, credentialsFor(role), attempts),
  };
}

async function assumeAndMask(
  runner: Pick<Runner, 'context' | 'mask'>,
  {
    target,
    claims,
    assumeRole,
  }: {
    readonly target: Environment;
    readonly claims: JobClaims;
    readonly assumeRole: ReturnType<typeof webIdentityRoles>;
  },
  role: Role,
  token: string,
): Promise<AssumedRole> {
  const name = sessionName(target, runner.context.runId, runner.context.runAttempt);
  const identity = { roleArn: roleArn(target, role), sessionName: name, token };
  const assumed = await assumeRole(identity).catch((cause: unknown) => {
    throw cause instanceof Failure ? cause : sessionFailure(identity, target, claims, cause);
  });
  runner.mask(assumed.credentials.secretAccessKey);
  runner.mask(assumed.credentials.sessionToken);
  return assumed;
}
