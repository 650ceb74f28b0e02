import { createHash } from 'node:crypto';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Keys } from './acme.ts';

/** Signs one awsJson request and sends it with whatever body is then given. */
export async function signed(
  url: string,
  region: string,
  credentials: Keys,
  request: { readonly target: string; readonly body: string; readonly at?: Date; readonly service?: string },
): Promise<(body: string) => Promise<Response>> {
  const { hostname, port, host } = new URL(url);
  const signer = new SignatureV4({
    service: request.service ?? 'kms',
    region,
    credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/',
      query: {},
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': request.target,
        'x-amz-content-sha256': createHash('sha256').update(request.body).digest('hex'),
      },
      body: request.body,
    },
    request.at ? { signingDate: request.at } : {},
  );
  return (body) => fetch(url, { method: 'POST', headers, body });
}
