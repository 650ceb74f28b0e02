import { partitionOf } from '@tenant-delivery/tenancy/derived-names';

/** A service that is called without a client of the SDK. */
export interface ServiceAddress {
  /** In host names and in the scope of a signature: `monitoring`, `iam`. */
  readonly name: string;
  /** In host names, where it is another word there: `api.ecr`. */
  readonly host?: string;
  /** In AWS_ENDPOINT_URL_…: `CLOUDWATCH`. */
  readonly variable: string;
  /** One endpoint for a whole partition. */
  readonly global?: boolean;
  /** Has a name with `-fips` in AWS GovCloud (US) too, where those of other services are FIPS under their plain names. */
  readonly govFips?: boolean;
}

export interface Endpoint {
  readonly url: string;
  /** The region that a signature is for. */
  readonly region: string;
}

/** Where a partition keeps its global services ("AWS IAM endpoints and quotas"). */
const GLOBAL = {
  aws: { host: '.amazonaws.com', region: 'us-east-1' },
  'aws-cn': { host: '.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' },
  'aws-us-gov': { host: '.us-gov.amazonaws.com', region: 'us-gov-west-1' },
} as const;

/**
 * As the SDK finds it: the service's own variable, AWS_ENDPOINT_URL, or AWS's address. Variables count only where
 * `configured` says so, which is for local-aws.
 */
export function endpointOf(
  { name, host = name, variable, global, govFips }: ServiceAddress,
  region: string,
  configured: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Endpoint {
  const partition = partitionOf(region);
  const signedFor = global ? GLOBAL[partition].region : region;
  const told = configured && (env[`AWS_ENDPOINT_URL_${variable}`] || env['AWS_ENDPOINT_URL']);
  if (told) return { url: told, region: signedFor };
  const named = partition === 'aws' || (partition === 'aws-us-gov' && govFips);
  const fips = env['AWS_USE_FIPS_ENDPOINT'] === 'true' && named ? '-fips' : '';
  const regional = `.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  return { url: `https://${host}${fips}${global ? GLOBAL[partition].host : regional}`, region: signedFor };
}
