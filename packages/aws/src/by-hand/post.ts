import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

const TIMEOUT = 15_000; // real milliseconds for one try
const SILENCE = 60_000; // real milliseconds without a word, of an answer that is taken as it comes

export interface Posted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** As they came, where that was asked for and the answer is no error; `body` is empty then. */
  readonly bytes?: Uint8Array;
}

/** Takes an answer's text as it comes, instead of having it held whole. */
export interface Taking {
  add(text: string): void;
  /** What is left of the text once all of it came. */
  rest(): string | Promise<string>;
}

interface Posting {
  readonly onSent?: () => void;
  /** For an answer that is large and no error. */
  readonly taking?: (() => Taking) | undefined;
  /** POST where nothing else is said. */
  readonly method?: 'GET' | 'PUT' | undefined;
  /** The answer is no text. */
  readonly binary?: boolean | undefined;
}

/** One request and its answer as text, whatever its status; rejects when no whole answer came. */
export async function post(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  { onSent = () => {}, taking, method, binary }: Posting = {},
): Promise<Posted> {
  const send = endpoint.startsWith('http:') ? plainRequest : tlsRequest;
  const { promise, resolve, reject } = Promise.withResolvers<Posted>();
  const gaveUp = new AbortController();
  const { signal } = gaveUp;
  const timer = setTimeout(
    () => gaveUp.abort(new DOMException('no answer in time', 'TimeoutError')),
    taking ? SILENCE : TIMEOUT,
  );
  const failed = (cause: unknown) => reject(signal.aborted ? signal.reason : cause);
  const request = send(endpoint, {
    method: method ?? 'POST',
    signal,
    headers: { ...headers, ...(method !== 'GET' && { 'content-length': Buffer.byteLength(body) }) },
  });
  request.on('error', failed);
  request.on('finish', onSent);
  request.on('response', (response) => {
    const heard = taking ? () => timer.refresh() : () => {};
    (binary && isGood(response) ? bytesOf(response) : posted(response, heard, taking)).then(resolve, failed);
  });
  request.end(body.length > 0 ? body : undefined);
  return promise.finally(() => clearTimeout(timer));
}

async function posted(
  response: IncomingMessage,
  heard: () => void,
  taking: Posting['taking'],
): Promise<Posted> {
  const { statusCode: status = 0, headers } = response;
  const taken = isGood(response) ? taking?.() : undefined;
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response as AsyncIterable<string>) {
    heard();
    if (taken) taken.add(chunk);
    else body += chunk;
  }
  return { status, headers, body: (await taken?.rest()) ?? body };
}

async function bytesOf(response: IncomingMessage): Promise<Posted> {
  const { statusCode: status = 0, headers } = response;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return { status, headers, body: '', bytes: new Uint8Array(Buffer.concat(chunks)) };
}

function isGood({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
