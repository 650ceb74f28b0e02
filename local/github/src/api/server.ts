import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { appByAssertion } from '../world/app.ts';
import type { Principal } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './call.ts';
import { ApiError } from './errors.ts';
import { createRateLimiter, type RateLimiter, rateLimitExceeded } from './rate-limit.ts';
import { refusal, respond } from './respond.ts';
import { answerService } from './services.ts';

const API = '/api/v3';
const API_VERSION = '2022-11-28';
/** Where a body is a file; everywhere else it is JSON, whatever its type says. */
const FILES = /\/releases\/\d+\/assets$/;

/** The handler of the whole server: the API, and the services beside it. */
export function answer(world: World): (request: IncomingMessage, response: ServerResponse) => void {
  const limiter = createRateLimiter(world);
  return (request, response) => {
    serve(world, limiter, request, response).catch((error: unknown) => {
      // A bug of ours: say so where a test or a person sees it.
      console.error(error);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { message: 'Server Error' } }, {});
    });
  };
}

async function serve(
  world: World,
  limiter: RateLimiter,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', world.url);
  const token = request.headers.authorization?.match(/^(?:token|bearer) +(\S+)$/i)?.[1];
  const method = request.method ?? 'GET';
  const bytes = await bodyOf(request);
  const service = answerService(world, { method, url, headers: request.headers, token, bytes });
  if (service) return send(response, service, {});
  const path = url.pathname.startsWith(`${API}/`) ? url.pathname.slice(API.length) : '';
  const fault = world.faults.strike(method, path);
  if (fault === 'reset') return cut(response);
  const identified = token === undefined ? undefined : identify(world, token);
  const principal = identified && 'refused' in identified ? undefined : identified;
  const { headers, exceeded } = limiter.count(token, principal);
  const reply = await replyTo();
  world.calls.push({ method, path, status: reply.status, by: nameOf(principal) });
  if (fault === 'reset-after-effect') return cut(response);
  return send(response, reply, headers, request.headers['if-none-match']);

  async function replyTo(): Promise<Reply> {
    if (fault === 'server-error') return { status: 502, body: { message: 'Server Error' } };
    if (fault === 'empty-reply') return { status: 200, body: {} };
    if (fault === 'secondary-limit') return secondaryLimit();
    if (exceeded) return refusal(rateLimitExceeded(principal));
    if (!request.headers['user-agent'])
      return refusal(
        new ApiError(
          403,
          'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
        ),
      );
    const version = request.headers['x-github-api-version'];
    if (version !== undefined && version !== API_VERSION)
      return refusal(
        new ApiError(400, `The local GitHub has version ${API_VERSION} of the API, not ${version}.`),
      );
    if (identified && 'refused' in identified) return refusal(new ApiError(401, identified.refused));
    // An identity token request's token is no credential of the API.
    if (
      request.headers.authorization !== undefined &&
      (!principal || principal.kind === 'id-token-request')
    ) {
      return refusal(new ApiError(401, 'Bad credentials'));
    }
    const body = FILES.test(path) ? {} : parsed(bytes);
    if (!body) return refusal(new ApiError(400, 'Problems parsing JSON'));
    return respond({
      world,
      principal,
      method,
      path,
      query: url.searchParams,
      headers: request.headers,
      body,
      bytes,
    });
  }
}

/** Whose token it is; an assertion of an App is checked each time, and a token of one ends with its hour. */
function identify(world: World, token: string): Principal | { readonly refused: string } | undefined {
  if (token.split('.').length === 3) {
    const assertion = appByAssertion(world, token);
    return 'refused' in assertion ? assertion : { kind: 'app', app: assertion.app };
  }
  const principal = world.tokens.get(token);
  const over =
    principal?.kind === 'installation' &&
    (principal.expiresAt <= world.clock.now() || principal.installation.suspended);
  return over ? undefined : principal;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function send(
  response: ServerResponse,
  reply: Reply,
  headers: Readonly<Record<string, string>>,
  ifNoneMatch?: string,
): void {
  const raw = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(JSON.stringify(reply.body) ?? '');
  const etag = `"${createHash('sha256').update(raw).digest('hex')}"`;
  const unchanged = reply.status === 200 && ifNoneMatch?.replace(/^W\//, '') === etag;
  response.writeHead(unchanged ? 304 : reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': API_VERSION,
    ...(reply.status === 200 ? { etag } : {}),
    ...headers,
    ...reply.headers,
  });
  response.end(unchanged || reply.body === undefined ? undefined : raw);
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}

function secondaryLimit(): Reply {
  const reply = refusal(
    new ApiError(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    ),
  );
  return { ...reply, headers: { 'retry-after': '60' } };
}

function nameOf(principal: Principal | undefined): string {
  if (principal?.kind === 'user') return principal.user.login;
  if (principal?.kind === 'app') return principal.app.slug;
  if (principal?.kind === 'installation') return principal.installation.app.slug;
  return principal ? `job ${principal.job.id}` : 'anonymous';
}
