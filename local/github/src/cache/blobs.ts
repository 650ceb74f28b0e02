import { createHash, randomUUID } from 'node:crypto';
import type { World } from '../world/world.ts';
import { type CacheEntry, type SignedAccess, signFor } from './entries.ts';

/** The content of caches lies here, in Azure's protocol for block blobs: clients bring Azure's own SDK. */
export const CACHE_BLOBS = '/_services/cache-blobs/';

const VERSION = '2025-11-05';
const HOUR = 60 * 60 * 1000;

export interface BlobReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface BlobRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly bytes: Buffer;
}

/** An address that lets its holder read or write the content of one cache, for an hour and with no other token. */
export function signedUrl(world: World, entry: CacheEntry, permissions: SignedAccess['permissions']): string {
  const until = world.clock.now() + HOUR * (world.clock.scale ?? 1);
  const query = new URLSearchParams({
    sv: VERSION,
    sr: 'b',
    sp: permissions,
    se: new Date(until).toISOString(),
    sig: signFor(world.caches, { entry, permissions, until }),
  });
  return `${world.url}${CACHE_BLOBS}actions-cache/${entry.id}?${query}`;
}

/** Answers a request about the content of a cache ("Blob service REST API", Azure Storage). */
export function answerBlobRequest(world: World, request: BlobRequest): BlobReply {
  const { method, url } = request;
  const access = world.caches.signed.get(url.searchParams.get('sig') ?? '');
  const named = access && url.pathname === `${CACHE_BLOBS}actions-cache/${access.entry.id}`;
  if (!access || !named || access.until <= world.clock.now())
    return refused(403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
  const writes = method === 'PUT';
  if (!writes && method !== 'GET' && method !== 'HEAD')
    return refused(405, 'UnsupportedHttpVerb', 'The resource does not support the specified HTTP verb.');
  if (access.permissions !== (writes ? 'cw' : 'r'))
    return refused(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    );
  return writes ? write(access.entry, request) : read(access.entry, request);
}

/** `Put Blob`, `Put Block` and `Put Block List`. */
function write(entry: CacheEntry, { url, headers, bytes }: BlobRequest): BlobReply {
  if (entry.finished) return refused(409, 'BlobImmutableDueToPolicy', 'The cache is finished.');
  const comp = url.searchParams.get('comp');
  if (comp === 'block') {
    const id = url.searchParams.get('blockid') ?? '';
    if (!isBlockId(id)) return refused(400, 'InvalidQueryParameterValue', 'blockid is not valid.');
    entry.blocks.set(id, bytes);
    return said(201);
  }
  if (comp === 'blocklist') {
    const ids = [...bytes.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id]) => id ?? '');
    const blocks = ids.map((id) => entry.blocks.get(id));
    if (blocks.includes(undefined))
      return refused(400, 'InvalidBlockList', 'The specified block list is invalid.');
    entry.content = Buffer.concat(blocks.flatMap((block) => block ?? []));
    return said(201, tagOf(entry.content));
  }
  if (comp !== null) return refused(400, 'InvalidQueryParameterValue', `comp=${comp} is not supported.`);
  if (headers['x-ms-blob-type'] !== 'BlockBlob')
    return refused(400, 'MissingRequiredHeader', 'x-ms-blob-type must be BlockBlob.');
  entry.content = bytes;
  return said(201, tagOf(bytes));
}

/** `Get Blob` and `Get Blob Properties`. The range is in Azure's header or in HTTP's own. */
function read(
  { content = Buffer.alloc(0), createdAt }: CacheEntry,
  { method, headers }: BlobRequest,
): BlobReply {
  const common = {
    ...tagOf(content),
    'last-modified': new Date(createdAt).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'x-ms-blob-type': 'BlockBlob',
  };
  const range = headers['x-ms-range'] ?? headers['range'];
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(String(range ?? '')) ?? [];
  if (method === 'HEAD') return said(200, { ...common, 'content-length': String(content.length) });
  if (first === undefined) return { ...said(200, common), body: content };
  const from = Number(first);
  if (from >= content.length)
    return refused(416, 'InvalidRange', 'The range specified is invalid for the current size.');
  const to = last ? Math.min(Number(last), content.length - 1) : content.length - 1;
  return {
    ...said(206, { ...common, 'content-range': `bytes ${from}-${to}/${content.length}` }),
    body: content.subarray(from, to + 1),
  };
}

/** Base64 of at most 64 bytes. */
function isBlockId(id: string): boolean {
  const bytes = Buffer.from(id, 'base64');
  return bytes.length > 0 && bytes.length <= 64 && bytes.toString('base64') === id;
}

function tagOf(content: Buffer): Readonly<Record<string, string>> {
  return { etag: `"0x${createHash('sha256').update(content).digest('hex').slice(0, 15).toUpperCase()}"` };
}

function said(status: number, headers: Readonly<Record<string, string>> = {}): BlobReply {
  return {
    status,
    headers: {
      'x-ms-request-id': randomUUID(),
      'x-ms-version': VERSION,
      ...headers,
    },
  };
}

function refused(status: number, code: string, message: string): BlobReply {
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const { headers } = said(status, { 'content-type': 'application/xml', 'x-ms-error-code': code });
  return { status, headers, body: Buffer.from(xml) };
}
