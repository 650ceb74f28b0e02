import { type Clock, clockFrom } from '@tenant-delivery/action-kit/clock';
import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { REGION, type Role } from '@tenant-delivery/domain';
import { failures as contractFailures } from '@tenant-delivery/tenancy/failures';
import { failures } from '../failures.ts';
import { callerIdentity } from './caller-identity.ts';
import {
  type ClientConfig,
  type Credentials,
  clientBase,
  clientConfig,
  type OfJob,
} from './client-config.ts';
import { speaksToLocalAws } from './own-endpoints.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The identity that an earlier step of the job put into the environment: for work without a contract, and for no other. */
export interface AmbientSession {
  readonly region: string;
  /** It speaks to local-aws, not to AWS. */
  readonly local: boolean;
  readonly clock: Clock;
  /** Whose credentials these are, by AWS's own word. */
  readonly identity: CallerIdentity;
  /**
   * When the credentials end, in milliseconds since the epoch; `renewed` for those that do not, `untold` where the
   * environment does not say.
   */
  readonly credentialsUntil: number | 'renewed' | 'untold';
  /** There is one identity, so the role is nobody's: adapters may name any. */
  clientConfig(role: Role, attempts?: number): ClientConfig;
}

/** Of a job what a session needs: who asks, as CloudTrail shows it, and a way to keep secrets out of the log. */
type Asking = OfJob & Pick<Runner, 'mask'>;

export interface AmbientPlace {
  /** Compared with the account of the credentials. */
  readonly account: string | undefined;
  /** AWS_REGION where it is not named. */
  readonly region: string | undefined;
}

/** A region is a part of the host that a request goes to, so it may hold nothing that leads to another one. */
const GIVE = 'give the AWS region, such as eu-west-1';

const NEVER = new Date(8_640_000_000_000_000); // the last moment that a Date can hold

/**
 * Reads the credentials that `aws-actions/configure-aws-credentials` exports: variables of the environment, and no
 * other place where an SDK would look. Throws ACCOUNT_MISMATCH when they are of another account than was named.
 */
export async function ambientSession(runner: Asking, env: Env, place: AmbientPlace): Promise<AmbientSession> {
  const local = await speaksToLocalAws(env);
  const region = place.region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']);
  if (!region) throw inputsInvalid(['region is missing: give it, or set AWS_REGION in an earlier step']);
  if (!REGION.test(region))
    throw inputsInvalid([`AWS_REGION is ${JSON.stringify(region.slice(0, 80))}: ${GIVE}`]);
  const credentials = credentialsIn(runner, env);
  const base = clientBase(runner, env, { region, local });
  const session = {
    clientConfig: (_role: Role, attempts?: number) => clientConfig(base, async () => credentials, attempts),
  };
  const identity = await callerIdentity(session, 'deploy');
  if (place.account !== undefined && identity.account !== place.account) {
    throw contractFailures.accountMismatch([
      `the workflow names ${place.account}, the credentials are of ${identity.account}`,
    ]);
  }
  const until = Date.parse(env['AWS_CREDENTIAL_EXPIRATION'] ?? '');
  return {
    ...session,
    region,
    local,
    identity,
    clock: clockFrom(env),
    credentialsUntil: credentials.sessionToken === '' ? 'renewed' : Number.isNaN(until) ? 'untold' : until,
  };
}

function credentialsIn(runner: Asking, env: Env): Credentials {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (!accessKeyId || !secretAccessKey) throw failures.awsCredentialsMissing('a job without a contract');
  const sessionToken = env['AWS_SESSION_TOKEN'] ?? '';
  for (const secret of [secretAccessKey, sessionToken]) if (secret !== '') runner.mask(secret);
  return { accessKeyId, secretAccessKey, sessionToken, expiration: NEVER };
}
