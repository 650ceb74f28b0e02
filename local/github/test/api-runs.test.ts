import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { passEnvironment, review } from '../src/world/approval.ts';
import { createJob, finishJob, startJob } from '../src/world/job.ts';
import { finishRun, type Run, rerun } from '../src/world/run.ts';
import { numberAt, RELEASED, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const ORDERS = '/repos/acme/orders';
const APPROVAL = 'acme-prod-approval';

/** A job that waits for lead-ben or dev-ana. */
function waitingJob(run: Run, signal?: AbortSignal) {
  const { github } = sandbox;
  github.setEnvironment('acme/orders', {
    name: APPROVAL,
    reviewers: [200001, 200010],
    preventSelfReview: true,
    adminsBypass: false,
  });
  const job = createJob(github.world, run, {
    name: 'deliver / approve',
    permissions: { actions: 'read' },
    workflow: RELEASED,
    environment: { name: APPROVAL },
  });
  return { job, gate: passEnvironment(github.world, job, signal) };
}

test('shows a run with its actor, attempt, called workflows and jobs', async () => {
  const run = sandbox.run({ referenced: [RELEASED] });
  const { job } = sandbox.startedJob({ permissions: { actions: 'read' } }, run);
  const steps = [{ name: 'Build', number: 1, status: 'completed', conclusion: 'success' }] as const;
  finishJob(sandbox.github.world, job, { conclusion: 'success', steps });
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/actions/runs/${run.id}`)).toMatchObject({
    status: 200,
    body: {
      id: run.id,
      head_sha: sandbox.sha,
      head_branch: 'main',
      event: 'push',
      path: '.github/workflows/delivery.yml',
      run_attempt: 1,
      actor: { login: 'dev-ana' },
      triggering_actor: { login: 'dev-ana' },
      head_commit: { message: 'Begin' },
      referenced_workflows: [
        {
          path: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@v0.1.0',
          sha: RELEASED.sha,
          ref: 'refs/tags/v0.1.0',
        },
      ],
    },
  });
  expect(await client.get(`${ORDERS}/actions/runs/${run.id}/jobs`)).toMatchObject({
    body: {
      total_count: 1,
      jobs: [{ id: job.id, name: 'deliver / build', conclusion: 'success', steps: [{ name: 'Build' }] }],
    },
  });
  expect(await client.get(`${ORDERS}/actions/jobs/${job.id}`)).toMatchObject({ body: { run_id: run.id } });
});

test('a second attempt keeps the actor and names who ran it again', async () => {
  const run = sandbox.run();
  sandbox.startedJob({}, run);
  finishRun(sandbox.github.world, run, 'failure');
  rerun(sandbox.github.world, run, 'lead-ben');
  const { job } = sandbox.startedJob({}, run);
  const client = sandbox.as('dev-ana');
  expect(await client.get(`${ORDERS}/actions/runs/${run.id}`)).toMatchObject({
    body: { run_attempt: 2, actor: { login: 'dev-ana' }, triggering_actor: { login: 'lead-ben' } },
  });
  const jobs = (path: string) => client.get(`${ORDERS}/actions/runs/${run.id}${path}`);
  expect(await jobs('/jobs')).toMatchObject({ body: { jobs: [{ id: job.id, run_attempt: 2 }] } });
  expect(await jobs('/jobs?filter=all')).toMatchObject({ body: { total_count: 2 } });
  expect(await jobs('/attempts/1/jobs')).toMatchObject({ body: { jobs: [{ run_attempt: 1 }] } });
  expect(await jobs('/attempts/1')).toMatchObject({ body: { run_attempt: 1 } });
  expect((await jobs('/attempts/3')).status).toBe(404);
});

test('lists runs newest first, by event, commit, actor and result', async () => {
  const first = sandbox.run();
  const second = sandbox.run({ event: 'workflow_dispatch', actor: 'lead-ben' });
  finishRun(sandbox.github.world, second, 'success');
  const client = sandbox.as('dev-ana');
  const ids = async (query: string) => {
    const answer = await client.get(`${ORDERS}/actions/runs?${query}`);
    return Array.from({ length: numberAt(answer, 'total_count') }, (_, index) =>
      numberAt(answer, 'workflow_runs', index, 'id'),
    );
  };
  expect(await ids('')).toEqual([second.id, first.id]);
  expect(await ids('event=push')).toEqual([first.id]);
  expect(await ids('status=success')).toEqual([second.id]);
  expect(await ids(`actor=lead-ben&head_sha=${sandbox.sha}`)).toEqual([second.id]);
  expect(await ids('branch=other')).toEqual([]);
});

test('a reviewer approves over the API, and the waiting job goes on', async () => {
  const run = sandbox.run();
  const { job, gate } = waitingJob(run);
  const octokit = getOctokit(sandbox.github.world.users.get('lead-ben')?.token ?? '', {
    baseUrl: sandbox.github.apiUrl,
  });
  const place = { owner: 'acme', repo: 'orders', run_id: run.id };
  const { data: waiting } = await octokit.rest.actions.getPendingDeploymentsForRun(place);
  expect(waiting).toMatchObject([
    {
      environment: { name: APPROVAL },
      current_user_can_approve: true,
      reviewers: [{ reviewer: { login: 'lead-ben' } }, { reviewer: { login: 'dev-ana' } }],
    },
  ]);
  const { data: deployments } = await octokit.rest.actions.reviewPendingDeploymentsForRun({
    ...place,
    environment_ids: waiting.map(({ environment }) => environment.id ?? 0),
    state: 'approved',
    comment: 'Plan read.',
  });
  expect(deployments).toMatchObject([{ environment: APPROVAL, sha: sandbox.sha }]);
  expect(await gate).toMatchObject({ kind: 'open', approval: { user: { login: 'lead-ben' } } });
  expect(job.status).toBe('queued');
  const { data: approvals } = await octokit.rest.actions.getReviewsForRun(place);
  expect(approvals).toMatchObject([
    {
      state: 'approved',
      comment: 'Plan read.',
      user: { login: 'lead-ben', id: 200001 },
      environments: [{ name: APPROVAL }],
    },
  ]);
});

test('nobody approves their own run where the environment prevents it, nor may others decide', async () => {
  const run = sandbox.run();
  waitingJob(run);
  const path = `${ORDERS}/actions/runs/${run.id}/pending_deployments`;
  const id = numberAt(await sandbox.as('dev-ana').get(path), 0, 'environment', 'id');
  const answer = await sandbox
    .as('dev-ana')
    .post(path, { environment_ids: [id], state: 'approved', comment: '' });
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: [expect.stringContaining('prevents self-review')] },
  });
  const { token } = sandbox.startedJob({ permissions: { actions: 'read', deployments: 'write' } }, run);
  const byJob = await sandbox
    .with(token)
    .post(path, { environment_ids: [id], state: 'approved', comment: '' });
  expect(byJob).toMatchObject({ status: 422, body: { errors: [expect.stringContaining('no')] } });
  expect(await sandbox.as('dev-ana').get(path)).toMatchObject({
    body: [{ current_user_can_approve: false }],
  });
  expect(run.approvals).toEqual([]);
});

test('who ran it again may not approve it either', () => {
  const run = sandbox.run({ actor: 'stranger' });
  rerun(sandbox.github.world, run, 'lead-ben');
  const { job } = waitingJob(run);
  const { world } = sandbox.github;
  expect(() => review(world, job, { state: 'approved', login: 'lead-ben', comment: '' })).toThrow(
    'lead-ben started this run, and the environment acme-prod-approval prevents self-review.',
  );
});

test('a rejection ends the job and is recorded', async () => {
  const run = sandbox.run();
  const { job, gate } = waitingJob(run);
  review(sandbox.github.world, job, { state: 'rejected', login: 'lead-ben', comment: 'Not today.' });
  expect(await gate).toMatchObject({ kind: 'rejected', approval: { comment: 'Not today.' } });
  const answer = await sandbox.as('lead-ben').get(`${ORDERS}/actions/runs/${run.id}/approvals`);
  expect(answer).toMatchObject({ body: [{ state: 'rejected', user: { login: 'lead-ben' } }] });
});

test('a decision about what is not waiting is refused', async () => {
  const run = sandbox.run();
  const path = `${ORDERS}/actions/runs/${run.id}/pending_deployments`;
  waitingJob(run);
  const answer = await sandbox
    .as('lead-ben')
    .post(path, { environment_ids: [1], state: 'approved', comment: '' });
  expect(answer).toMatchObject({
    status: 422,
    body: { message: 'No pending deployment requests to approve or reject' },
  });
  expect((await sandbox.as('lead-ben').post(path, { state: 'approved', comment: '' })).status).toBe(422);
});

test('a job that is cancelled while it waits asks for nothing any more', async () => {
  const run = sandbox.run();
  const { gate } = waitingJob(run, run.cancellation.signal);
  const path = `${ORDERS}/actions/runs/${run.id}`;
  expect((await sandbox.as('lead-ben').post(`${path}/cancel`)).status).toBe(403);
  expect((await sandbox.as('dev-ana').post(`${path}/cancel`)).status).toBe(202);
  await expect(gate).rejects.toThrow('cancelled');
  expect(await sandbox.as('dev-ana').get(`${path}/pending_deployments`)).toMatchObject({ body: [] });
  finishRun(sandbox.github.world, run, 'cancelled');
  expect((await sandbox.as('dev-ana').post(`${path}/cancel`)).status).toBe(409);
});

test('a job with an environment leaves a deployment that ends as the job does', async () => {
  const run = sandbox.run();
  const { job, gate } = waitingJob(run);
  const client = sandbox.as('dev-ana');
  const states = async () => {
    const [deployment] = sandbox.github.world.repositories.get('acme/orders')?.deployments ?? [];
    const answer = await client.get(`${ORDERS}/deployments/${deployment?.id}/statuses`);
    return answer.body;
  };
  expect(await states()).toMatchObject([{ state: 'pending' }]);
  review(sandbox.github.world, job, { state: 'approved', login: 'lead-ben', comment: '' });
  await gate;
  startJob(sandbox.github.world, job);
  finishJob(sandbox.github.world, job, { conclusion: 'success', environmentUrl: 'http://orders.internal' });
  expect(await states()).toMatchObject([
    { state: 'success', environment_url: 'http://orders.internal' },
    { state: 'in_progress', creator: { login: 'github-actions[bot]' } },
    { state: 'pending' },
  ]);
});

test("a job's log is at an address that is good for a minute, once the job has ended", async () => {
  let now = Date.now();
  const timed = await startSandbox(() => now);
  const { job } = timed.startedJob();
  const path = `${ORDERS}/actions/jobs/${job.id}/logs`;
  expect(await timed.as('dev-ana').get(path)).toMatchObject({ status: 404 });
  finishJob(timed.github.world, job, { conclusion: 'success', log: '##[group]Build\nbuilt' });
  const token = timed.github.world.users.get('dev-ana')?.token ?? '';
  const { rest } = getOctokit(token, { baseUrl: timed.github.apiUrl });
  const place = { owner: 'acme', repo: 'orders', job_id: job.id };
  const { data, url } = await rest.actions.downloadJobLogsForWorkflowRun(place);
  expect(data).toBe('##[group]Build\nbuilt');
  now += 61_000;
  expect(await fetch(url)).toMatchObject({ status: 404 });
  await timed.close();
});
