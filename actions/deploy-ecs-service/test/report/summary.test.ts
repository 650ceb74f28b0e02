import { expect, test } from '@jest/globals';
import {
  type DeploymentReport,
  DeploymentReport as Schema,
} from '@tenant-delivery/deployment/follow/deployment-report';
import { boundedTimeline, type TimelineEntry } from '@tenant-delivery/deployment/follow/timeline';
import fc from 'fast-check';
import * as v from 'valibot';
import { consoleLink } from '../../src/report/console-link.ts';
import { rolloutDiagram } from '../../src/report/rollout-diagram.ts';
import { deployHeadline, deployRemedy, deploySummary } from '../../src/report/summary.ts';

const AWS = { local: false };

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 9, 0, seconds)).toISOString();
const entry = (
  kind: TimelineEntry['kind'],
  name: string,
  from: number,
  more: Partial<TimelineEntry> = {},
) => ({
  kind,
  name,
  from: at(from),
  until: null,
  zone: null,
  ended: null,
  ...more,
});
const DIGEST = `sha256:${'1'.repeat(64)}` as const;
const DEPLOYMENT = 'arn:aws:ecs:eu-west-1:111122223333:service-deployment/acme-prod/orders/abcDEF';

const aReport = (more: Partial<DeploymentReport> = {}): DeploymentReport => ({
  schemaVersion: 1,
  change: 'chg_1',
  target: {
    tenant: 'acme',
    environment: 'prod',
    account: '111122223333',
    region: 'eu-west-1',
    service: 'orders',
  },
  plan: DIGEST,
  outcome: 'paused',
  why: 'ECS waits at POST_TEST_TRAFFIC_SHIFT at the pause hook-1',
  cluster: 'acme-prod',
  container: 'orders',
  image: `registry/orders@${DIGEST}`,
  taskDefinition: 'orders:8',
  previousTaskDefinition: 'orders:7',
  serviceDeployment: DEPLOYMENT,
  serviceRevision: null,
  rollout: 'ecs-svc/2',
  tasks: { requested: 2, running: 2, pending: 0 },
  zones: { 'eu-west-1a': 1, 'eu-west-1b': 1 },
  breaker: { failures: 1, threshold: 3 },
  causes: [],
  followed: {
    seenIn: 'service-deployment',
    strategy: 'BLUE_GREEN',
    stage: 'POST_TEST_TRAFFIC_SHIFT',
    status: 'IN_PROGRESS',
    limitSeconds: 1200,
    pause: {
      hook: 'hook-1',
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      expiresAt: at(3600),
      timeoutAction: 'ROLLBACK',
    },
    alarms: ['orders-5xx'],
    weights: [
      { at: at(0), production: 0, test: null },
      { at: at(60), production: 5, test: 100 },
    ],
    timeline: [
      entry('stage', 'SCALE_UP', 0, { until: at(60) }),
      entry('task', 'aaaabbbbcccc', 3, { until: at(20), zone: 'eu-west-1a', ended: 'exit 3' }),
      entry('event', '(service orders) has started 2 tasks', 4),
    ],
    serving: null,
  },
  startedAt: at(0),
  finishedAt: at(90),
  ...more,
});

test('the summary shows where a deployment stands: pause, traffic, zones, the way there, and its page', () => {
  const report = aReport();
  expect(v.safeParse(Schema, report).success).toBe(true);
  const summary = deploySummary(report, AWS);
  expect(deployHeadline(report)).toBe(
    'The deployment of orders has paused: ECS waits at POST_TEST_TRAFFIC_SHIFT at the pause hook-1. Answer it by the workflow resume.yml, with `continue` or `rollback`.',
  );
  for (const part of [
    '| waits at | `hook-1` at `POST_TEST_TRAFFIC_SHIFT`, until 2026-11-24 10:00:00 UTC; then it rolls back |',
    '| traffic | 09:00:00 0 % → 09:01:00 5 % (test 100 %) (UTC) |',
    '| began, ended | 2026-11-24 09:00:00 to 09:01:30 UTC (90 s) |',
    '| alarms | `orders-5xx` |',
    '| `eu-west-1a` | 1 | 1 |\n| `eu-west-1b` | 1 | 0 |',
    '[open in the console](https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/acme-prod/services/orders/deployments/abcDEF?region=eu-west-1)',
    '```mermaid\ngantt\n',
    'task aaaabbbb in eu-west-1a, exit 3 :crit, 2026-11-24 09:00:03, 2026-11-24 09:00:20',
    'at 09.00.04 has started 2 tasks :milestone, 2026-11-24 09:00:04, 0s',
  ]) {
    expect(summary).toContain(part);
  }
  expect(deploySummary(report, { local: true })).not.toContain('open in the console');
  expect(summary).not.toContain('<details>');
  const ended = deploySummary(aReport({ outcome: 'deployed' }), AWS);
  expect(ended).toMatch(/^<details><summary><b>orders of acme\/prod: deployed<\/b> /);
});

