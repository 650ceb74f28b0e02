import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { ProbePlan } from '../../src/probe/plan-probe.ts';
import { probe } from '../../src/probe/probe.ts';
import { aVerification, looksOf, OTHER, type Story } from '../a-verification.ts';
import { aProbe, DENIED, PROBE_TASK, type ProbeStory, probeRevision } from './a-probe.ts';

const IMAGE = `base/node@${OTHER}`;
const WISH = {
  path: { value: '/orders', from: 'manifest' },
  status: { value: '200', from: 'default' },
  seconds: { value: 5, from: 'default' },
} as const;

async function probed(given: ProbeStory = {}, story: Story = {}) {
  const probe = aProbe(given);
  const made = await aVerification({ bake: { probe: WISH }, probeImage: IMAGE, probe, ...story });
  return { ...made, probe };
}

test('a manifest that asks for a probe is verified only after an own task was answered through the balancer', async () => {
  const { verify, find, probe } = await probed();
  const { outcome, runner } = await verify();
  expect(outcome).toMatchObject({ outcome: 'verified', ok: true, facts: { verdict: 'healthy' } });
  expect(outcome.headline).toContain('through the balancer GET /orders got 200 in 12 ms');
  expect(runner.outputs).toMatchObject({ probe: 'healthy' });
  expect(await (await find()).document('health', HealthReport)).toMatchObject({
    healthy: true,
    probe: {
      url: 'http://internal-acme-prod-internal-1.eu-west-1.elb.amazonaws.com:80/orders',
      task: PROBE_TASK,
      answered: { status: 200, milliseconds: 12 },
      verdict: 'healthy',
    },
  });
  expect(probe.stopped).toEqual([]);
});

test("the task has the contract's image and the service's network, and no role, no secret, no public address", async () => {
  const { verify, probe } = await probed();
  await verify();
  expect(probe.registered).toEqual([
    {
      family: 'acme-prod-orders-probe',
      image: expect.stringMatching(new RegExp(`^[^/]+/${IMAGE}$`)),
      executionRole: expect.stringMatching(/acme-prod-orders-execution$/),
      log: { group: '/td/acme/prod/orders', region: 'eu-west-1' },
    },
  ]);
  expect(probe.run).toMatchObject([
    {
      container: 'probe',
      key: expect.stringMatching(/^[0-9a-f]{40}$/),
      service: {
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-a'],
            securityGroups: ['sg-1'],
            assignPublicIp: 'DISABLED',
          },
        },
      },
    },
  ]);
});

test('an equal revision of an earlier probe is used again, and another one is not', async () => {
  const first = await alone({});
  const again = await alone({ newest: probeRevision(first.definition) });
  expect([again.registered, again.run[0]?.taskDefinition]).toEqual([[], expect.stringMatching(/-probe:4$/)]);
  const other = await alone({
    newest: probeRevision({ ...first.definition, image: 'elsewhere/node:latest' }),
  });
  expect(other.registered).toHaveLength(1);
});

const line = (kind: string, status: number) => async () => [
  `{"probe":2,"kind":"${kind}","milliseconds":9,"status":${status}}`,
];

/** One probe by itself, without a delivery around it. */
async function alone(story: ProbeStory) {
  const [runner, clock, made] = [fakeRunner(), fakeClock(), aProbe(story)];
  const { services } = looksOf({ probe: made }, runner, clock, clock.now());
  const plan: ProbePlan = {
    service: 'orders',
    terms: { path: '/orders', status: '200', seconds: 5 },
    route: { host: 'internal', port: 80, tls: false, name: 'internal', path: '/orders' },
    definition: {
      family: 'acme-prod-orders-probe',
      image: IMAGE,
      executionRole: 'execution',
      log: { group: 'g', region: 'r' },
    },
    place: {},
  };
  const world = { runner, clock, services };
  const ended = await probe(
    world,
    { logs: made.probing.logs, open: async () => made.hands },
    plan,
    async () => {},
  );
  return { ...made, ...ended, definition: plan.definition };
}

