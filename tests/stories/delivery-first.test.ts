import {
  DescribeTasksCommand,
  type DescribeTasksCommandOutput,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import type { RecordedCall } from '@tenant-delivery/local-aws';
import { keysOf } from '@tenant-delivery/local-aws/world/keys';
import type { RunResult } from '@tenant-delivery/local-github';
import { startProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { changesIn, errorsOf, logOf, ORDERS, openStage, pushed } from '../stage/stage.ts';

let stage: Stage;
let first: Delivery;
let calls: readonly RecordedCall[];
const githubTokens = new Set<string>();
/** How many calls AWS had been sent when each step of the run began. */
const begun: { readonly step: string; readonly calls: number }[] = [];

beforeAll(async () => {
  stage = await openStage({ scale: 60, startAction: startProcess });
  const { github } = stage.platform;
  first = await stage.run({
    repository: 'acme/orders',
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor: 'dev-ana',
    approveAs: 'lead-ben',
    onEvent: (event) => {
      if (event.kind === 'step-started')
        begun.push({ step: event.step.name, calls: stage.platform.aws.calls.length });
      for (const token of github.world.tokens.keys()) githubTokens.add(token);
    },
  });
  calls = [...stage.platform.aws.calls];
});
afterAll(() => stage.platform.close());

/** Everything that a reader of the run, or a job after it, gets to see. */
function shown(result: RunResult): string {
  const outputs = result.jobs.flatMap((job) => [job.outputs, ...job.steps.map((step) => step.outputs)]);
  const summaries = result.jobs.map(({ summary }) => summary);
  return [logOf(result), ...summaries, JSON.stringify(outputs), JSON.stringify(result.needs)].join('\n');
}

async function runningTasks(): Promise<NonNullable<DescribeTasksCommandOutput['tasks']>> {
  const { aws, tenants } = stage.platform;
  const credentials = tenants['acme']?.operator ?? { accessKeyId: '', secretAccessKey: '' };
  const ecs = new ECSClient({ region: ORDERS.region, endpoint: aws.url, credentials });
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster: 'acme-prod', serviceName: 'orders', desiredStatus: 'RUNNING' }),
  );
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: taskArns }));
  return tasks;
}

const inputsOf = (operation: string) =>
  calls.filter((call) => call.operation === operation && call.effects > 0).map(({ input }) => input);

