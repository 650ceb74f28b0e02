import type { IncomingHttpHeaders } from 'node:http';
import { answerBlobRequest, CACHE_BLOBS } from '../cache/blobs.ts';
import { answerCacheCall, CACHE_SERVICE } from '../cache/cache-service.ts';
import { serveOidc } from '../oidc/serve.ts';
import { logAt } from '../world/job-logs.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './call.ts';

const ISSUER = '/_services/token';
const LOGS = '/_services/logs/';

interface ServiceRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Of the header `authorization`. */
  readonly token: string | undefined;
  readonly bytes: Buffer;
}

/** What GitHub serves beside its API, with tokens and addresses of its own. `undefined`: the request is for the API. */
export function answerService(world: World, request: ServiceRequest): Reply | undefined {
  const { method, url, headers, token, bytes } = request;
  const { pathname } = url;
  if (pathname.startsWith(`${ISSUER}/`))
    return serveOidc(world, pathname.slice(ISSUER.length), url.searchParams, token);
  if (pathname.startsWith(LOGS)) {
    const log = logAt(world, pathname.slice(LOGS.length));
    const reply = log === undefined ? { status: 404 } : { status: 200, body: Buffer.from(log) };
    return { ...reply, headers: { 'content-type': 'text/plain; charset=utf-8' } };
  }
  if (pathname.startsWith(CACHE_SERVICE)) {
    const name = pathname.slice(CACHE_SERVICE.length);
    return answerCacheCall(world, { method, name, contentType: headers['content-type'], token, bytes });
  }
  if (pathname.startsWith(CACHE_BLOBS)) return answerBlobRequest(world, { method, url, headers, bytes });
  return undefined;
}
