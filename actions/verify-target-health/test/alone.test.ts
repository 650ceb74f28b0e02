import { describe, expect, test } from '@jest/globals';
import type { ServiceDeployment } from '@tenant-delivery/deployment/observed';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { type AloneInputs, readVerifyInputs } from '../src/inputs.ts';
import { runAlone } from '../src/run-alone.ts';
import type { AloneWorld } from '../src/verify-world.ts';
import {
  ARN,
  alarm,
  CHILD,
  GROUP,
  looksOf,
  NEW,
  OTHER,
  type Story,
  service,
  target,
  task,
  UNASKED,
} from './a-verification.ts';

const PROBE_IMAGE = `registry.example/base/node@${OTHER}`;
const REGISTERED = {
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'orders', containerPort: 8080 }],
};
const REVISION = `${ARN}:service-revision/acme-prod/orders`;

interface Case extends Story {
  /** Statuses of the newest deployment, one a look; the last stays. None: ECS has forgotten it. */
  readonly statuses?: readonly string[];
  readonly rolledBackTo?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly unregistered?: boolean;
}

async function alone(story: Case = {}, given: Partial<AloneInputs> = {}) {
  const clock = fakeClock();
  const runner = fakeRunner();
  const start = clock.now();
  const statuses = [...(story.statuses ?? ['SUCCESSFUL'])];
  const document = story.unregistered ? {} : REGISTERED;
  const looks = looksOf({ ...story, revision: document }, runner, clock, start);
  const asked: string[] = [];
  const world: AloneWorld = {
    ...looks,
    services: {
      ...looks.services,
      service: async () => ({ ...service(NEW), desired: story.look?.(0).desired ?? 2, document }),
      deployments: async () =>
        statuses.length === 0
          ? []
          : [
              {
                arn: 'deployment-2',
                targetRevision: `${REVISION}/2`,
                createdAt: start,
                status: statuses[0] ?? '',
              },
            ],
      deployment: async (arn) =>
        deployment(arn, (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? '', story),
      revision: async (arn) => {
        asked.push(arn);
        return { ...(await looks.services.revision(arn)), targetGroups: story.unregistered ? [] : [GROUP] };
      },
    },
    identity: { account: '000011112222', arn: 'arn:aws:iam::000011112222:user/ci', partition: 'aws' },
    tags: async (arn) => (arn.includes(':service/') ? (story.tags ?? {}) : {}),
  };
  const inputs: AloneInputs = {
    contract: 'none',
    cluster: 'acme-prod',
    service: 'orders',
    account: undefined,
    region: undefined,
    'timeout-minutes': 10,
    'wait-minutes': 10,
    ...UNASKED,
    'probe-image': undefined,
    image: [],
    zones: [],
    alarms: [],
    'bake-minutes': undefined,
    'bake-samples': undefined,
    'slo-error-percent': undefined,
    'slo-p95-milliseconds': undefined,
    ...given,
  };
  return { outcome: await runAlone(inputs, world), runner, asked, seconds: (clock.now() - start) / 1000 };
}

function deployment(arn: string, status: string, { rolledBackTo }: Case): ServiceDeployment {
  const none = { requested: 0, running: 0, pending: 0 };
  return {
    arn,
    targetRevision: `${REVISION}/2`,
    status,
    reason: undefined,
    strategy: 'ROLLING',
    stage: undefined,
    productionWeight: undefined,
    testWeight: undefined,
    hooks: [],
    tasks: none,
    sources: [],
    createdAt: Date.UTC(2026, 10, 24, 8, 50),
    finishedAt: Date.UTC(2026, 10, 24, 8, 55),
    breaker: undefined,
    alarms: [],
    rollback: rolledBackTo === undefined ? undefined : { reason: undefined, revision: rolledBackTo },
  };
}

describe('a service without a contract', () => {
  test('is verified as it runs now, and nothing is recorded', async () => {
    const { outcome, asked } = await alone();
    expect(outcome).toMatchObject({ outcome: 'verified', ok: true, facts: { service: 'orders' } });
    expect(outcome.summary).toContain('behind `acme-prod-internal` (internal)');
    expect(asked).toEqual([`${REVISION}/2`]);
  });

  test('is waited for while a deployment is in progress, and not beyond the time limit', async () => {
    const { outcome, seconds } = await alone({ statuses: ['IN_PROGRESS', 'IN_PROGRESS', 'SUCCESSFUL'] });
    expect(outcome).toMatchObject({ outcome: 'verified' });
    expect(seconds).toBe(15);
    await expect(alone({ statuses: ['IN_PROGRESS'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_IN_PROGRESS',
    });
  });

  test('that was rolled back is verified as what it went back to, and the log says so', async () => {
    const back = { statuses: ['ROLLBACK_SUCCESSFUL'], rolledBackTo: `${REVISION}/1` };
    const { asked, runner } = await alone(back);
    expect(asked).toEqual([`${REVISION}/1`]);
    expect(runner.log).toContain(
      'The newest deployment ended as ROLLBACK_SUCCESSFUL; what serves now is verified',
    );
  });

  test('whose deployment ECS has forgotten is verified by what the service itself says', async () => {
    const { outcome, asked } = await alone({ statuses: [] });
    expect(outcome).toMatchObject({ outcome: 'verified' });
    expect(asked).toEqual([]);
  });

  test.each<[string, Case, Partial<AloneInputs>]>([
    ['IMAGE_DIGEST_MISMATCH', {}, { image: [OTHER] }],
    ['OK', {}, { image: [OTHER, CHILD] }],
    ['OK', {}, { zones: ['eu-west-1a', 'eu-west-1b'] }],
    ['TARGETS_NOT_HEALTHY', {}, { zones: ['eu-west-1a', 'eu-west-1c'] }],
    [
      'TARGETS_NOT_HEALTHY_IN_TIME',
      { look: () => ({ tasks: [task(1), task(3)], targets: [target(1), target(3)] }) },
      { zones: ['eu-west-1a', 'eu-west-1b'] },
    ],
    ['OK', { look: () => ({ alarms: [alarm('a', 'OK')] }) }, { alarms: ['a'] }],
    ['BAKE_INCONCLUSIVE', {}, { alarms: ['a'] }],
    ['BAKE_UNHEALTHY', {}, { 'slo-p95-milliseconds': 100 }],
    [
      'BAKE_INCONCLUSIVE',
      { look: () => ({ requests: { requests: 1, errors: 0, p95Milliseconds: 1, samples: 1 } }) },
      { 'slo-p95-milliseconds': 100 },
    ],
    ['SERVICE_WITHOUT_TASKS', { look: () => ({ tasks: [], targets: [], desired: 0 }) }, {}],
    [
      'TARGETS_UNVERIFIABLE',
      { look: () => ({ targets: [target(1), target(2, 'unavailable', 'Target.HealthCheckDisabled')] }) },
      {},
    ],
  ])('ends with %s: %j %j', async (code, story, given) => {
    expect((await alone(story, given)).outcome).toMatchObject({ reasonCode: code, ok: code === 'OK' });
  });

  test.each<[string, Case]>([
    ['SERVICE_CONTRACTED', { tags: { 'tenant-delivery:contract': 'acme/prod' } }],
    ['SERVICE_WITHOUT_TARGETS', { unregistered: true }],
    ['TARGET_GROUP_UNUSED', { attached: () => [] }],
  ])('is refused with %s: %j', async (code, story) => {
    await expect(alone(story)).rejects.toMatchObject({ code });
  });
});

describe('the inputs', () => {
  const AGREED = {
    contract: 'signed',
    tenant: 'acme',
    environment: 'prod',
    account: '000011112222',
    region: 'eu-west-1',
    service: 'orders',
    change: 'baking',
    'timeout-minutes': '20',
    'wait-minutes': '10',
  };
  const ALONE = {
    contract: 'none',
    cluster: 'acme-prod',
    service: 'Orders_v2',
    'timeout-minutes': '20',
    'wait-minutes': '10',
  };
  const mistakes = (inputs: Readonly<Record<string, string>>): readonly string[] => {
    try {
      readVerifyInputs(fakeRunner({ inputs }));
      return [];
    } catch (thrown) {
      return (thrown as { details: readonly string[] }).details; // INPUTS_INVALID
    }
  };

  test('are those of one way or of the other', () => {
    expect(readVerifyInputs(fakeRunner({ inputs: AGREED }))).toMatchObject({
      kind: 'agreed',
      given: { tenant: 'acme', report: undefined },
    });
    expect(
      readVerifyInputs(fakeRunner({ inputs: { ...ALONE, alarms: 'a\nb\n', image: CHILD } })),
    ).toMatchObject({
      kind: 'alone',
      given: { alarms: ['a', 'b'], image: [CHILD], 'bake-minutes': undefined },
    });
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['cluster is given: leave it out, it belongs to `contract: none`', { ...AGREED, cluster: 'acme-prod' }],
    ['slo-error-percent is given: leave it out', { ...AGREED, 'slo-error-percent': '1' }],
    ['tenant is given: leave it out, it belongs to a service of a contract', { ...ALONE, tenant: 'acme' }],
    ['tenant is missing: give the tenant id of the contract', { ...AGREED, tenant: '' }],
    ['service is "Orders_v2": give the service name of the contract', { ...AGREED, service: 'Orders_v2' }],
    ['cluster is missing: give the name of the ECS cluster', { ...ALONE, cluster: '' }],
    ['probe is "healthz": give a path such as /healthz', { ...AGREED, probe: 'healthz' }],
    ['probe is "/a?b": give a path such as /healthz, without a query', { ...AGREED, probe: '/a?b' }],
    ['probe-status is "299-200": give a status', { ...AGREED, probe: '/', 'probe-status': '299-200' }],
    ['probe-seconds is given without probe: give probe too', { ...AGREED, 'probe-seconds': '3' }],
    ['probe-image is missing: give an image', { ...ALONE, probe: '/' }],
    [
      'probe-image is "node:24": give an image by its digest',
      { ...ALONE, probe: '/', 'probe-image': 'node:24' },
    ],
    ['probe-image is given: leave it out', { ...AGREED, probe: '/', 'probe-image': PROBE_IMAGE }],
    ['zones has "euw1-az1": give the name of a zone', { ...ALONE, zones: 'euw1-az1' }],
    ['slo-error-percent is "1e3": give a number from 0 to 100', { ...ALONE, 'slo-error-percent': '1e3' }],
    ['wait-minutes is 10: give at least 60', { ...ALONE, 'bake-minutes': '60' }],
    ['wait-minutes is 10: give at least 13', { ...ALONE, 'bake-minutes': '10', 'slo-error-percent': '1' }],
    ['contract is "nome": give one of signed, none; did you mean none?', { ...AGREED, contract: 'nome' }],
    ['clutser is not an input of this action: did you mean cluster?', { ...ALONE, clutser: 'x' }],
  ])('that are wrong are told: %s', (said, given) => {
    expect(mistakes(given)).toEqual([expect.stringContaining(said)]);
  });

  test('that are wrong are told all at once', () => {
    expect(mistakes({ contract: 'signed', 'timeout-minutes': '0', 'wait-minutes': '61' })).toHaveLength(8);
  });
});
