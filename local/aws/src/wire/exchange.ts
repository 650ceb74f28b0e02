import type { IncomingMessage } from 'node:http';

/** One HTTP request, whole. */
export interface Exchange {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As sent; `aws-chunked` bodies still in their frames, which is what was hashed and signed. */
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  return {
    method: request.method ?? 'GET',
    path,
    query: query.join('?'),
    headers,
    body: Buffer.concat(chunks),
  };
}

/**
 * The content of a body, out of the frames of `aws-chunked` (S3 clients send it with a trailing checksum):
 * `hex-size[;chunk-signature=…]\r\n bytes \r\n … 0\r\n name:value\r\n …`.
 */
export function contentOf(exchange: Exchange): Buffer {
  return unframe(exchange).content;
}

/** The request's headers, and those that came behind the content. */
export function allHeaders(exchange: Exchange): Exchange['headers'] {
  return { ...exchange.headers, ...unframe(exchange).trailers };
}

function unframe({ headers, body }: Exchange): {
  readonly content: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
} {
  const framed =
    headers['content-encoding']?.includes('aws-chunked') ||
    headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  if (!framed) return { content: body, trailers: {} };
  const content: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (end < 0 || Number.isNaN(size) || end + 2 + size > body.length)
      throw new Error('the aws-chunked body ends inside a chunk');
    at = end + 2;
    if (size === 0) break;
    content.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const lines = body.toString('latin1', at).split('\r\n');
  const trailers = lines.filter((line) => line.includes(':')).map((line) => line.split(/:(.*)/s).slice(0, 2));
  return { content: Buffer.concat(content), trailers: Object.fromEntries(trailers) };
}
