import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DescribeTaskDefinitionCommandOutput,
  RegisterTaskDefinitionCommandOutput,
  Task,
} from '@aws-sdk/client-ecs';
import type {
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetHealthCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Given, play, type Scenario, type ScenarioName, scenarios } from '../src/scenarios/index.ts';
import { applicationAutoscaling } from '../src/services/application-autoscaling.ts';
import { elasticloadbalancing } from '../src/services/elasticloadbalancing.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, ask, image, manualWorld, REGION, withOrders } from './manual-world.ts';

const ON = { account: ACCOUNT, region: REGION, cluster: 'acme-prod', service: 'orders' };

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
let targetGroupArn: string;
beforeEach(async () => {
  world = manualWorld();
  api = ecsApi(world);
  ({ targetGroupArn } = await withOrders(world));
});

/** Releases what runs with another image, as a deployer does, while the scenario happens; answers after this long. */
async function released(
  name: ScenarioName,
  seconds: number,
  given: Given = {},
  tasks: Scenario['tasks'] = scenarios[name].tasks,
) {
  const scenario: Scenario = scenarios[name];
  play(world, ON, { ...scenario, tasks, given: { ...scenario.given, ...given } });
  const running = (await api.service()).taskDefinition;
  const { taskDefinition } = await api.call<DescribeTaskDefinitionCommandOutput>('DescribeTaskDefinition', {
    taskDefinition: running,
  });
  const {
    family,
    networkMode,
    cpu,
    memory,
    executionRoleArn,
    requiresCompatibilities,
    containerDefinitions,
  } = taskDefinition ?? {};
  const registered = await api.call<RegisterTaskDefinitionCommandOutput>('RegisterTaskDefinition', {
    ...{ family, networkMode, cpu, memory, executionRoleArn, requiresCompatibilities },
    containerDefinitions: containerDefinitions?.map((one) => ({ ...one, image: image('b') })),
  });
  const ours = registered.taskDefinition?.taskDefinitionArn;
  await api.update({ taskDefinition: ours });
  await world.run(seconds);
  const of = (tasks: readonly Task[]) => tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn === ours);
  return {
    service: await api.service(),
    deployment: await api.latest(),
    running: of(await api.tasks('RUNNING')),
    stopped: of(await api.tasks('STOPPED')),
  };
}

const targets = async (more: object = {}) => {
  const { TargetHealthDescriptions } = await ask<DescribeTargetHealthCommandOutput>(
    elasticloadbalancing.operations['DescribeTargetHealth'],
    { TargetGroupArn: targetGroupArn, ...more },
    world.call,
  );
  return TargetHealthDescriptions ?? [];
};

test('each file is a scenario, found by its name, that says what happens', () => {
  const files = readdirSync(join(import.meta.dirname, '../src/scenarios'));
  const names = files.map((file) => file.replace(/\.ts$/, ''));
  const rest = ['index', 'play', 'scenario'];
  expect(Object.keys(scenarios).sort()).toEqual(names.filter((name) => !rest.includes(name)).sort());
  for (const { says } of Object.values(scenarios)) expect(says).toMatch(/^\w.* .* .*[^.]$/);
});

