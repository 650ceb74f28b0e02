import { parseXML } from '@aws-sdk/xml-builder';
import { Sha256 } from '@smithy/core/checksum';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Json } from '@tenant-delivery/domain';
import { required } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { AwsError } from './aws-error.ts';
import { type Posted, post, type Taking } from './post.ts';
import { type Endpoint, endpointOf, type ServiceAddress } from './service-endpoint.ts';

type JsonObject = { readonly [member: string]: Json };
export type SignedConfig = Pick<
  ReturnType<typeof clientConfig>,
  'region' | 'credentials' | 'customUserAgent' | 'ignoreConfiguredEndpointUrls' | 'retryStrategy'
> & {
  /** Hears the time that each answer tells, in milliseconds since the epoch. */
  readonly heard?: (date: number) => void;
  /** Sends each request when it is its turn, repeated ones too; `operation` is as in `iam:ListUsers`. */
  readonly paced?: <T>(operation: string, send: () => Promise<T>) => Promise<T>;
};
type Env = Readonly<Record<string, string | undefined>>;

export interface JsonService extends ServiceAddress {
  /** The part of `x-amz-target` before the dot. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

export interface QueryService extends ServiceAddress {
  /** The API's version, a date. */
  readonly version: string;
}

/** An element of XML: its text, or its children by name; those of one name in a list. */
export type Xml = string | { readonly [element: string]: Xml | readonly Xml[] | undefined };

/** Another signing date is tried when the clocks of AWS and of this machine differ by more, as the SDK does. */
const SKEW = 240_000; // milliseconds
const SKEWED =
  /^(AuthFailure|InvalidSignatureException|Request(Expired|InTheFuture|TimeTooSkewed)|SignatureDoesNotMatch)$/;

/**
 * Calls a service that speaks awsJson, for the few lookups whose client would be larger than the action. Identity,
 * endpoint, retries and errors are those of the SDK's clients with this configuration.
 */
export function jsonCaller(service: JsonService, config: SignedConfig, env: Env = process.env) {
  const send = signedSender(addressed(service, config, env), config, jsonError);
  /** `taking` is called for each try that is answered. */
  return async (operation: string, input: JsonObject, taking?: () => Taking): Promise<JsonObject> => {
    const headers = {
      'content-type': `application/x-amz-json-${service.version}`,
      'x-amz-target': `${service.target}.${operation}`,
    };
    const { body } = await send(headers, JSON.stringify(input), { taking, operation });
    return jsonObject(required(body || undefined, `a body (${operation})`));
  };
}

/** Calls a service that speaks restJson, for operations that are a POST with every member of their input in the body. */
export function restCaller(service: ServiceAddress, config: SignedConfig, env: Env = process.env) {
  const send = signedSender(addressed(service, config, env), config, jsonError);
  return async (path: `/${string}`, input: JsonObject): Promise<JsonObject> => {
    const { body } = await send({ 'content-type': 'application/json' }, JSON.stringify(input), { path });
    return jsonObject(required(body || undefined, `a body (${path})`));
  };
}

/** Calls a service that speaks awsQuery or ec2Query. Answers the children of the root element. */
export function queryCaller(service: QueryService, config: SignedConfig, env: Env = process.env) {
  const send = signedSender(addressed(service, config, env), config, xmlError);
  return async (operation: string, parameters: Readonly<Record<string, string>>): Promise<Xml> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const form = new URLSearchParams({ Action: operation, Version: service.version, ...parameters });
    const { body } = await send(headers, form.toString(), { operation });
    return rootOf(required(body || undefined, `a body (${operation})`));
  };
}

/** The child of an element that is no list. */
export function childOf(element: Xml | undefined, name: string): Xml | undefined {
  const [first] = childrenOf(element, name);
  return first;
}

export function childrenOf(element: Xml | undefined, name: string): readonly Xml[] {
  if (typeof element !== 'object' || !Object.hasOwn(element, name)) return [];
  const children = element[name];
  if (children === undefined) return [];
  return isList(children) ? children : [children];
}

export function textOf(element: Xml | undefined, name: string): string | undefined {
  const child = childOf(element, name);
  return typeof child === 'string' ? child : undefined;
}

function addressed(service: ServiceAddress, config: SignedConfig, env: Env) {
  const endpoint = endpointOf(service, config.region, !config.ignoreConfiguredEndpointUrls, env);
  return { ...endpoint, service: service.name };
}

type ReadError = (answer: Posted) => { readonly name: string; readonly message: string };