describe('a first delivery', () => {
  it('ends closed, step by step', async () => {
    const states = (await stage.events(first.change)).map(({ transition }) => transition.to);
    expect(states).toEqual([
      'proposed',
      'built',
      'gated',
      'planned',
      'approved',
      'deploying',
      'verified',
      'closed',
    ]);
    expect(first).toMatchObject({ outcome: 'closed', result: { conclusion: 'success' } });
  });

  it('carries one image digest from the build to every running task', async () => {
    const record = await stage.document(first.change, 'image-record');
    const verdict = await stage.document(first.change, 'verdict');
    const plan = await stage.document(first.change, 'plan');
    const report = await stage.document(first.change, 'report');
    const health = JSON.stringify(await stage.document(first.change, 'health'));
    const { repositoryUri, digest } = record['image'] as { repositoryUri: string; digest: string }; // its schema
    const image = `${repositoryUri}@${digest}`;
    expect(verdict['subject']).toEqual({ repositoryUri, digest });
    expect(plan['image']).toMatchObject({ to: image });
    expect(report['image']).toBe(image);
    expect(first.result.needs['orders']?.outputs['image']).toBe(image);
    expect(inputsOf('RegisterTaskDefinition')).toMatchObject([{ containerDefinitions: [{ image }] }]);
    const containers = (await runningTasks()).flatMap((task) => task.containers ?? []);
    expect(containers.map((container) => [container.image, container.imageDigest])).toEqual([
      [image, digest],
      [image, digest],
    ]);
    expect(health).toContain(digest);
  });

  it('registers one task definition and updates the service once, with nothing that it was not told to', () => {
    expect(inputsOf('RegisterTaskDefinition')).toHaveLength(1);
    expect(inputsOf('UpdateService')).toEqual([
      {
        cluster: 'acme-prod',
        service: 'orders',
        taskDefinition: expect.stringMatching(/acme-prod-orders:2$/),
      },
    ]);
    expect(changesIn(calls).filter((call) => call.startsWith('ecs:'))).toEqual([
      'ecs:RegisterTaskDefinition',
      'ecs:UpdateService',
    ]);
  });

  it('leaves everything else of the task definition as it was', () => {
    const [registered] = inputsOf('RegisterTaskDefinition');
    expect(registered).toMatchObject({
      family: 'acme-prod-orders',
      cpu: '256',
      memory: '512',
      executionRoleArn: expect.stringContaining('acme-prod-orders-execution'),
      taskRoleArn: expect.stringContaining('acme-prod-orders-task'),
      tags: expect.arrayContaining([{ key: 'tenant', value: 'acme' }]),
    });
  });

  it('asks AWS no more often than each of its steps needs', () => {
    const most = {
      'Open the change': 11,
      'Build and scan the image': 22, // it looks at the inspection until that is complete
      'Judge the findings': 29,
      'Plan the deployment': 23,
      'Record the approval': 15,
      Deploy: 68, // it looks at the deployment every few seconds, for as long as tasks take to start
      'Verify target health': 27,
      'Close the change': 15,
      'Settle the change': 4,
    };
    const asked = begun.map(({ step, calls: from }, nth) => {
      const until = begun[nth + 1]?.calls ?? calls.length;
      return [step, until - from] as const;
    });
    const asking = Object.fromEntries(asked.filter(([, count]) => count > 0));
    expect(Object.keys(asking)).toEqual(Object.keys(most));
    const over = Object.entries(most).filter(([step, limit]) => (asking[step] ?? 0) > limit);
    expect(over.map(([step, limit]) => `${step}: ${asking[step]}, at most ${limit}`)).toEqual([]);
  });

  it('shows no secret in any log, summary or output', () => {
    const { world } = stage.platform.aws;
    const sessions = Object.values(keysOf(world)).flatMap(({ secretAccessKey, sessionToken }) => [
      secretAccessKey,
      ...(sessionToken === undefined ? [] : [sessionToken]),
    ]);
    const registry = Object.keys(world.state('ecr-tokens', '', '', () => ({})));
    expect(Math.min(sessions.length, registry.length, githubTokens.size)).toBeGreaterThan(0);
    const seen = shown(first.result);
    const leaked = [...sessions, ...registry, ...githubTokens].filter(
      (secret) => seen.includes(secret) || seen.includes(Buffer.from(`AWS:${secret}`).toString('base64')),
    );
    expect(leaked).toEqual([]);
    expect(seen).not.toMatch(/eyJ[\w-]{20,}\.[\w-]{20,}/); // identity tokens
    expect(seen).not.toContain('***'); // nothing even had to be masked
  });

  it('asks AWS for nothing that its roles are not granted', () => {
    expect(stage.platform.aws.denied()).toEqual([]);
  });

  it('leaves evidence that verifies with public keys alone, and not when one of its steps is missing', async () => {
    const evidence = await stage.evidence(first.change);
    expect(verifyEvidence(evidence, stage.platform.trust)).toMatchObject({ holds: true });
    const lines = evidence.trimEnd().split('\n');
    const without = [...lines.slice(0, 3), ...lines.slice(4)].join('\n');
    expect(verifyEvidence(`${without}\n`, stage.platform.trust).holds).toBe(false);
  });

  it('keeps every report of the gate with the run, for what does not fit into its summary', () => {
    const reports = first.result.artifacts.get('gate-acme-prod-orders') ?? new Map<string, Uint8Array>();
    expect([...reports.keys()]).toEqual(['findings.json', 'findings.sarif', 'findings.csv']);
    const { verdict } = JSON.parse(Buffer.from(reports.get('findings.json') ?? []).toString());
    expect(verdict.decision).toBe('allow');
  });

  it('is judged again where it runs, by a job that only reads, and that has nothing to say while it is inside the limits', async () => {
    const { aws, github } = stage.platform;
    const before = aws.calls.length;
    const { result } = await stage.run({
      repository: 'OWNER/tenant-operations',
      workflow: '.github/workflows/re-gate.yml',
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      actor: 'sre-kim',
      inputs: { tenant: 'acme', environment: 'prod', account: ORDERS.account, region: ORDERS.region },
    });
    expect(errorsOf(result)).toEqual([]);
    expect(result.needs['re-gate']?.outputs).toMatchObject({ outcome: 'clean' });
    const asked = aws.calls.slice(before).map(({ operation }) => operation);
    expect(asked).toEqual(
      expect.arrayContaining(['ListTasks', 'DescribeImageScanFindings', 'GetLifecyclePolicy']),
    );
    expect(asked.filter((each) => !/^(Get|List|Describe|BatchGet|AssumeRole)/.test(each))).toEqual([]);
    expect(github.world.repositories.get('owner/tenant-operations')?.issues).toEqual([]);
    expect(aws.denied()).toEqual([]);
  });

  it('answers behind the internal balancer', async () => {
    expect(await stage.ask()).toEqual({ status: 200, body: '{"name":"orders","version":"1.0.0"}' });
  });

  it('that comes again with the same commit changes nothing and uploads nothing', async () => {
    const before = { images: pushed(stage.platform), calls: stage.platform.aws.calls.length };
    const again = await stage.deliver();
    expect(again).toMatchObject({ outcome: 'unchanged', result: { conclusion: 'success' } });
    expect(changesIn(stage.platform.aws.calls.slice(before.calls))).toEqual([]);
    expect(pushed(stage.platform)).toEqual(before.images);
    expect(again.result.needs['orders']?.outputs['image']).toBe(
      first.result.needs['orders']?.outputs['image'],
    );
    expect(stage.platform.aws.denied()).toEqual([]);
  });
});
