import { expect, test } from '@jest/globals';
import { configuredRest, healthyPercentAtTheEnd, knownWaiting } from '../../src/strategies/time-limit.ts';

const shifting = (strategy: string, more: Record<string, unknown> = {}) => ({ strategy, ...more });
const network = (kind: 'net' | 'app') => [
  {
    targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/orders/1',
    advancedConfiguration: {
      productionListenerRule: `arn:aws:elasticloadbalancing:eu-west-1:000011112222:listener/${kind}/internal/1/2`,
    },
  },
];

test.each<readonly [number, Record<string, unknown>, unknown?]>([
  [0, {}],
  [0, { strategy: 'ROLLING', alarms: { enable: false, alarmNames: ['a'], rollback: true } }],
  [5, { strategy: 'ROLLING', alarms: { enable: true, alarmNames: ['a'], rollback: true } }],
  [
    3,
    {
      strategy: 'ROLLING',
      bakeTimeInMinutes: 3,
      alarms: { enable: true, alarmNames: ['a'], rollback: true },
    },
  ],
  [15, shifting('BLUE_GREEN', { bakeTimeInMinutes: 15 })],
  [0, shifting('BLUE_GREEN', { bakeTimeInMinutes: 0 })],
  [10, shifting('CANARY')],
  [35, shifting('CANARY', { bakeTimeInMinutes: 5, canaryConfiguration: { canaryBakeTimeInMinutes: 30 } })],
  [54, shifting('LINEAR')], // ten steps of 10 %, six minutes after each but the last
  [
    19,
    shifting('LINEAR', {
      bakeTimeInMinutes: 7,
      linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 4 },
    }),
  ],
  [0, shifting('LINEAR', { linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 4 } })],
  [17, shifting('BLUE_GREEN', { bakeTimeInMinutes: 7 }), network('net')],
  [7, shifting('BLUE_GREEN', { bakeTimeInMinutes: 7 }), network('app')],
  [30, shifting('CANARY'), network('net')],
  [0, shifting('CANARY', { canaryConfiguration: { canaryBakeTimeInMinutes: 0 }, bakeTimeInMinutes: 'ten' })],
])('%d minutes of known waiting: %j', (minutes, deploymentConfiguration, loadBalancers = []) => {
  const service = JSON.parse(JSON.stringify({ deploymentConfiguration, loadBalancers }));
  const waiting = knownWaiting(service);
  expect(waiting.milliseconds).toBe(minutes * 60_000);
  expect(waiting.parts.length > 0).toBe(minutes > 0);
});

test('early success is what the configuration says, not what it leaves out', () => {
  expect(healthyPercentAtTheEnd({})).toBe(100);
  const earlySuccessCriteria = { enable: true, healthyPercent: 50 };
  expect(healthyPercentAtTheEnd({ deploymentConfiguration: { earlySuccessCriteria } })).toBe(50);
  const off = { earlySuccessCriteria: { enable: false, healthyPercent: 50 } };
  expect(healthyPercentAtTheEnd({ deploymentConfiguration: off })).toBe(100);
});

test.each<readonly [number, Partial<Parameters<typeof configuredRest>[0]>]>([
  [4, { strategy: 'CANARY', stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 5 }],
  [3, { strategy: 'LINEAR', stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 50 }],
  [0, { strategy: 'LINEAR', stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 100 }],
  [0, { strategy: 'LINEAR', stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 0 }],
  [0, { strategy: 'LINEAR', stage: 'PRODUCTION_TRAFFIC_SHIFT' }],
  [0, { strategy: 'BLUE_GREEN', stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 50 }],
  [0, { strategy: 'CANARY', stage: 'POST_TEST_TRAFFIC_SHIFT', productionWeight: 5 }],
  [2, { strategy: 'BLUE_GREEN', stage: 'BAKE_TIME', productionWeight: 100 }],
  [0, { strategy: 'BLUE_GREEN', stage: 'BAKE_TIME', configuration: undefined }],
  [0, { strategy: 'ROLLING', stage: 'BAKE_TIME' }],
])('rests for %d minutes and no longer, as far as its configuration says: %j', (minutes, shown) => {
  const configuration = {
    bakeTimeInMinutes: 2,
    canaryConfiguration: { canaryBakeTimeInMinutes: 4 },
    linearConfiguration: { stepBakeTimeInMinutes: 3 },
  };
  const described = { configuration, ...shown } as Parameters<typeof configuredRest>[0]; // what is judged of it
  expect(configuredRest(described)).toBe(minutes * 60_000);
});