interface Sending {
  /** With its query, where it has one. */
  readonly path?: string;
  readonly method?: 'GET' | 'PUT';
  readonly binary?: boolean;
  readonly operation?: string;
  readonly taking?: (() => Taking) | undefined;
}

/** `uriEscapePath: false` for S3, which signs a path as it is sent ("Create a signed AWS API request"). */
export function signedSender(
  { service, url, region }: { readonly service: string } & Endpoint,
  config: Omit<SignedConfig, 'region' | 'ignoreConfiguredEndpointUrls'>,
  readError: ReadError,
  uriEscapePath = true,
) {
  const signer = new SignatureV4({
    service,
    region,
    credentials: config.credentials,
    sha256: Sha256,
    uriEscapePath,
  });
  let offset = 0; // milliseconds that AWS's clock is ahead

  const once = async (
    address: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    { method, taking, binary }: Sending,
    attempts: number,
  ) => {
    const { hostname, host, protocol, pathname, searchParams } = address;
    const signedAt = Date.now() + offset;
    const request = new HttpRequest({
      method: method ?? 'POST',
      protocol,
      hostname,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: {
        ...headers,
        host,
        'user-agent': config.customUserAgent.map((product) => product.join('/')).join(' '),
      },
      body,
    });
    const signed = await signer.sign(request, { signingDate: new Date(signedAt) });
    const answer = await post(address.href, signed.headers, body, { taking, method, binary });
    config.heard?.(Date.parse(String(answer.headers['date'])));
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { name, message } = readError(answer);
    const theirs = Date.parse(String(answer.headers['date']));
    const error = new AwsError(name, message, { httpStatusCode: answer.status, attempts });
    if (!SKEWED.test(name) || !(Math.abs(theirs - signedAt) >= SKEW)) throw error;
    offset = theirs - Date.now();
    throw new AwsError(name, message, { ...error.$metadata, clockSkewCorrected: true });
  };

  return async (
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    sending: Sending = {},
  ): Promise<Posted> => {
    const { path = url, operation = path } = sending;
    const address = new URL(path, url);
    const turn = config.paced ?? ((_: string, now: () => Promise<Posted>) => now());
    const { retryStrategy } = config;
    let token = await retryStrategy.acquireInitialRetryToken('');
    for (;;) {
      try {
        const answer = await turn(`${service}:${operation}`, () =>
          once(address, headers, body, sending, token.getRetryCount() + 1),
        );
        retryStrategy.recordSuccess(token);
        return answer;
      } catch (cause) {
        const error = cause as Parameters<typeof isThrottlingError>[0]; // ours, or one that Node's http gave
        const errorType = isThrottlingError(error)
          ? 'THROTTLING'
          : isTransientError(error)
            ? 'TRANSIENT'
            : 'CLIENT_ERROR';
        const next = retryStrategy.refreshRetryTokenForRetry(token, { error, errorType });
        token = await next.catch(() => {
          throw cause;
        });
      }
    }
  };
}

/** `__type` may be `com.amazonaws.ssm#Name`; the header `Name:http://…`. */
function jsonError({ status, headers, body }: Posted) {
  const said = readable(() => jsonObject(body)) ?? {};
  const name = [said['__type'], said['code'], headers['x-amzn-errortype']].find(isText) ?? 'UnreadableError';
  const message = [said['message'], said['Message']].find(isText) ?? `AWS answered ${status}`;
  return { name: name.split('#').at(-1)?.split(':')[0] ?? name, message };
}

/** awsQuery says `ErrorResponse.Error`, ec2Query `Response.Errors.Error`, S3 `Error`. */
export function xmlError({ status, body }: Posted) {
  const root = readable(() => rootOf(body));
  const error = childOf(root, 'Error') ?? childOf(childOf(root, 'Errors'), 'Error') ?? root;
  return {
    name: textOf(error, 'Code') ?? 'UnreadableError',
    message: textOf(error, 'Message') ?? `AWS answered ${status}`,
  };
}

/** The root element of a document. */
export function rootOf(body: string): Xml {
  const document: Xml = parseXML(body);
  const [root] = typeof document === 'object' ? Object.values(document) : [];
  if (root === undefined || isList(root)) throw new SyntaxError('the answer is no XML document');
  return root;
}

/** Says nothing of a text that is none: it may have a secret in it, which the error of JSON.parse would repeat. */
function jsonObject(body: string): JsonObject {
  const parsed = readable((): unknown => JSON.parse(body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new SyntaxError('the answer is no JSON object');
  return parsed as JsonObject; // JSON text
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Array.isArray does not narrow a readonly list. */
function isList(children: Xml | readonly Xml[]): children is readonly Xml[] {
  return Array.isArray(children);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
