import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Duty } from '@tenant-delivery/domain';
import { keyIdOf } from '@tenant-delivery/evidence/keys';
import type { TrustedKey } from '@tenant-delivery/evidence/trust';
import {
  type LocalAws,
  type LocalAwsOptions,
  type OperatorKey,
  startLocalAws,
} from '@tenant-delivery/local-aws';
import { kmsOf } from '@tenant-delivery/local-aws/services/kms';
import type { ManualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { contractOf, ORDERS } from './acme.ts';
import { actAsLocalCopy } from './local-copy.ts';

export { contractOf, ORDERS };

actAsLocalCopy();

/** A local AWS with acme's account in it, and jobs of acme/orders that ask it for sessions. */
export interface Sandbox {
  readonly aws: LocalAws;
  readonly operator: OperatorKey;
  /** A folder that goes away with the sandbox. */
  readonly folder: string;
  /** The environment that the runner of a job gives to actions. */
  readonly env: Readonly<Record<string, string>>;
  /** A runner whose job has these claims beside the usual ones. */
  runner(claims?: Claims): ReturnType<typeof fakeRunner>;
  close(): Promise<void>;
}

type Claims = Readonly<Record<string, unknown>>;

/** A job of deliver.yml on a branch. */
const PLAN_JOB: Claims = {
  sub: 'repo:acme/orders:ref:refs/heads/main',
  repository: 'acme/orders',
  repository_id: '456789',
  repository_owner_id: '123456',
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
  ref: 'refs/heads/main',
  sha: '0'.repeat(40),
  run_id: '9001',
  run_attempt: '1',
  event_name: 'push',
  actor: 'dev-ana',
  actor_id: '200010',
};

/** The job that deliver.yml calls build.yml for, which GitHub names then. */
export const BUILD_JOB: Claims = {
  ...PLAN_JOB,
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/build.yml@refs/tags/v0.1.0',
};

/** The job that deploys, in its reviewed environment. */
export const DEPLOY_JOB = {
  environment: 'acme-prod',
  sub: 'repo:acme/orders:environment:acme-prod',
} as const satisfies Claims;

/** The provider's own job that rotates what acme's contract names. */
export const ROTATION_JOB = {
  sub: 'repo:OWNER/tenant-operations:environment:acme-prod',
  repository: 'OWNER/tenant-operations',
  repository_id: '700002',
  repository_owner_id: '700000',
  environment: 'acme-prod',
  job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/rotate-access.yml@refs/tags/v0.1.0',
} as const satisfies Claims;

/**
 * `scale`: how many times as fast as real time the world's clock runs, for jobs that follow it. `clock`: the clock itself,
 * for jobs that are given `timeOf` it. `agreed`: what else acme's contract says.
 */
export async function acmeSandbox(
  scale = 1,
  {
    runtime = 'simulated',
    clock,
    agreed = (contract) => contract,
  }: Pick<LocalAwsOptions, 'runtime' | 'clock'> & { readonly agreed?: (contract: unknown) => unknown } = {},
): Promise<Sandbox> {
  const issuer = await startIssuer();
  const aws = await startLocalAws({ issuer: issuer.url, runtime, scale, ...(clock && { clock }) });
  const contract = agreed(withProbe(await contractOf('acme')));
  const operator = await aws.seedTenant(contract, tenantSeed(contract));
  const folder = await mkdtemp(join(tmpdir(), 'a-job-'));
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    TENANT_DELIVERY_LOCAL_TRUST: join(folder, 'trust.json'),
    ...(scale !== 1 && { LOCAL_CLOCK: aws.clock.variable }),
  };
  await writeFile(env.TENANT_DELIVERY_LOCAL_TRUST, JSON.stringify({ schemaVersion: 1, keys: [] }));
  process.env['AWS_ENDPOINT_URL'] = aws.url; // the SDK reads it by itself
  return {
    aws,
    operator,
    folder,
    env,
    runner: (claims = {}) =>
      fakeRunner({
        idToken: async (audience) =>
          issuer.token({ aud: audience, ...times(aws.clock.now(), scale), ...PLAN_JOB, ...claims }),
      }),
    close: async () => {
      await aws.close();
      await issuer.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Its roles may run probes; who judges a delivery says with which image. */
function withProbe(contract: unknown): unknown {
  const { environments, ...agreed } = contract as { environments: { prod: object } }; // of our own file
  const probe = { image: `base/node@sha256:${'0'.repeat(64)}` };
  return { ...agreed, environments: { prod: { ...environments.prod, probe } } };
}

/** What a job waits by where the world's time passes while it waits, and by no machine's speed. */
export function timeOf(clock: ManualClock): Clock {
  return { now: () => clock.now(), sleep: (milliseconds, signal) => clock.advance(milliseconds, signal) };
}

/** A token's times in the world that will judge it: five minutes of this machine, which may be slow. */
function times(now: number, scale: number) {
  const seconds = Math.floor(now / 1000);
  return { iat: seconds, nbf: seconds - 60, exp: seconds + 300 * scale };
}

/** An OIDC issuer that signs whatever claims it is given. */
async function startIssuer() {
  // Short, because each suite makes another one.
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  let url = '';
  const server = createServer((request, response) => {
    const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] };
    const isKeys = request.url === '/jwks';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isKeys ? keys : { issuer: url, jwks_uri: `${url}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    url,
    token: (claims: Claims): string => {
      const body = part({ iss: url, ...claims });
      const content = `${part({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${body}`;
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    },
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}

/** The public half of a duty's key, as a provider would list it. */
export function keyInKms({ world }: LocalAws, duty: Duty): TrustedKey {
  const { keys } = kmsOf(world, ORDERS.account, ORDERS.region);
  const key = Object.values(keys).find(({ alias }) => alias === `alias/td/prod/${duty}`);
  if (!key) throw new Error(`the seed makes the key of ${duty}`);
  const publicKey = createPublicKey(key.privateKey);
  return {
    keyId: keyIdOf(publicKey),
    duty,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    tenant: 'acme',
    environment: 'prod',
    from: '2026-01-01T00:00:00Z',
  };
}
