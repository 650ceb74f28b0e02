import { createSign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { counted } from '@tenant-delivery/testkit/counts';
import sodium from 'libsodium-wrappers';
import { addApp, type Installation, installApp, mintToken } from '../src/world/app.ts';
import { passEnvironment } from '../src/world/approval.ts';
import { createJob, finishJob } from '../src/world/job.ts';
import { asking as askingWith, type Body, nameOf } from './asking.ts';
import { operations, statusesOf } from './described.ts';
import { type Client, RELEASED, type Sandbox, startSandbox } from './sandbox.ts';

const ORDERS = '/repos/acme/orders';
const PERMISSIONS = {
  administration: 'write',
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
  organization_secrets: 'write',
  organization_actions_variables: 'write',
} as const;

let sandbox: Sandbox;
let installation: Installation;
let key: string;
const answered = new Set<string>();
beforeAll(async () => {
  await sodium.ready;
  sandbox = await startSandbox();
  const { world } = sandbox.github;
  const made = addApp(world, { id: 77, slug: 'rotator', owner: 'acme', permissions: PERMISSIONS });
  key = made.privateKey;
  installation = installApp(world, made.app, { account: 'acme' });
});
afterAll(() => sandbox.close());

/** What an App signs to say that it is itself. */
function assertionOf(privateKey: string): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: 77 })}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

const asking = (client: Client) => askingWith(client, answered);
const owner = () => asking(sandbox.as('acme'));
const ana = () => asking(sandbox.as('dev-ana'));
const installed = () =>
  asking(sandbox.with(mintToken(sandbox.github.world, installation, installation).token));
const job = (...permissions: readonly string[]) =>
  asking(
    sandbox.with(
      sandbox.startedJob({ permissions: Object.fromEntries(permissions.map((name) => [name, 'write'])) })
        .token,
    ),
  );

/** What is sent to make a secret there. */
async function sealed(at: string, more: Body = {}): Promise<Body> {
  const { key, key_id } = await installed().get(`${at}/public-key`);
  const box = sodium.crypto_box_seal('a value', Buffer.from(key, 'base64'));
  return { encrypted_value: Buffer.from(box).toString('base64'), key_id, ...more };
}

test('people, an organisation, a repository and what GitHub says of itself', async () => {
  const { get } = ana();
  for (const path of ['/meta', '/orgs/acme', '/user', '/users/dev-ana', '/user/200010']) await get(path);
  for (const path of ['', '/activity', '/collaborators/dev-ana/permission']) await get(`${ORDERS}${path}`);
  const subject = `${ORDERS}/actions/oidc/customization/sub`;
  await owner().put(subject, { use_default: true });
  await owner().get(subject);
});

test('Apps, where they are installed, and their tokens', async () => {
  const itself = asking(sandbox.with(assertionOf(key)));
  for (const path of ['/app', '/app/installations', `${ORDERS}/installation`, '/orgs/acme/installation'])
    await itself.get(path);
  const { token } = await itself.post(`/app/installations/${installation.id}/access_tokens`);
  const minted = asking(sandbox.with(token));
  await minted.get('/installation/repositories');
  await minted.delete('/installation/token');
});

test('environments and their branches', async () => {
  const at = `${ORDERS}/environments/prod`;
  const policies = `${at}/deployment-branch-policies`;
  const policy = { protected_branches: false, custom_branch_policies: true };
  await owner().put(at, { deployment_branch_policy: policy });
  const { id } = await owner().post(policies, { name: 'release/*' });
  for (const path of [`${ORDERS}/environments`, at, policies, `${policies}/${id}`]) await owner().get(path);
  await owner().delete(`${policies}/${id}`);
});

test('rulesets and the rules of a branch', async () => {
  const ruleset = {
    name: 'gate',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/kept'], exclude: [] } },
    rules: [{ type: 'deletion' }],
  };
  const { id } = await owner().post(`${ORDERS}/rulesets`, ruleset);
  await owner().put(`${ORDERS}/rulesets/${id}`, ruleset);
  for (const path of ['rulesets', `rulesets/${id}`, 'rules/branches/kept'])
    await owner().get(`${ORDERS}/${path}`);
});

