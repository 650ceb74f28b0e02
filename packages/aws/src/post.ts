import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

const TIMEOUT = 15_000; // real milliseconds for one try

export interface Posted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** One request and its answer as text, whatever its status; rejects when no whole answer came. */
export async function post(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  onSent: () => void = () => {},
): Promise<Posted> {
  const send = endpoint.startsWith('http:') ? plainRequest : tlsRequest;
  const { promise, resolve, reject } = Promise.withResolvers<Posted>();
  const signal = AbortSignal.timeout(TIMEOUT);
  const failed = (cause: unknown) => reject(signal.aborted ? signal.reason : cause);
  const request = send(endpoint, {
    method: 'POST',
    signal,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  request.on('error', failed);
  request.on('finish', onSent);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', failed);
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
    );
  });
  request.end(body);
  return promise;
}