test('the annotation of a bad end tells by itself what happened, the last words, what serves and what to do', () => {
  const cause = {
    class: 'crash',
    certainty: 'certain',
    count: 2,
    task: 'arn:aws:ecs:eu-west-1:111122223333:task/acme-prod/0f1e',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    container: 'orders',
    exitCode: 3,
    containerReason: null,
    advice: 'Its last log lines say why.',
    log: ['starting', 'Error: no database', ''],
  };
  const serving = { taskDefinition: 'a/orders:8', desired: 2, running: { 'a/orders:7': 1 }, healthy: null };
  const { followed } = aReport();
  const report = aReport({
    outcome: 'failed',
    why: '2 tasks: container orders exited with code 3',
    causes: [cause],
    ...(followed && { followed: { ...followed, pause: null, serving } }),
  });
  expect(`${deployHeadline(report)}\nWhat to do: ${deployRemedy(report)}`.split('\n')).toEqual([
    'The deployment of orders failed: 2 tasks: container orders exited with code 3.',
    'Last line of orders: Error: no database',
    'Serves now: 1 task of orders:7 (health unknown); the service wants 2 of orders:8.',
    'What to do: Its last log lines say why. ECS keeps trying until another deployment begins.',
  ]);
  const [heading, why, remedy] = deploySummary(report, AWS).split('\n\n');
  expect([heading, why, remedy]).toEqual([
    '### `orders` of `acme/prod`: failed',
    '2 tasks: container orders exited with code 3.',
    '**What to do:** Its last log lines say why. ECS keeps trying until another deployment begins.',
  ]);
});

test('a report of an older release, without the way, is one still', () => {
  const { followed: _, ...older } = aReport({ outcome: 'deployed' });
  expect(v.safeParse(Schema, older).success).toBe(true);
  expect(deploySummary(older, AWS)).not.toContain('mermaid');
});

/** What Mermaid's grammar of a Gantt diagram leaves for a name: no word of its own at the beginning, no mark of it inside. */
const LINE =
  /^ {4}(section (Deployment|Tasks|Events)|(stage|task|at \d\d\.\d\d\.\d\d)( [^\n\r:#;{}<>`"'\\[\]|$&@!?*~^]*)? :(crit|done|active|milestone), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, (0s|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d))$/u;

test('nothing that others call a stage, a task or an event can break the drawing or reach beyond it', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom(
      'section x',
      '```\n# out',
      '%%{init: {}}%%',
      'a :crit, 2026-01-01, 1d',
      'click a href "x"',
      '<img>',
    ),
  );
  const kinds = fc.constantFrom('stage' as const, 'task' as const, 'event' as const);
  const entries = fc.array(
    fc
      .tuple(kinds, hostile, hostile, fc.nat(99))
      .map(([kind, name, zone, from]) =>
        entry(kind, name, from, kind === 'task' ? { zone, ended: name } : {}),
      ),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(entries, (timeline) => {
      const lines = rolloutDiagram(timeline, at(100)).split('\n');
      expect(lines.slice(0, 4)).toEqual([
        '```mermaid',
        'gantt',
        '    dateFormat YYYY-MM-DD HH:mm:ss',
        '    axisFormat %H:%M:%S',
      ]);
      expect(lines.at(-1)).toBe('```');
      const drawn = lines.slice(4, -1);
      for (const line of drawn) expect(line).toMatch(LINE);
      expect(drawn.filter((line) => !line.startsWith('    section'))).toHaveLength(timeline.length);
    }),
  );
});

test('a rollout of five thousand tasks and events is drawn in a bounded size, with the tasks that ended', () => {
  const long = 'n'.repeat(900);
  const all = Array.from({ length: 5000 }, (_, n) =>
    entry((['stage', 'task', 'event'] as const)[n % 3] ?? 'event', `${long}${n}`, n, {
      ended: n === 4999 - (4999 % 3) + 1 ? 'exit 3' : null,
    }),
  );
  const kept = boundedTimeline(all);
  expect(kept.some(({ ended }) => ended === 'exit 3')).toBe(true);
  expect(JSON.stringify(kept).length).toBeLessThan(60_000);
  expect(rolloutDiagram(kept, at(9000)).length).toBeLessThan(15_000);
});

test.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://console.amazonaws-us-gov.com/'],
  ['aws-cn', 'cn-north-1', 'https://console.amazonaws.cn/'],
])('the page of a service deployment in %s', (partition, region, host) => {
  const link = consoleLink(
    `arn:${partition}:ecs:${region}:111122223333:service-deployment/acme-prod/or ders/a-b_c`,
  );
  expect(link).toBe(`${host}ecs/v2/clusters/acme-prod/services/or%20ders/deployments/a-b_c?region=${region}`);
});

test.each([
  'ecs-svc/2',
  'arn:aws-iso:ecs:us-iso-east-1:1:service-deployment/a/b/c',
  'arn:aws:ecs:x):1:service-deployment/a/b/c',
  'arn:aws:ecs:eu-west-1:1:service/a/b',
])('has no page for %s', (arn) => {
  expect(consoleLink(arn)).toBeUndefined();
});