test('deployments', async () => {
  const at = `${ORDERS}/deployments`;
  const { id } = await ana().post(at, { ref: 'main', required_contexts: [] });
  const status = await ana().post(`${at}/${id}/statuses`, { state: 'success' });
  for (const path of ['', `/${id}`, `/${id}/statuses`, `/${id}/statuses/${status.id}`])
    await ana().get(`${at}${path}`);
});

test('runs, their jobs, and who may let them go on', async () => {
  const { github } = sandbox;
  github.setEnvironment('acme/orders', { name: 'approval', reviewers: [200001] });
  const run = sandbox.run();
  const workflow = RELEASED;
  const waiting = createJob(github.world, run, {
    name: 'approve',
    permissions: {},
    workflow,
    environment: { name: 'approval' },
  });
  const gate = passEnvironment(github.world, waiting);
  const done = sandbox.startedJob({}, run);
  finishJob(github.world, done.job, { conclusion: 'success', steps: [] });
  const at = `${ORDERS}/actions/runs/${run.id}`;
  const reviewer = asking(sandbox.as('lead-ben'));
  const [pending] = await reviewer.get(`${at}/pending_deployments`);
  const decision = { environment_ids: [pending.environment.id], state: 'approved', comment: 'read' };
  await reviewer.post(`${at}/pending_deployments`, decision);
  await gate;
  for (const path of ['', '/approvals', '/attempts/1', '/jobs', '/attempts/1/jobs'])
    await ana().get(`${at}${path}`);
  await ana().get(`${ORDERS}/actions/runs`);
  await ana().get(`${ORDERS}/actions/jobs/${done.job.id}`);
  const logs = `${ORDERS}/actions/jobs/${done.job.id}/logs`;
  const authorization = `Bearer ${github.world.users.get('dev-ana')?.token}`;
  const { status } = await fetch(`${github.apiUrl}${logs}`, {
    redirect: 'manual',
    headers: { authorization },
  });
  expect(statusesOf(nameOf('GET', logs))).toContain(status);
  answered.add(nameOf('GET', logs));
  await ana().post(`${at}/cancel`);
  await ana().post(`${ORDERS}/actions/runs/${sandbox.run().id}/force-cancel`);
});

test('workflows and their dispatch', async () => {
  await sandbox.commit({ '.github/workflows/by-hand.yml': 'on: workflow_dispatch\njobs: {}\n' }, 'main');
  const at = `${ORDERS}/actions/workflows/by-hand.yml`;
  await ana().post(`${at}/dispatches`, { ref: 'main' });
  for (const path of ['', '/runs']) await ana().get(`${at}${path}`);
});

test('pull requests, reviews and a merge', async () => {
  await sandbox.commit({ 'asked.txt': 'asked\n' }, 'asked');
  const { number } = await ana().post(`${ORDERS}/pulls`, { title: 'Asked', head: 'asked', base: 'main' });
  const at = `${ORDERS}/pulls/${number}`;
  await ana().patch(at, { title: 'Asked again' });
  const reviewer = asking(sandbox.as('acme'));
  await reviewer.post(`${at}/reviews`, { event: 'APPROVE' });
  for (const path of ['', '/files', '/commits', '/reviews']) await ana().get(`${at}${path}`);
  await ana().get(`${ORDERS}/pulls`);
  const { sha } = await ana().put(`${at}/merge`, {});
  await ana().get(`${ORDERS}/commits/${sha}/pulls`);
});

test('checks', async () => {
  const check = { name: 'gate', head_sha: sandbox.sha, status: 'in_progress' };
  const checks = job('checks');
  const { id } = await checks.post(`${ORDERS}/check-runs`, check);
  const at = `${ORDERS}/check-runs/${id}`;
  await checks.patch(at, { conclusion: 'success' });
  for (const path of [at, `${at}/annotations`, `${ORDERS}/commits/${sandbox.sha}/check-runs`])
    await ana().get(path);
});

test('issues and comments', async () => {
  const at = `${ORDERS}/issues`;
  const { number } = await ana().post(at, { title: 'Drift' });
  await ana().patch(`${at}/${number}`, { state: 'closed' });
  const { id } = await ana().post(`${at}/${number}/comments`, { body: 'seen' });
  for (const path of ['?state=all', `/${number}`, `/${number}/comments`, `/comments/${id}`])
    await ana().get(`${at}${path}`);
  await ana().patch(`${at}/comments/${id}`, { body: 'seen again' });
  await ana().delete(`${at}/comments/${id}`);
});

