import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { simulatedOf } from '@tenant-delivery/local-aws/runtimes/of-world';
import {
  play,
  type Scenario,
  type ScenarioName,
  scenarios,
} from '@tenant-delivery/local-aws/scenarios/index';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { acmeSandbox, ORDERS, type Sandbox } from '../stage/a-job.ts';

jest.setTimeout(120_000); // programs of others start slowly where much else runs

const SCALE = 150; // a deployment of two minutes takes a second
const ON = { ...ORDERS, cluster: 'acme-prod' };

/** Members that AWS has added since the models that Debian ships; the SDK's own models, which are newer, have them. */
const NEWER = [
  'bakeTimeInMinutes',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'imageStatus',
  'lifecycleStage',
  'requestedProductionTrafficWeight',
  'requestedTestTrafficWeight',
  'resetOnHealthyTask',
  'resolvedConfiguration',
  'strategy',
  'thresholdConfiguration',
];

const WALK: readonly ScenarioName[] = [
  'healthy',
  'out-of-memory',
  'image-not-found',
  'secret-denied',
  'checks-wrong-code',
  'spot-interruption',
  'scaled-out-meanwhile',
  'container-check-fails',
];

interface Witnessed {
  readonly seen: Readonly<Record<string, unknown>>;
  readonly replies: number;
  readonly operations: readonly string[];
  readonly problems: readonly string[];
}

describeWith('boto3', 'boto3, with the keys of an operator', (python) => {
  let sandbox: Sandbox;
  let witnessed: Witnessed;

  beforeAll(async () => {
    sandbox = await acmeSandbox(SCALE);
    witnessed = await witness(python, sandbox);
  });
  afterAll(() => sandbox.close());

  test("finds every reply as botocore's own models have it", () => {
    expect(witnessed.problems).toEqual([]);
    expect(witnessed.replies).toBeGreaterThan(100);
    expect(witnessed.operations).toHaveLength(30);
  });

  test('reads what a preflight asks', () => {
    expect(witnessed.seen['preflight']).toEqual({
      trusts: ['ecs-tasks.amazonaws.com', 'ecs-tasks.amazonaws.com'],
      free: [expect.any(Number), expect.any(Number)],
      stages: [['AWSCURRENT']],
      parameters: ['SecureString'],
      group: true,
      scheme: 'internal',
      capacity: [2, 6],
    });
  });

  test('knows each refusal as an exception of its own', () => {
    expect(witnessed.seen['refusals']).toEqual([
      ['ClusterNotFoundException', 'ClusterNotFoundException'],
      ['ServiceNotFoundException', 'ServiceNotFoundException'],
      ['ClientException', 'ClientException'],
      ['TargetGroupNotFound', 'TargetGroupNotFoundException'],
      ['NoSuchEntity', 'NoSuchEntityException'],
      ['ResourceNotFoundException', 'ResourceNotFoundException'],
      ['ResourceNotFoundException', 'ResourceNotFoundException'],
      ['RepositoryNotFoundException', 'RepositoryNotFoundException'],
    ]);
  });

  test('runs a task once for a token, reads its log and its exit code, and stops another', () => {
    expect(witnessed.seen['oneOff']).toEqual({
      same: true,
      conflict: ['ConflictException', 'ConflictException'],
      exit: 3,
      lines: ['migrating'],
      stopped: ['UserInitiated', 'cancelled'],
    });
  });

  test.each<[ScenarioName, string, readonly string[]]>([
    ['healthy', 'SUCCESSFUL', []],
    ['out-of-memory', 'ROLLBACK_SUCCESSFUL', ['EssentialContainerExited']],
    ['image-not-found', 'ROLLBACK_SUCCESSFUL', ['TaskFailedToStart']],
    ['secret-denied', 'ROLLBACK_SUCCESSFUL', ['TaskFailedToStart']],
    ['checks-wrong-code', 'ROLLBACK_SUCCESSFUL', ['ServiceSchedulerInitiated']],
    ['spot-interruption', 'SUCCESSFUL', ['SpotInterruption']],
    ['scaled-out-meanwhile', 'SUCCESSFUL', []],
    ['container-check-fails', 'ROLLBACK_SUCCESSFUL', ['ServiceSchedulerInitiated']],
  ])('sees how a release ends, and with which stop codes: %s', (name, status, codes) => {
    expect(witnessed.seen[name]).toMatchObject({ status, codes });
  });

  test('sees why targets fail while they do', () => {
    expect(witnessed.seen['checks-wrong-code']).toMatchObject({
      targets: expect.arrayContaining(['unhealthy Target.ResponseCodeMismatch']),
    });
  });

  test('sees what autoscaling did', () => {
    expect(witnessed.seen['activities']).toEqual(['Setting desired count to 4.']);
  });
});

/** With a grace period that is long enough for a client to see a target fail in it. */
function patient(scenario: Scenario): Scenario {
  return { ...scenario, given: { ...scenario.given, gracePeriodSeconds: 120 } };
}

/** Runs the script to its end, and lets what it asks for happen before it goes on. */
async function witness(python: string, { aws, operator, folder }: Sandbox): Promise<Witnessed> {
  const script = join(import.meta.dirname, 'operator-with-boto3.py');
  const child = spawn(python, [script, JSON.stringify(NEWER), ...WALK], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      AWS_ENDPOINT_URL: aws.url,
      AWS_DEFAULT_REGION: ORDERS.region,
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 100_000,
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { readonly play?: ScenarioName | 'one-off' } & Witnessed; // as the script prints it
    if (said.play === undefined) return said;
    if (said.play === 'one-off')
      simulatedOf(aws.world).script('witness', {
        log: [{ atSeconds: 1, line: 'migrating' }],
        exit: { code: 3, afterSeconds: 20 },
      });
    else play(aws.world, ON, patient(scenarios[said.play]));
    child.stdin.write('\n');
  }
  throw new Error(`the script ended without a word: ${complaints}`);
}
