import type { Pluggable } from '@smithy/types';
import { clockScale } from '@tenant-delivery/action-kit/clock-scale';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { type Agents, agentsIn, proxyFetch } from './agents.ts';
import { notingAnswers } from './noting-answers.ts';
import { retryStrategy } from './retry-strategy.ts';

const ATTEMPTS = 6;
const TIMEOUT = 15_000; // milliseconds until an answer begins, and without a word of it once it has begun

/** Temporary credentials of one role. `expiration` makes the SDK ask again in time. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Credentials of any kind. */
type Identity = Omit<Credentials, 'sessionToken' | 'expiration'> & Partial<Credentials>;

/** What every client of one session has in common. */
export interface ClientBase {
  readonly region: string;
  /** It speaks to local-aws: then alone are endpoints other than AWS's own followed, also those of a file. */
  readonly local: boolean;
  /** How many times faster than the machine's clock the waits between tries are. */
  readonly scale: number;
  /** How a request that came too often waits for its turn; by the machine's clock where it is absent. */
  readonly turnAfter?: (milliseconds: number) => Promise<void>;
  /** Says in CloudTrail which run asked: products with their versions, as in `tenant-delivery run/7.1`. */
  readonly userAgent: string;
  /** The session's connections; those of this process where none are named. */
  readonly agents?: Agents;
  /** Writes a line into the job's debug log; absent where that log is off. */
  readonly debug?: (line: string) => void;
}

/** What clients need of the job that makes them. */
export type OfJob = Pick<Runner, 'debug'> & {
  readonly context: Pick<Runner['context'], 'runId' | 'runAttempt' | 'job'>;
};

/** What the clients of this job have in common, wherever their credentials are from. */
export function clientBase(
  { context: { runId, runAttempt, job }, debug }: OfJob,
  env: Readonly<Record<string, string | undefined>>,
  place: Pick<ClientBase, 'region' | 'local'>,
): ClientBase {
  proxyFetch(env);
  return {
    ...place,
    scale: clockScale(env),
    userAgent: `tenant-delivery run/${runId}.${runAttempt} job/${job.replace(/[^\w.-]/g, '_')}`,
    agents: agentsIn(env),
    ...(env['RUNNER_DEBUG'] === '1' && { debug }),
  };
}

/** What the constructor of a client takes. */
export type ClientConfig = Omit<ReturnType<typeof clientConfig>, 'plugins'> & {
  /** Middleware that `lazyClient` gives to the client. */
  // biome-ignore lint/suspicious/noExplicitAny: it serves the commands of every client
  readonly plugins?: readonly Pluggable<any, any>[];
};

/**
 * The configuration of an AWS client, which every client of the SDK takes. Region, credentials, endpoints and retries are
 * ours; FIPS and dual stack are the SDK's to find, in the environment or in a profile. Which endpoints are followed:
 * own-endpoints.ts. `attempts: 1` for a request that must not be sent twice.
 */
export function clientConfig(
  { region, local, scale, turnAfter, userAgent, agents = processAgents(), debug }: ClientBase,
  credentials: Identity | (() => Promise<Identity>),
  attempts: number = ATTEMPTS,
) {
  return {
    region,
    credentials,
    customUserAgent: userAgent.split(' ').map(productOf),
    maxAttempts: attempts,
    ignoreConfiguredEndpointUrls: !local,
    retryStrategy: retryStrategy(attempts, scale, turnAfter),
    requestHandler: {
      ...agents,
      requestTimeout: TIMEOUT,
      throwOnRequestTimeout: true,
      socketTimeout: TIMEOUT,
    },
    // Nothing else of the runner's own AWS settings counts: `auto` would ask the machine's metadata service.
    defaultsMode: 'standard' as const,
    authSchemePreference: [],
    ...(debug && { plugins: [notingAnswers(debug, scale)] }),
  };
}

/** Name and version, as the SDK takes them: it would escape a `/` in a text. */
function productOf(text: string): [name: string, version?: string] {
  const [name = '', version] = text.split('/');
  return version === undefined ? [name] : [name, version];
}

let ofThisProcess: Agents | undefined;

function processAgents(): Agents {
  ofThisProcess ??= agentsIn(process.env);
  return ofThisProcess;
}
