import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OIDC issuer that says whatever a test wants to have said, signed. */
export interface Issuer {
  readonly url: string;
  token(claims: Readonly<Record<string, unknown>>, key?: KeyObject): string;
  close(): Promise<void>;
}

/** Claims of the deploy job of acme/orders on main, called through the released workflow. */
export const DEPLOY_JOB = {
  sub: 'repo:acme/orders:environment:acme-prod',
  aud: 'sts.amazonaws.com',
  repository: 'acme/orders',
  repository_id: '456789',
  repository_owner_id: '123456',
  environment: 'acme-prod',
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
} as const;

/** Its plan job: no environment, so the subject names the branch. */
export const PLAN_JOB = {
  ...DEPLOY_JOB,
  sub: 'repo:acme/orders:ref:refs/heads/main',
  environment: undefined,
} as const;

/** Its build job, which the delivery workflow calls: the innermost file is what GitHub names. */
export const BUILD_JOB = {
  ...PLAN_JOB,
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/build.yml@refs/tags/v0.1.0',
} as const;

export async function startIssuer(): Promise<Issuer> {
  // Short, because each suite makes another one.
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  let url = '';
  const pages: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({ issuer: url, jwks_uri: `${url}/jwks` }),
    '/jwks': () => ({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
    }),
  };
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page?.() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  return {
    url,
    token: (claims, key = privateKey) => {
      const now = Math.floor(Date.now() / 1000);
      const header = part({ alg: 'RS256', typ: 'JWT', kid: 'one' });
      const content = `${header}.${part({ iss: url, iat: now, nbf: now - 60, exp: now + 300, ...claims })}`;
      return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
