import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Claims } from '../src/oidc/claims.ts';
import { issueToken } from '../src/oidc/issue-token.ts';
import { createJob, finishJob, type NewJob, startJob } from '../src/world/job.ts';
import type { NewRun } from '../src/world/run.ts';
import { RELEASED, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
const NOW = Date.parse('2026-11-24T08:00:00Z');
beforeEach(async () => {
  sandbox = await startSandbox(() => NOW);
});
afterEach(() => sandbox.close());

const ID_TOKEN = { 'id-token': 'write' } as const;

interface Keys {
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
}

/** The claims of a token whose signature the published key confirms. */
async function verified(token: string): Promise<Claims> {
  const { issuer } = sandbox.github;
  const configuration = await json<{ jwks_uri: string }>(`${issuer}/.well-known/openid-configuration`);
  expect(configuration).toMatchObject({ issuer, id_token_signing_alg_values_supported: ['RS256'] });
  const { keys } = await json<Keys>(configuration.jwks_uri);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const jwk = keys.find((each) => each.kid === kid);
  if (!jwk) throw new Error(`The issuer publishes no key ${kid}.`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

async function json<T>(url: string, token?: string): Promise<T> {
  const response = await fetch(
    url,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
  return (await response.json()) as T; // a fixed address of ours; the test reads what it names
}

function claims(job: Partial<NewJob> = {}, run: Partial<NewRun> = {}): Promise<Claims> {
  const created = createJob(sandbox.github.world, sandbox.run(run), {
    name: 'deploy',
    permissions: ID_TOKEN,
    workflow: RELEASED,
    ...job,
  });
  return verified(issueToken(sandbox.github.world, created, 'sts.amazonaws.com'));
}

test("a job's token says what GitHub's would, the called workflow included", async () => {
  const { sha } = sandbox;
  const run = sandbox.run();
  const { job } = sandbox.startedJob({ environment: { name: 'acme-prod' } }, run);
  const token = issueToken(sandbox.github.world, job, 'sts.amazonaws.com');
  expect(await verified(token)).toEqual({
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    iss: sandbox.github.issuer,
    aud: 'sts.amazonaws.com',
    sub: 'repo:acme/orders:environment:acme-prod',
    iat: NOW / 1000,
    nbf: NOW / 1000 - 600,
    exp: NOW / 1000 + 300,
    repository: 'acme/orders',
    repository_id: '456789',
    repository_owner: 'acme',
    repository_owner_id: '123456',
    repository_visibility: 'private',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    ref_protected: 'false',
    head_ref: '',
    base_ref: '',
    sha,
    actor: 'dev-ana',
    actor_id: '200010',
    event_name: 'push',
    workflow: 'Delivery',
    workflow_ref: 'acme/orders/.github/workflows/delivery.yml@refs/heads/main',
    workflow_sha: sha,
    job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
    job_workflow_sha: RELEASED.sha,
    environment: 'acme-prod',
    runner_environment: 'github-hosted',
    run_id: String(run.id),
    run_number: '1',
    run_attempt: '1',
    check_run_id: String(job.id),
  });
});

test.each<[string, Partial<NewJob>, Partial<NewRun>, string]>([
  ['a branch', {}, {}, 'ref:refs/heads/main'],
  ['a tag', {}, { ref: 'refs/tags/v1' }, 'ref:refs/tags/v1'],
  ['a pull request', {}, { event: 'pull_request', ref: 'refs/pull/1/merge' }, 'pull_request'],
  ['an environment', { environment: { name: 'a:b' } }, { event: 'pull_request' }, 'environment:a%3Ab'],
])('the subject of %s, with names and with ids', async (_, job, run, context) => {
  expect(await claims(job, run)).toMatchObject({ sub: `repo:acme/orders:${context}` });
  const repository = sandbox.github.world.repositories.get('acme/orders');
  if (repository) repository.subject = { ...repository.subject, immutable: true };
  expect(await claims(job, run)).toMatchObject({ sub: `repo:acme@123456/orders@456789:${context}` });
});

test('a repository may choose the claims of its subject, but not leave out the ids', async () => {
  const client = sandbox.with(sandbox.startedJob({ permissions: { actions: 'write' } }).token);
  const path = '/repos/acme/orders/actions/oidc/customization/sub';
  expect(await client.get(path)).toMatchObject({
    body: { use_default: true, use_immutable_subject: false, sub_claim_prefix: 'repo:acme/orders' },
  });
  const keys = {
    use_default: false,
    include_claim_keys: ['repository_owner', 'context', 'job_workflow_ref'],
  };
  expect((await client.put(path, keys)).status).toBe(201);
  const reference = 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0';
  expect(await claims()).toMatchObject({
    sub: `repository_owner:acme:ref:refs/heads/main:job_workflow_ref:${reference}`,
  });
  await client.put(path, { use_default: false, include_claim_keys: ['actor'], use_immutable_subject: true });
  expect(await claims()).toMatchObject({ sub: 'repo:acme@123456/orders@456789:actor:dev-ana' });
  expect((await client.put(path, { use_default: false, include_claim_keys: ['a b'] })).status).toBe(400);
  expect((await client.put(path, {})).status).toBe(422);
});

test('a job asks for tokens of any audience, and only while it runs', async () => {
  const { world } = sandbox.github;
  const job = createJob(world, sandbox.run(), { name: 'deploy', permissions: ID_TOKEN, workflow: RELEASED });
  const { url = '', token = '' } = startJob(world, job).idTokenRequest ?? {};
  // Toolkits append to the address: it has a query already.
  const asked = async (more: string) => verified((await json<{ value: string }>(url + more, token)).value);
  expect(await asked('&audience=sts.amazonaws.com')).toMatchObject({ aud: 'sts.amazonaws.com' });
  expect(await asked('')).toMatchObject({ aud: `${sandbox.github.url}/acme` });
  finishJob(world, job, { conclusion: 'success' });
  await expect(asked('&audience=sts.amazonaws.com')).rejects.toThrow('401');
});

test('without id-token: write there is nowhere to ask', () => {
  const { world } = sandbox.github;
  const job = createJob(world, sandbox.run(), {
    name: 'x',
    permissions: { contents: 'write' },
    workflow: RELEASED,
  });
  expect(startJob(world, job)).not.toHaveProperty('idTokenRequest');
});

test("a job can't ask for another job's token, nor use its request token as a credential", async () => {
  const { world } = sandbox.github;
  const [mine, theirs] = ['a', 'b'].map((name) => {
    const job = createJob(world, sandbox.run(), { name, permissions: ID_TOKEN, workflow: RELEASED });
    return startJob(world, job).idTokenRequest;
  });
  const headers = { authorization: `Bearer ${mine?.token}` };
  expect((await fetch(`${theirs?.url}&audience=x`, { headers })).status).toBe(401);
  expect((await fetch(`${mine?.url}&audience=x`, { headers })).status).toBe(200);
  expect((await sandbox.with(mine?.token).get('/repos/acme/orders')).status).toBe(401);
});

test('a token outlives a minute of the machine, however fast the time of this GitHub passes', async () => {
  Object.assign(sandbox.github.world, { clock: { scale: 60, now: () => NOW } });
  const { job } = sandbox.startedJob({ permissions: ID_TOKEN });
  const { iat, exp } = await verified(issueToken(sandbox.github.world, job));
  expect([iat, exp]).toEqual([NOW / 1000, NOW / 1000 + 3600]);
});
