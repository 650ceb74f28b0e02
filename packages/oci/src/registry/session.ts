import { Readable } from 'node:stream';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { type ByteSource, joined } from '../byte-source.ts';
import { failures } from '../failures.ts';

export interface RegistryAccess {
  /** Scheme, host and port: `https://…`, as the registry's owner gave it. */
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Bytes of one upload request; a larger blob goes up in chunks. */
  readonly chunkBytes?: number;
  /** Hears of each blob that the registry took in chunks, and of how many. */
  readonly chunked?: (chunks: number) => void;
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  /** A path from the root, or an address that the registry gave. */
  readonly path: string;
  readonly repository: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ByteSource;
  /** Set if sending it twice is not the same as sending it once. */
  readonly once?: boolean;
}

/** Sends one request with the right credentials; repeats it when the registry is busy or the line breaks. */
export type RegistrySession = (request: RegistryRequest) => Promise<Response>;

const SMALL = 1024 * 1024; // bytes
const TRIES = 5;
const FIRST_PAUSE = 500; // milliseconds

/**
 * Authenticates as registries ask for it: Basic at once (ECR), Bearer when challenged ("Token Authentication
 * Specification"). Credentials are only ever sent to the registry's own origin and the realm that it names.
 */
export function registrySession(access: RegistryAccess): RegistrySession {
  const origin = new URL(access.url).origin;
  const bearers = new Map<string, string>();
  const basic = access.credentials && basicHeader(access.credentials);
  const send = async (request: RegistryRequest, authorization: string | undefined) => {
    const url = new URL(request.path, access.url);
    const own = url.origin === origin && authorization !== undefined ? { authorization } : {};
    const { headers, ...body } = request.body === undefined ? {} : await bodyOf(request.body);
    return access.fetch(url, {
      method: request.method,
      headers: { ...request.headers, ...own, ...headers },
      ...body,
    });
  };
  const once = async (request: RegistryRequest): Promise<Response> => {
    const bearer = bearers.get(request.repository);
    const response = await send(request, bearer ?? basic);
    const challenge = bearerChallenge(response);
    if (challenge === undefined) return response;
    const token = await bearerToken(access, challenge, request.repository, basic);
    if (token === undefined) return response;
    bearers.set(request.repository, `Bearer ${token}`);
    return send(request, `Bearer ${token}`);
  };
  return (request) => {
    const answered = async () => {
      const response = await once(request);
      if (response.status >= 500 || response.status === 429)
        throw new Error(`it answered ${response.status}`);
      return response;
    };
    const [path] = request.path.split('?');
    return request.once ? answered() : repeatedly(access.clock, `${request.method} ${path}`, answered);
  };
}

/** A small body whole; a large one as it is read, with its length, which registries want to know beforehand. */
async function bodyOf(source: ByteSource) {
  if (source.size <= SMALL) return { body: new Uint8Array(await joined(source.read())) };
  const headers = { 'content-length': String(source.size) };
  return { headers, body: Readable.toWeb(Readable.from(source.read())), duplex: 'half' as const };
}

/** Tries `work` until it succeeds, a few times. A Failure of ours is an answer and ends it; anything else is a broken line. */
export async function repeatedly<T>(clock: Clock, what: string, work: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE, n = 1; ; n += 1, pause *= 2) {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown;
      if (n === TRIES) throw failures.registryUnreachable(what, thrown);
    }
    await clock.sleep(pause);
  }
}

interface Challenge {
  readonly realm: string;
  readonly service: string | undefined;
}

function bearerChallenge(response: Response): Challenge | undefined {
  if (response.status !== 401) return undefined;
  const said = response.headers.get('www-authenticate') ?? '';
  const realm = /^Bearer\b.*\brealm="([^"]+)"/i.exec(said)?.[1];
  return realm === undefined ? undefined : { realm, service: /\bservice="([^"]+)"/.exec(said)?.[1] };
}

async function bearerToken(
  access: RegistryAccess,
  { realm, service }: Challenge,
  repository: string,
  basic: string | undefined,
): Promise<string | undefined> {
  const url = new URL(realm, access.url);
  url.searchParams.set('scope', `repository:${repository}:pull,push`);
  if (service !== undefined) url.searchParams.set('service', service);
  const response = await access.fetch(url, basic === undefined ? {} : { headers: { authorization: basic } });
  if (!response.ok) return undefined;
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { token, access_token } = answer as { readonly token?: unknown; readonly access_token?: unknown }; // checked next
  return [token, access_token].find((one) => typeof one === 'string');
}

function basicHeader({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
