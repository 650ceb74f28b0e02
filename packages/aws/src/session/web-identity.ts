import type { Clock } from '@tenant-delivery/action-kit/clock';
import { partitionOf } from '@tenant-delivery/tenancy/derived-names';
import { AwsError } from '../by-hand/aws-error.ts';
import { post } from '../by-hand/post.ts';
import { required } from '../errors/translate.ts';
import type { Credentials } from './client-config.ts';

const ATTEMPTS = 4;
const FIRST_WAIT = 200; // milliseconds, doubled with each try, with jitter
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
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'user-agent': asking.userAgent,
  };
  for (let attempt = 1; ; attempt += 1) {
    const wait = Math.random() * FIRST_WAIT * 2 ** attempt;
    try {
      const { status, body } = await post(stsEndpoint(asking), headers, form, { onSent: asking.onAsked });
      if (status === 200) return credentialsIn(body);
      const name = tag(body, 'Code') ?? 'UnreadableError';
      const said = tag(body, 'Message') ?? `STS answered ${status}`;
      const error = new AwsError(name, said, { httpStatusCode: status, attempts: attempt });
      if (attempt === ATTEMPTS || !(status >= 500 || PASSING.test(name))) throw error;
    } catch (cause) {
      const answered = cause instanceof AwsError || (cause instanceof Error && cause.name === 'Failure');
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
