import type { IncomingMessage, ServerResponse } from 'node:http';
import { useImageSource } from '../runtimes/image-source.ts';
import type { Behaviour } from '../world/behaviour.ts';
import type { World } from '../world/world.ts';
import { continueUpload, serveBlob, startUpload } from './blob-routes.ts';
import { RegistryError } from './error.ts';
import { answer, type Exchange, holdBack, permit } from './exchange.ts';
import { listReferrers, listTags, serveManifest } from './manifest-routes.ts';
import { imageSource } from './runnable-image.ts';
import { tokenFrom } from './tokens.ts';

const NAME = '(?<name>[a-z0-9]+(?:[._/-][a-z0-9]+)*)';

type Route = (exchange: Exchange, name: string, last: string) => Promise<void> | void;

/** What IAM is asked for a route, by the request's method. */
type Actions = Readonly<Record<string, readonly string[]>>;

/** The permissions of a push and a pull are those in "Repository policy examples" (Amazon ECR user guide). */
const ROUTES: readonly (readonly [RegExp, Route, Actions])[] = [
  [new RegExp(`^/v2/${NAME}/blobs/uploads/?$`), startUpload, { POST: ['ecr:InitiateLayerUpload'] }],
  [
    new RegExp(`^/v2/${NAME}/blobs/uploads/(?<last>[^/]+)$`),
    continueUpload,
    {
      GET: ['ecr:UploadLayerPart'],
      PATCH: ['ecr:UploadLayerPart'],
      PUT: ['ecr:CompleteLayerUpload'],
      DELETE: ['ecr:UploadLayerPart'],
    },
  ],
  [
    new RegExp(`^/v2/${NAME}/blobs/(?<last>[^/]+)$`),
    serveBlob,
    { HEAD: ['ecr:BatchCheckLayerAvailability'], GET: ['ecr:GetDownloadUrlForLayer'] },
  ],
  [
    new RegExp(`^/v2/${NAME}/manifests/(?<last>[^/]+)$`),
    serveManifest,
    {
      HEAD: ['ecr:BatchGetImage'],
      GET: ['ecr:BatchGetImage'],
      PUT: ['ecr:PutImage'],
      DELETE: ['ecr:BatchDeleteImage'],
    },
  ],
  [new RegExp(`^/v2/${NAME}/referrers/(?<last>[^/]+)$`), listReferrers, { GET: ['ecr:BatchGetImage'] }],
  [new RegExp(`^/v2/${NAME}/tags/list$`), listTags, { GET: ['ecr:ListImages'] }],
];

/**
 * The OCI distribution API (specification 1.1) over the repositories that the caller's token opens.
 * This world's tasks pull from the server that serves it.
 */
export function registry(
  world: World,
  behaviour?: Behaviour,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  useImageSource(world, imageSource(world));
  return async (request, response) => {
    response.setHeader('docker-distribution-api-version', 'registry/2.0');
    try {
      const token = tokenFrom(world, request.headers.authorization);
      if (token === undefined) {
        response.setHeader('www-authenticate', `Basic realm="${world.url}/",service="ecr.amazonaws.com"`);
        throw new RegistryError('UNAUTHORIZED', 401, 'Not Authorized');
      }
      await route({
        world,
        behaviour,
        token,
        request,
        response,
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', world.url),
      });
    } catch (thrown) {
      request.resume();
      const error = thrown instanceof RegistryError ? thrown : unknown(thrown);
      if (response.headersSent) return;
      const body = request.method === 'HEAD' ? undefined : error.body;
      response.writeHead(error.status, { 'content-type': 'application/json' }).end(body);
    }
  };
}

async function route(exchange: Exchange): Promise<void> {
  const path = exchange.url.pathname;
  if (path === '/v2/' || path === '/v2') {
    return answer(exchange, 200, { 'content-type': 'application/json' }, '{}');
  }
  for (const [pattern, serve, actions] of ROUTES) {
    const found = pattern.exec(path);
    if (found?.groups) {
      const { name = '', last = '' } = found.groups;
      permit(exchange, actions[exchange.method] ?? [], name);
      holdBack(exchange, actions[exchange.method] ?? []);
      return serve(exchange, name, decodeURIComponent(last));
    }
  }
  throw new RegistryError('UNSUPPORTED', 404, `${exchange.method} ${path} is not part of this registry`);
}

function unknown(thrown: unknown): RegistryError {
  return new RegistryError('UNKNOWN', 500, thrown instanceof Error ? thrown.message : String(thrown));
}
