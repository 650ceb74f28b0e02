import { crc32 } from 'node:zlib';
import type { Posted } from '../by-hand/post.ts';
import { endpointOf } from '../by-hand/service-endpoint.ts';
import {
  childrenOf,
  rootOf,
  type SignedConfig,
  signedSender,
  textOf,
  xmlError,
} from '../by-hand/signed-call.ts';
import { required } from '../errors/translate.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The objects of one bucket. Errors are those of the SDK: `NoSuchKey`, `PreconditionFailed`. */
export interface S3Objects {
  get(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string }>;
  /** Answers the ETag. */
  put(key: string, bytes: Uint8Array, condition: PutCondition): Promise<string>;
  /** A page of keys in order; `from`: the last key before it, or the token of the page before it. */
  list(prefix: string, from: PageStart): Promise<S3Page>;
}

export type PutCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string };
export type PageStart = { readonly after: string | undefined } | { readonly token: string };

export interface S3Page {
  readonly keys: readonly string[];
  readonly next: string | undefined;
}

/**
 * S3 by hand, because its client would be a tenth of all that the actions are. Every call names the account that must
 * own the bucket.
 */
export function s3Objects(
  config: SignedConfig,
  bucket: string,
  owner: string,
  env: Env = process.env,
): S3Objects {
  const configured = !config.ignoreConfiguredEndpointUrls;
  const { url, base, region } = bucketAddress(bucket, config.region, configured, env);
  const send = signedSender({ service: 's3', url, region }, config, xmlError, false);
  const owned = { 'x-amz-expected-bucket-owner': owner };
  const pathOf = (key: string) => `${base}/${key.split('/').map(escaped).join('/')}`;

  return {
    get: async (key) => {
      const headers = { ...owned, 'x-amz-checksum-mode': 'ENABLED' };
      const answer = await send(headers, '', {
        method: 'GET',
        path: pathOf(key),
        operation: 'GetObject',
        binary: true,
      });
      const etag = required(headerOf(answer, 'etag'), `the ETag of ${key}`);
      const bytes = required(answer.bytes, `the content of ${key}`);
      const sum = headerOf(answer, 'x-amz-checksum-crc32');
      if (sum !== undefined && sum !== crc32Of(bytes))
        throw new Error(`${key} came with other bytes than S3 has`);
      return { bytes, etag };
    },
    put: async (key, bytes, condition) => {
      const headers = {
        ...owned,
        'content-type': 'application/octet-stream',
        // Object Lock takes no object without a checksum ("PutObject").
        'x-amz-checksum-crc32': crc32Of(bytes),
        ...('ifMatch' in condition
          ? { 'if-match': condition.ifMatch }
          : { 'if-none-match': condition.ifNoneMatch }),
      };
      const answer = await send(headers, bytes, { method: 'PUT', path: pathOf(key), operation: 'PutObject' });
      return required(headerOf(answer, 'etag'), `the ETag of ${key}`);
    },
    list: async (prefix, from) => {
      const start =
        'token' in from ? { 'continuation-token': from.token } : from.after && { 'start-after': from.after };
      const query = Object.entries({ 'list-type': '2', prefix, ...start });
      const path = `${base}/?${query.map(([name, value]) => `${name}=${escaped(value)}`).join('&')}`;
      const { body } = await send(owned, '', { method: 'GET', path, operation: 'ListObjectsV2' });
      const page = rootOf(required(body || undefined, `a list of ${prefix}`));
      const count = required(textOf(page, 'KeyCount'), `the KeyCount of ${prefix}`);
      const keys = childrenOf(page, 'Contents').map((each) =>
        required(textOf(each, 'Key'), `a key under ${prefix}`),
      );
      if (keys.length !== Number(count)) required(undefined, `all ${count} keys under ${prefix}`);
      const more = textOf(page, 'IsTruncated') === 'true';
      const next = textOf(page, 'NextContinuationToken');
      return { keys, next: more ? required(next, `the next page of ${prefix}`) : undefined };
    },
  };
}

/** Where a bucket is: in the host name, as the SDK has it where TLS can, else in the path, which `base` begins. */
export function bucketAddress(bucket: string, region: string, configured: boolean, env: Env) {
  const found = endpointOf({ name: 's3', variable: 'S3' }, region, configured, env);
  const hosted = /\.amazonaws\.com(\.cn)?$/.test(found.url) && !bucket.includes('.');
  return {
    url: hosted ? found.url.replace('//', `//${bucket}.`) : found.url,
    base: hosted ? '' : `/${bucket}`,
    region: found.region,
  };
}

/** As a signature has it ("Create a signed AWS API request"): all but letters, digits and `-._~`. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function crc32Of(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function headerOf({ headers }: Posted, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