describe('a release whose tasks fail is rolled back by the breaker, and its tasks say why', () => {
  const INIT = 'TaskFailedToStart undefined ResourceInitializationError:';
  test.each<[ScenarioName, string | RegExp]>([
    [
      'image-not-found',
      /^TaskFailedToStart undefined CannotPullContainerError: .*not found; CannotPull.* not found$/,
    ],
    ['image-denied', /CannotPullContainerError: .* 403 Forbidden$/],
    ['image-for-another-platform', /matching platform 'linux\/amd64'$/],
    ['image-timeout', /CannotPullContainerError: .*i\/o timeout$/],
    ['secret-not-found', new RegExp(`^${INIT} .*ResourceNotFoundException: .*; undefined$`)],
    ['secret-denied', new RegExp(`^${INIT} .*assumed-role/acme-prod-orders-execution/[0-9a-f]{32} is not`)],
    ['secret-timeout', new RegExp(`^${INIT} .*context deadline exceeded`)],
    ['log-group-missing', new RegExp(`^${INIT} failed to validate logger args: .*log group does not exist`)],
    [
      'command-not-started',
      /^TaskFailedToStart undefined Task failed to start; CannotStartContainerError: .*no such file/,
    ],
    [
      'checks-wrong-code',
      /^ServiceSchedulerInitiated 0 Task failed ELB health checks in \(target-group arn:/,
    ],
    ['checks-timeout', /Task failed ELB health checks in/],
    ['checks-refused', /Task failed ELB health checks in/],
    ['container-check-fails', 'ServiceSchedulerInitiated 0 Task failed container health checks; undefined'],
  ])('%s', async (name, expected) => {
    const { deployment, stopped } = await released(name, 900);
    expect(deployment.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(stopped.length).toBeGreaterThanOrEqual(3);
    for (const { stopCode, stoppedReason, containers } of stopped.slice(0, 3)) {
      const [container] = containers ?? [];
      const said = `${stopCode} ${container?.exitCode} ${stoppedReason}; ${container?.reason}`;
      if (typeof expected === 'string') expect(said).toBe(expected);
      else
        expect(said.replace(/; undefined$/, name.startsWith('secret-not') ? '; undefined' : '')).toMatch(
          expected,
        );
    }
  });
});

describe('a release whose tasks end by themselves says with which code, whatever the breaker makes of it', () => {
  test.each<[ScenarioName, string, number, string | undefined]>([
    ['crash-loop', 'ROLLBACK_SUCCESSFUL', 1, undefined],
    ['crash-after-healthy', 'SUCCESSFUL', 1, undefined],
    ['out-of-memory', 'ROLLBACK_SUCCESSFUL', 137, 'OutOfMemoryError: Container killed due to memory usage'],
  ])('%s', async (name, status, exitCode, reason) => {
    const { deployment, stopped } = await released(name, 240);
    expect(deployment.status).toBe(status);
    const own = stopped.filter((task) => !task.stoppedReason?.startsWith('Scaling activity'));
    expect(own.length).toBeGreaterThanOrEqual(2);
    for (const { stopCode, stoppedReason, containers } of own) {
      expect([stopCode, stoppedReason]).toEqual([
        'EssentialContainerExited',
        'Essential container in task exited',
      ]);
      expect(containers?.[0]).toMatchObject({ exitCode, ...(reason === undefined ? {} : { reason }) });
    }
  });
});

describe('a release that ends well, whatever happens around it', () => {
  test.each<[ScenarioName, readonly string[]]>([
    ['healthy', []],
    ['one-crash', ['EssentialContainerExited Essential container in task exited']],
    ['spot-interruption', ['SpotInterruption Your Spot Task was interrupted.']],
    ['stopped-by-a-person', ['UserInitiated Task stopped by user']],
    ['slow-start-within-grace', []],
    ['capacity-unavailable', []],
    ['zone-shifted-away', []],
    ['anomaly', []],
    ['balancer-internal-error', []],
    ['checks-disabled', []],
    ['scaled-out-meanwhile', []],
  ])('%s', async (name, expected) => {
    const { deployment, running, stopped } = await released(name, 400);
    expect(deployment.status).toBe('SUCCESSFUL');
    expect(running).toHaveLength(name === 'scaled-out-meanwhile' ? 4 : 2);
    expect(stopped.map(({ stopCode, stoppedReason }) => `${stopCode} ${stoppedReason}`)).toEqual(expected);
  });
});

test('without a breaker a crash loop goes on and on', async () => {
  const { deployment, running, stopped } = await released('crash-loop', 1_800, { breaker: 'off' });
  expect(deployment.status).toBe('IN_PROGRESS');
  expect(stopped.length).toBeGreaterThan(10);
  expect(running.length).toBeLessThanOrEqual(2);
  expect((await api.service()).deployments).toHaveLength(2);
});

test('while no task can be placed there is no task, only an event', async () => {
  const { deployment, running, stopped, service } = await released('placement-impossible', 300);
  expect([deployment.status, running, stopped]).toEqual(['IN_PROGRESS', [], []]);
  expect(service.events?.[0]?.message).toMatch(
    /^\(service orders\) was unable to place a task\. Reason: You/,
  );
});

test('a service deployment that somebody stops goes back', async () => {
  expect((await released('deployment-stopped-by-a-person', 20)).deployment.status).toBe(
    'ROLLBACK_IN_PROGRESS',
  );
});

describe('what the load balancer says of the targets', () => {
  test.each<[ScenarioName, number, string]>([
    [
      'checks-wrong-code',
      25,
      'unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [503]',
    ],
    ['checks-timeout', 25, 'unhealthy Target.Timeout Request timed out'],
    ['checks-refused', 25, 'unhealthy Target.FailedHealthChecks Health checks failed'],
    [
      'balancer-internal-error',
      25,
      'unavailable Elb.InternalError Target health is unavailable due to an internal error',
    ],
    [
      'checks-disabled',
      25,
      'unavailable Target.HealthCheckDisabled Health checks are disabled for the target group',
    ],
    [
      'address-unusable',
      25,
      'unused Target.IpUnusable The IP address cannot be used as a target, as it is in use by a load balancer',
    ],
    [
      'target-group-unused',
      25,
      'unused Target.NotInUse Target group is not configured to receive traffic from the load balancer',
    ],
    ['slow-start-within-grace', 40, 'unhealthy Target.FailedHealthChecks Health checks failed'],
    ['healthy', 25, 'healthy undefined undefined'],
  ])('%s', async (name, seconds, expected) => {
    const scenario: Scenario = scenarios[name];
    play(world, ON, { ...scenario, given: { gracePeriodSeconds: 60, ...scenario.given } });
    const old = (await targets()).map(({ Target }) => Target?.Id);
    await api.release('b');
    const seen = new Set<string>();
    for (let second = 0; second < seconds; second += 1) {
      await world.run(1);
      for (const { Target, TargetHealth } of await targets())
        if (!old.includes(Target?.Id))
          seen.add(`${TargetHealth?.State} ${TargetHealth?.Reason} ${TargetHealth?.Description}`);
    }
    expect([...seen]).toContain(expected);
  });

  test('a zone from which traffic was shifted away shows on its targets alone', async () => {
    await released('zone-shifted-away', 60);
    const seen = (await targets()).map(
      ({ Target, TargetHealth, AdministrativeOverride }) =>
        `${Target?.AvailabilityZone} ${TargetHealth?.State} ${AdministrativeOverride?.State}`,
    );
    expect(seen.sort()).toEqual(['eu-west-1a healthy zonal_shift_active', 'eu-west-1b healthy no_override']);
  });

  test('an anomaly shows on the target that has it, for those who ask', async () => {
    await released('anomaly', 120);
    expect((await targets()).map(({ AnomalyDetection }) => AnomalyDetection)).toEqual([undefined, undefined]);
    const asked = await targets({ Include: ['AnomalyDetection'] });
    expect(asked.map(({ AnomalyDetection }) => AnomalyDetection?.Result).sort()).toEqual([
      'anomalous',
      'normal',
    ]);
  });
});

test('a target group whose shares grow slowly says for how long', async () => {
  await released('share-grows-slowly', 120);
  const { Attributes } = await ask<DescribeTargetGroupAttributesCommandOutput>(
    elasticloadbalancing.operations['DescribeTargetGroupAttributes'],
    { TargetGroupArn: targetGroupArn },
    world.call,
  );
  expect(Attributes).toContainEqual({ Key: 'slow_start.duration_seconds', Value: '120' });
});

test('another scenario takes the place of one that was never released, and clears what one left behind', async () => {
  play(world, ON, scenarios['placement-impossible']);
  expect((await released('healthy', 200)).deployment.status).toBe('SUCCESSFUL');
  await released('placement-impossible', 60);
  expect((await released('healthy', 200)).deployment.status).toBe('SUCCESSFUL');
});

test('what autoscaling did is found with its cause', async () => {
  await released('scaled-out-meanwhile', 60);
  const input = { ServiceNamespace: 'ecs', ResourceId: 'service/acme-prod/orders' };
  const seen = ask(applicationAutoscaling.operations['DescribeScalingActivities'], input, world.call);
  expect(await seen).toMatchObject({
    ScalingActivities: [{ StatusCode: 'Successful', Description: 'Setting desired count to 4.' }],
  });
});

describe("a container's own check", () => {
  const containerHealthCheck = { command: ['CMD', '/srv/ready'], interval: 60, timeout: 2, retries: 2 };

  test('must pass before the task takes the place of another, whatever the load balancer says', async () => {
    const { running } = await released('healthy', 50, { containerHealthCheck });
    expect(running.map(({ lastStatus, healthStatus }) => `${lastStatus} ${healthStatus}`)).toEqual([
      'RUNNING UNKNOWN',
      'RUNNING UNKNOWN',
    ]);
    expect(await api.tasks()).toHaveLength(4);
    await world.run(80);
    expect((await api.latest()).status).toBe('SUCCESSFUL');
    expect((await api.tasks()).map(({ healthStatus }) => healthStatus)).toEqual(['HEALTHY', 'HEALTHY']);
  });

  test.each([
    [
      'without it a release counts as good although its tasks exit soon after they answered',
      {},
      'SUCCESSFUL',
    ],
    ['with it they count as failed', { containerHealthCheck }, 'ROLLBACK_SUCCESSFUL'],
  ])('%s', async (_, given, status) => {
    const tasks = [{ healthyAfterSeconds: 0, exit: { code: 1, afterSeconds: 20 } }] as const;
    expect((await released('healthy', 600, given, tasks)).deployment.status).toBe(status);
  });
});

test('the container whose own check fails shows it, and so does its task', async () => {
  const health = async () =>
    (await api.tasks()).map(({ healthStatus, containers }) => [healthStatus, containers?.[0]?.healthStatus]);
  expect(await health()).toEqual([
    ['UNKNOWN', 'UNKNOWN'],
    ['UNKNOWN', 'UNKNOWN'],
  ]);
  const { stopped } = await released('container-check-fails', 60);
  expect(stopped[0]).toMatchObject({
    healthStatus: 'UNHEALTHY',
    containers: [{ healthStatus: 'UNHEALTHY' }],
  });
});