test('commits, contents, and objects and references of git', async () => {
  const { get, post, patch } = ana();
  const file = { path: 'new.txt', mode: '100644', type: 'blob', content: 'new' };
  const tree = await post(`${ORDERS}/git/trees`, { base_tree: sandbox.sha, tree: [file] });
  const commit = { message: 'New', tree: tree.sha, parents: [sandbox.sha] };
  const { sha } = await post(`${ORDERS}/git/commits`, commit);
  await post(`${ORDERS}/git/refs`, { ref: 'refs/heads/new', sha: sandbox.sha });
  await patch(`${ORDERS}/git/refs/heads/new`, { sha });
  const paths = ['commits', 'commits/new', `compare/${sandbox.sha}...${sha}`, 'contents/README.md'];
  const refs = ['git/ref/heads/new', 'git/matching-refs/heads/n', `git/commits/${sha}`];
  for (const path of [...paths, ...refs]) await get(`${ORDERS}/${path}`);
  await ana().delete(`${ORDERS}/git/refs/heads/new`);
});

test('releases, their files, and attestations', async () => {
  const at = `${ORDERS}/releases`;
  const { id } = await ana().post(at, { tag_name: 'r1', target_commitish: sandbox.sha, draft: true });
  await ana().post(`${at}/${id}/assets?name=notes.json`, { any: 'file' });
  await ana().patch(`${at}/${id}`, { draft: false });
  for (const path of ['', '/tags/r1']) await ana().get(`${at}${path}`);
  await ana().delete(`${at}/${id}`);
  const digest = 'a'.repeat(64);
  const statement = { subject: [{ name: 'a', digest: { sha256: digest } }], predicateType: 'x' };
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  const bundle = { mediaType: 'x', verificationMaterial: {}, dsseEnvelope: { payload } };
  await job('attestations').post(`${ORDERS}/attestations`, { bundle });
  await ana().get(`${ORDERS}/attestations/sha256:${digest}`);
});

test.each([`${ORDERS}/actions/secrets`, `${ORDERS}/environments/prod/secrets`, '/orgs/acme/actions/secrets'])(
  'secrets at %s',
  async (at) => {
    const app = installed();
    const ofAll = at.startsWith('/orgs') ? { visibility: 'selected', selected_repository_ids: [] } : {};
    await app.put(`${at}/KEY`, await sealed(at, ofAll));
    for (const path of [at, `${at}/KEY`]) await app.get(path);
    if (at.startsWith('/orgs')) await shared(`${at}/KEY/repositories`);
    await app.delete(`${at}/KEY`);
  },
);

test.each([
  `${ORDERS}/actions/variables`,
  `${ORDERS}/environments/prod/variables`,
  '/orgs/acme/actions/variables',
])('variables at %s', async (at) => {
  const app = installed();
  const ofAll = at.startsWith('/orgs') ? { visibility: 'selected', selected_repository_ids: [] } : {};
  await app.post(at, { name: 'NAME', value: 'one', ...ofAll });
  for (const path of [at, `${at}/NAME`]) await app.get(path);
  await app.patch(`${at}/NAME`, { value: 'two' });
  if (at.startsWith('/orgs')) await shared(`${at}/NAME/repositories`);
  await app.delete(`${at}/NAME`);
});

/** Who may see something of an organisation. */
async function shared(at: string): Promise<void> {
  const app = installed();
  await app.put(at, { selected_repository_ids: [456789] });
  await app.get(at);
  await app.delete(`${at}/456789`);
  await app.put(`${at}/456789`, {});
}

test('deploy keys', async () => {
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 1),
  ]);
  const given = { title: 'one', key: `ssh-ed25519 ${blob.toString('base64')}`, read_only: true };
  const { id } = await owner().post(`${ORDERS}/keys`, given);
  for (const path of ['keys', `keys/${id}`]) await owner().get(`${ORDERS}/${path}`);
  await owner().delete(`${ORDERS}/keys/${id}`);
});

test('every route has given a good answer in the form that GitHub describes', () => {
  expect(operations.filter((operation) => !answered.has(operation))).toEqual([]);
  counted("GitHub's description", { operations: answered.size });
});
