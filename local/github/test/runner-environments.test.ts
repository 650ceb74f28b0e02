import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Holder, storeOf } from '../src/world/secret-store.ts';
import { CI, conclusionsOf, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const workflow = (environment: string) => `on: push
jobs:
  approve: { runs-on: x, environment: ${environment}, steps: [ { run: "true" } ] }
  after: { needs: approve, if: always(), runs-on: x, steps: [ { run: "true" } ] }
`;

async function reviewed(branches?: readonly string[]) {
  const repository = await world.repository({ [CI]: workflow('prod') });
  world.github.setEnvironment(repository, {
    name: 'prod',
    reviewers: [200010, 200001],
    preventSelfReview: true,
    ...(branches ? { branches } : {}),
  });
  return repository;
}

/** A decision over the API, as a person gives it. */
async function decideAs(login: string, repository: string, runId: number, state: string) {
  const { github } = world;
  const user = github.world.users.get(login);
  const base = `${github.apiUrl}/repos/${repository}/actions/runs/${runId}/pending_deployments`;
  const headers = { authorization: `Bearer ${user?.token}`, 'content-type': 'application/json' };
  const environment = github.world.repositories.get(repository)?.environments.get('prod');
  const body = JSON.stringify({ environment_ids: [environment?.id], state, comment: 'Looked at it.' });
  return (await fetch(base, { method: 'POST', headers, body })).status;
}

test.each([
  ['approved', 'success'],
  ['rejected', 'failure'],
])('a job waits for its reviewers; %s over the API, it ends as %s', async (state, conclusion) => {
  const repository = await reviewed();
  const statuses: unknown[] = [];
  const result = await world.run('', {
    repository,
    onEvent: (event) => {
      if (event.kind !== 'job-waiting') return;
      const run = world.github.world.repositories.get(repository)?.runs.at(-1);
      statuses.push(run?.status, event.on);
      void decideAs('lead-ben', repository, run?.id ?? 0, state).then((status) => statuses.push(status));
    },
  });
  expect(conclusionsOf(result)).toEqual({ approve: conclusion, after: 'success' });
  expect(statuses).toEqual([
    'waiting',
    { kind: 'reviewers', environment: 'prod', reviewers: ['dev-ana', 'lead-ben'] },
    200,
  ]);
});

test('approveAs decides as a reviewer, and is in the run’s approvals', async () => {
  const repository = await reviewed();
  const result = await world.run('', { repository, approveAs: 'lead-ben' });
  expect(result.conclusion).toBe('success');
  const run = world.github.world.repositories.get(repository)?.runs.at(-1);
  expect(run?.approvals).toMatchObject([{ state: 'approved', user: { login: 'lead-ben' } }]);
});

test('each job has its own reviewer where approveAs says so, and the history names no job', async () => {
  const decoy = `on: push
jobs:
  notes: { runs-on: x, environment: prod, steps: [ { run: "true" } ] }
  approve: { needs: notes, runs-on: x, environment: prod, steps: [ { run: "true" } ] }
`;
  world.github.addUser({ login: 'lead-cam', id: 200002 });
  const repository = await world.repository({ [CI]: decoy });
  world.github.setEnvironment(repository, { name: 'prod', reviewers: [200001, 200002] });
  const approveAs = { notes: 'lead-ben', approve: 'lead-cam' };
  const result = await world.run('', { repository, approveAs });
  expect(conclusionsOf(result)).toEqual({ notes: 'success', approve: 'success' });
  const words = await wordsOn(repository);
  expect(words.map(({ user }) => user.login)).toEqual(['lead-ben', 'lead-cam']);
  expect(Object.keys(words[0] ?? {}).toSorted()).toEqual(['comment', 'environments', 'state', 'user']);
});

/** What GitHub says of the reviews of the newest run. */
async function wordsOn(repository: string) {
  const { github } = world;
  const run = github.world.repositories.get(repository)?.runs.at(-1);
  const path = `${github.apiUrl}/repos/${repository}/actions/runs/${run?.id}/approvals`;
  const headers = { authorization: `Bearer ${github.world.users.get('dev-ana')?.token}` };
  return (await (await fetch(path, { headers })).json()) as readonly { user: { login: string } }[];
}

test('nobody reviews a run of their own where the environment says so', async () => {
  const repository = await reviewed();
  const result = await world.run('', { repository, approveAs: 'dev-ana' });
  expect(conclusionsOf(result)).toEqual({ approve: 'failure', after: 'success' });
  expect(result.jobs[0]?.annotations[0]?.message).toMatch(/dev-ana.*prevents self-review/);
});

test('a branch that the environment does not allow never gets as far as its reviewers', async () => {
  const repository = await reviewed(['release/*']);
  const result = await world.run('', { repository });
  expect(result.jobs[0]).toMatchObject({
    conclusion: 'failure',
    steps: [],
    annotations: [
      { message: 'Branch "main" is not allowed to deploy to prod due to environment protection rules.' },
    ],
  });
});

test('a misspelt environment comes into being without protection, as at GitHub', async () => {
  const repository = await world.repository({ [CI]: workflow('prdo') });
  const result = await world.run('', { repository });
  expect(result.conclusion).toBe('success');
  const made = world.github.world.repositories.get(repository)?.environments.get('prdo');
  expect(made).toMatchObject({ reviewers: [], branchPolicy: { kind: 'all' } });
});

test('a job with an environment makes a deployment with its URL, unless deployment is false', async () => {
  const repository = await world.repository({
    [CI]: `on: push
jobs:
  real:
    runs-on: x
    environment: { name: prod, url: "\${{ steps.s.outputs.url }}" }
    steps: [ { id: s, run: "echo url=https://orders.example >> $GITHUB_OUTPUT" } ]
  gate: { runs-on: x, environment: { name: gate, deployment: false }, steps: [ { run: "true" } ] }
`,
  });
  await world.run('', { repository });
  const deployments = world.github.world.repositories.get(repository)?.deployments;
  expect(deployments?.map(({ environment }) => environment)).toEqual(['prod']);
  expect(deployments?.[0]?.statuses.at(-1)).toMatchObject({
    state: 'success',
    environmentUrl: 'https://orders.example',
  });
});

test("an environment's variables and secrets win over the repository's, in its own jobs only", async () => {
  const repository = await world.repository({
    [CI]: `on: push
jobs:
  inside: { runs-on: x, environment: Prod, steps: [ { id: s, env: { S: "\${{ secrets.S }}" }, run: "echo \${{ vars.V }} \${{ vars.W }} \${#S}" } ] }
  outside: { runs-on: x, steps: [ { id: s, env: { S: "\${{ secrets.S }}" }, run: "echo \${{ vars.V }} \${{ vars.W }} \${#S}" } ] }
`,
  });
  const result = await world.run('', {
    repository,
    variables: { V: 'repository', W: 'all' },
    environmentVariables: { prod: { V: 'environment' } },
    secrets: { S: '123' },
    environmentSecrets: { prod: { S: '12345' } },
  });
  expect(linesOf(result, 's', 'inside')).toEqual(['environment all 5']);
  expect(linesOf(result, 's', 'outside')).toEqual(['repository all 3']);
});

test('a run has the repository’s secrets of when it was queued, and the environment’s of when its job starts', async () => {
  const lengths = ['OF_REPOSITORY', 'OF_ENVIRONMENT'].map((name) => `\${#${name}}`).join(' ');
  const step = `echo "${lengths} \${{ vars.SLOT }}"`;
  const repository = await world.repository({
    [CI]: `on: push
jobs:
  use:
    runs-on: x
    environment: prod
    env: { OF_REPOSITORY: "\${{ secrets.OF_REPOSITORY }}", OF_ENVIRONMENT: "\${{ secrets.OF_ENVIRONMENT }}" }
    steps: [ { id: told, run: ${JSON.stringify(step)} } ]
`,
  });
  const { world: github } = world.github;
  const found = github.repositories.get(repository);
  if (!found) throw new Error('the repository was made');
  const settings = { name: 'prod', reviewers: [200001] };
  const environment = world.github.setEnvironment(repository, settings);
  const write = (repositoryValue: string, environmentValue: string) => {
    const keep = (holder: Holder, of: 'secrets' | 'variables', name: string, value: string) =>
      storeOf(github, holder)[of].set(name, { name, value, createdAt: 0, updatedAt: 0 });
    const own: Holder = { kind: 'repository', repository: found };
    keep(own, 'secrets', 'OF_REPOSITORY', repositoryValue);
    keep(own, 'variables', 'SLOT', repositoryValue === 'four' ? 'A' : 'B');
    keep(
      { kind: 'environment', repository: found, environment },
      'secrets',
      'OF_ENVIRONMENT',
      environmentValue,
    );
  };
  write('four', 'four');
  const result = await world.run('', {
    repository,
    onEvent: (event) => {
      if (event.kind !== 'job-waiting') return;
      write('seventeen letters', 'seventeen letters');
      void decideAs('lead-ben', repository, found.runs.at(-1)?.id ?? 0, 'approved');
    },
  });
  expect(linesOf(result, 'told')).toEqual(['4 17 A']);
});