describe('a probe that is not answered well', () => {
  test.each<[ProbeStory, string, string]>([
    [{ exitCode: 10, lines: line('status', 502) }, 'unhealthy', 'got 502, and must get 200'],
    [{ exitCode: 11, lines: async () => [] }, 'unhealthy', 'no answer in 5 s'],
    [{ exitCode: 13, lines: async () => [] }, 'inconclusive', 'could not be reached'],
    [{ exitCode: 127, lines: async () => [] }, 'inconclusive', 'exit code 127'],
    [{ lines: line('status', 500) }, 'inconclusive', 'contradict'],
    [{ run: DENIED }, 'inconclusive', 'AWS denied ecs:RunTask'],
    [{ run: async () => ({ refused: 'RESOURCE:ENI' }) }, 'inconclusive', 'RESOURCE:ENI'],
    [{ run: async () => 'unknown' }, 'inconclusive', 'ECS did not answer'],
    [{ register: async () => 'unknown' }, 'inconclusive', 'did not answer whether it registered'],
    [{ statuses: ['PENDING'] }, 'inconclusive', 'did not start in 5 minutes'],
    [{ statuses: ['RUNNING'] }, 'inconclusive', 'did not end in time'],
    [{ statuses: ['RUNNING'], stop: DENIED }, 'inconclusive', 'did not end in time'],
  ])('%j is %s: %s', async (story, verdict, words) => {
    const seen = await alone(story);
    expect(seen).toMatchObject({ verdict, why: expect.stringContaining(words) });
    expect(seen.stopped).toEqual('statuses' in story ? [PROBE_TASK] : []);
  });

  test('is judged by its exit code where its log cannot be read', async () => {
    expect(await alone({ lines: DENIED })).toMatchObject({ verdict: 'healthy', status: null });
  });

  test.each<[string, ProbeStory, string]>([
    ['PROBE_UNHEALTHY', { exitCode: 10, lines: line('status', 502) }, 'failed'],
    ['PROBE_INCONCLUSIVE', { run: DENIED }, 'inconclusive'],
  ])('ends the delivery with %s: never verified', async (code, story, word) => {
    const { verify, find } = await probed(story);
    const { outcome, runner } = await verify();
    expect(outcome).toMatchObject({ outcome: word, reasonCode: code, ok: false });
    expect(runner.outputs).toMatchObject({ probe: word === 'failed' ? 'unhealthy' : 'inconclusive' });
    expect((await find()).state).toBe('failed');
  });
});

describe('a probe that cannot be made', () => {
  const elsewhere: ProbeStory = {
    rules: [
      {
        priority: '10',
        conditions: [{ field: 'path-pattern', values: ['/api/*'] }],
        forwards: [
          {
            group: 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/acme-prod-orders/1',
            weight: 1,
          },
        ],
      },
    ],
  };

  test('is inconclusive, said before anybody waits, and starts nothing', async () => {
    const { verify, probe, find } = await probed(elsewhere);
    const { outcome, runner } = await verify();
    expect(outcome).toMatchObject({ outcome: 'inconclusive', reasonCode: 'PROBE_INCONCLUSIVE' });
    expect(runner.log).toContain(
      'warning: The balancer cannot be probed from inside: rule 10 of port 80 takes /api/*, and the probe asks for /orders',
    );
    expect([probe.registered, probe.run]).toEqual([[], []]);
    expect((await find()).state).toBe('failed');
  });

  test('because the contract names no image is inconclusive', async () => {
    const made = await aVerification({ bake: { probe: WISH }, probe: aProbe() });
    const { outcome } = await made.verify();
    expect(outcome).toMatchObject({ reasonCode: 'PROBE_INCONCLUSIVE' });
    expect(outcome.headline).toContain('the contract names no image for probes');
  });

  test('because its rules may not be seen is inconclusive, and a failure of another kind is one of the run', async () => {
    const denied = await probed({ front: DENIED });
    expect((await denied.verify()).outcome).toMatchObject({ reasonCode: 'PROBE_INCONCLUSIVE' });
    const lost = await probed({
      front: async () => Promise.reject(new Failure('LOCK_LOST', 'gone', 'Wait.')),
    });
    await expect(lost.verify()).rejects.toMatchObject({ code: 'LOCK_LOST' });
  });

  test('as an input asks for it is a wrong input', async () => {
    const { verify, find } = await probed(elsewhere, { bake: {} });
    await expect(verify(fakeRunner(), { probe: '/orders' })).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
    });
    expect((await find()).state).toBe('deploying');
  });

  test('because two ask for different ones is a wrong input', async () => {
    const { verify } = await probed();
    await expect(verify(fakeRunner(), { probe: '/orders' })).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
      message: expect.stringContaining('leave it out, the manifest asks for a probe of /orders'),
    });
  });
});

test('a cancelled run stops the task of its probe and leaves the change to be settled', async () => {
  const { verify, find, probe, clock } = await probed({ statuses: ['RUNNING'] });
  const runner = fakeRunner();
  clock.at(30_000, () => runner.cancel());
  const { outcome } = await verify(runner);
  expect(outcome).toMatchObject({ outcome: 'cancelled', reasonCode: 'VERIFICATION_CANCELLED' });
  expect(probe.stopped).toEqual([PROBE_TASK]);
  expect((await find()).state).toBe('deploying');
});

test('a bake begins only after a good probe', async () => {
  const bake = {
    probe: WISH,
    bake: { minutes: { value: 5, from: 'manifest' }, samples: { value: 2, from: 'manifest' } },
  } as const;
  const well = await probed({}, { bake });
  expect((await well.verify()).outcome).toMatchObject({
    outcome: 'verified',
    facts: { probe: { verdict: 'healthy' }, bake: { verdict: 'healthy' } },
  });
  const ill = await probed({ exitCode: 10, lines: line('status', 500) }, { bake });
  expect((await ill.verify()).outcome).toMatchObject({
    reasonCode: 'PROBE_UNHEALTHY',
    facts: { bake: null },
  });
});
