import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { partitionOf } from '@tenant-delivery/tenancy/derived-names';
import type { Credentials } from './client-config.ts';
import { required } from './translate.ts';

const ATTEMPTS = 4;
const FIRST_WAIT = 200; // milliseconds, doubled with each try, with jitter
const TIMEOUT = 15_000; // real milliseconds for one try
/** What may go well the next time ("AssumeRoleWithWebIdentity", Errors; "Common error types"). */
const PASSING =
  /^(Throttling|ThrottlingException|IDPCommunicationError|RequestLimitExceeded|InternalFailure|ServiceUnavailable)$/;

export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly token: string;
}

export interface Asking {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly region: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Told when the first request has left. */
  readonly onAsked: () => void;
}

/** What STS said instead of credentials, in the shape of the SDK's errors. */
class StsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };

  constructor(name: string, message: string, httpStatusCode: number, attempts: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode, attempts };
  }
}

/**
 * AssumeRoleWithWebIdentity, the one AWS call that needs no credentials and so no signature. Made by hand, because it
 * comes first in every action: the SDK loads while STS answers. See docs/decisions/0008.
 */
export async function assumeRoleWithWebIdentity(identity: WebIdentity, asking: Asking): Promise<Credentials> {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: identity.roleArn,
    RoleSessionName: identity.sessionName,
    WebIdentityToken: identity.token,
  }).toString();
  for (let attempt = 1; ; attempt += 1) {
    const wait = Math.random() * FIRST_WAIT * 2 ** attempt;
    try {
      const { status, body } = await post(stsEndpoint(asking), form, asking);
      if (status === 200) return credentialsIn(body);
      const name = tag(body, 'Code') ?? 'UnreadableError';
      const error = new StsError(name, tag(body, 'Message') ?? `STS answered ${status}`, status, attempt);
      if (attempt === ATTEMPTS || !(status >= 500 || PASSING.test(name))) throw error;
    } catch (cause) {
      const answered = cause instanceof StsError || (cause instanceof Error && cause.name === 'Failure');
      if (answered || attempt === ATTEMPTS) throw cause;
    }
    await asking.clock.sleep(wait);
  }
}

/** As the SDK finds it: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, or the Region's own ("AWS STS Regions and endpoints"). */
export function stsEndpoint({ env, region }: Pick<Asking, 'env' | 'region'>): string {
  const told = env['AWS_ENDPOINT_URL_STS'] || env['AWS_ENDPOINT_URL'];
  if (told) return told;
  const fips = env['AWS_USE_FIPS_ENDPOINT'] === 'true' && partitionOf(region) === 'aws' ? '-fips' : '';
  return `https://sts${fips}.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}`;
}

async function post(
  endpoint: string,
  form: string,
  { userAgent, onAsked }: Asking,
): Promise<{ readonly status: number; readonly body: string }> {
  const send = endpoint.startsWith('http:') ? plainRequest : tlsRequest;
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const request = send(endpoint, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT),
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'content-length': Buffer.byteLength(form),
      'user-agent': userAgent,
    },
  });
  request.on('error', reject);
  request.on('finish', onAsked);
  request.on('response', (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
  });
  request.end(form);
  return promise;
}

function credentialsIn(body: string): Credentials {
  const member = (name: string) => required(tag(body, name) || undefined, `Credentials.${name}`);
  const expiration = new Date(member('Expiration'));
  if (Number.isNaN(expiration.getTime())) required(undefined, 'Credentials.Expiration as a time');
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
    expiration,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The text of the first element of this name. The replies of STS are flat and have no attributes on such elements. */
function tag(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '').trim();
}
