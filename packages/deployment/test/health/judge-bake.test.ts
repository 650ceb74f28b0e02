import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { type AlarmObservation, judgeAlarms } from '../../src/health/alarms.ts';
import {
  type BakeFacts,
  bakeEnd,
  bakeLimit,
  bakeSpans,
  judgeBake,
  METRICS_LATE,
} from '../../src/health/judge-bake.ts';
import { judgeSlo } from '../../src/health/slo.ts';
import type { AlarmState, RequestMetrics, Task } from '../../src/observed.ts';

const DEPLOYED = Date.UTC(2026, 10, 24, 8, 50);
const BEGAN = DEPLOYED + 10 * MINUTE;

function alarm(state: string, since: number | undefined = DEPLOYED - 3_600_000): AlarmState {
  return { name: 'orders-5xx', state, reason: undefined, since };
}

/** The alarm at each look, a minute apart; `undefined` where it does not exist. */
function looks(...seen: readonly (AlarmState | undefined)[]): readonly AlarmObservation[] {
  return seen.map((each, index) => ({ at: BEGAN + index * MINUTE, alarms: each ? [each] : [] }));
}

const LATER = BEGAN + MINUTE;

describe('an alarm', () => {
  test.each<[string, readonly (AlarmState | undefined)[], string]>([
    ['that stays OK is quiet', [alarm('OK'), alarm('OK'), alarm('OK')], 'quiet'],
    ['that goes into ALARM was set off by us', [alarm('OK'), alarm('ALARM', LATER)], 'caused'],
    [
      'that went off and is OK again, too',
      [alarm('OK'), alarm('ALARM', LATER), alarm('OK', LATER + 1)],
      'caused',
    ],
    ['in ALARM since our rollout was set off by us', [alarm('ALARM', DEPLOYED + 1)], 'caused'],
    [
      'that goes off without a time, too',
      [alarm('OK', undefined), { ...alarm('ALARM'), since: undefined }],
      'caused',
    ],
    ['in ALARM before us is not ours', [alarm('ALARM'), alarm('ALARM')], 'before'],
    ['in ALARM before us proves nothing by getting OK', [alarm('ALARM'), alarm('OK', LATER)], 'before'],
    ['that never had data is unknown', [alarm('INSUFFICIENT_DATA'), alarm('INSUFFICIENT_DATA')], 'unknown'],
    ['that gets its first data is quiet', [alarm('INSUFFICIENT_DATA'), alarm('OK', LATER)], 'quiet'],
    ['that has no more data, and had, is quiet', [alarm('OK'), alarm('INSUFFICIENT_DATA', LATER)], 'quiet'],
    ['that does not exist is unknown', [undefined, undefined], 'unknown'],
    ['that is taken away is unknown', [alarm('OK'), undefined], 'unknown'],
    ['that left OK unseen is unknown', [alarm('OK'), alarm('OK', LATER)], 'unknown'],
  ])('%s', (_, seen, verdict) => {
    expect(judgeAlarms(['orders-5xx'], looks(...seen), DEPLOYED)).toMatchObject([{ verdict }]);
  });

  test('is told with its states before, during and after', () => {
    const seen = looks(alarm('OK'), alarm('OK'), alarm('INSUFFICIENT_DATA', LATER), alarm('OK', LATER + 1));
    expect(judgeAlarms(['orders-5xx'], seen, DEPLOYED)).toMatchObject([
      { before: 'OK', during: ['INSUFFICIENT_DATA'], after: 'OK' },
    ]);
  });
});

const WELL: RequestMetrics = { requests: 1000, errors: 5, p95Milliseconds: 180, samples: 10 };

test.each<[Parameters<typeof judgeSlo>[0], Partial<RequestMetrics>, string]>([
  [{ errorPercent: 1 }, {}, 'met'],
  [{ errorPercent: 0.5 }, {}, 'met'],
  [{ errorPercent: 0.4 }, {}, 'missed'],
  [{ p95Milliseconds: 180 }, {}, 'met'],
  [{ p95Milliseconds: 179 }, {}, 'missed'],
  [{ p95Milliseconds: 180 }, { p95Milliseconds: undefined }, 'unknown'],
  [{ errorPercent: 0.4 }, { p95Milliseconds: undefined }, 'missed'],
  [{ errorPercent: 100 }, { requests: 0, errors: 0 }, 'unknown'],
])('an SLO of %j with %j is %s', (slo, metrics, verdict) => {
  expect(judgeSlo(slo, { ...WELL, ...metrics }).verdict).toBe(verdict);
});

function seen(more: Partial<BakeFacts> & { readonly terms?: BakeFacts['terms'] } = {}): BakeFacts {
  return {
    terms: { minutes: 10, samples: 3, alarms: ['orders-5xx'], slo: { errorPercent: 1 } },
    beganAt: BEGAN,
    deployedFrom: DEPLOYED,
    now: BEGAN + 13 * MINUTE,
    alarms: looks(alarm('OK'), alarm('OK')),
    metrics: WELL,
    looks: 2,
    stopped: [],
    ...more,
  };
}

function crash(n: number, more: Partial<Task> = {}): Task {
  return {
    arn: `task/${n}`,
    taskDefinition: 'td:8',
    startedBy: 'ecs-svc/2',
    lastStatus: 'STOPPED',
    zone: 'eu-west-1a',
    address: undefined,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1, reason: undefined, imageDigest: undefined }],
    ...more,
  };
}

const SPOT = {
  stopCode: 'SpotInterruption',
  stoppedReason: 'Your Spot Task was interrupted.',
  containers: [],
};

describe('a bake', () => {
  test.each<[string, Partial<BakeFacts>, string]>([
    ['with quiet alarms and its SLO met is healthy', {}, 'healthy'],
    ['is not over before its time', { now: BEGAN + 10 * MINUTE - 1 }, 'going'],
    ['is not over before its metrics are there', { now: BEGAN + 10 * MINUTE }, 'going'],
    ['without enough samples goes on', { metrics: { ...WELL, samples: 2 } }, 'going'],
    [
      'whose alarm went off is unhealthy at once',
      { now: LATER, alarms: looks(alarm('OK'), alarm('ALARM', LATER)) },
      'unhealthy',
    ],
    [
      'whose tasks crash is unhealthy at once',
      { now: LATER, stopped: [crash(1), crash(2), crash(3)] },
      'unhealthy',
    ],
    ['is not ended by one crash', { stopped: [crash(1)] }, 'healthy'],
    ['is not ended by interruptions', { stopped: [1, 2, 3, 4].map((n) => crash(n, SPOT)) }, 'healthy'],
    ['that misses its SLO is unhealthy', { metrics: { ...WELL, errors: 50 } }, 'unhealthy'],
    [
      'with an alarm from before is at best inconclusive',
      { alarms: looks(alarm('ALARM'), alarm('OK', LATER)) },
      'inconclusive',
    ],
    [
      'with an alarm from before still fails on its SLO',
      { alarms: looks(alarm('ALARM')), metrics: { ...WELL, errors: 50 } },
      'unhealthy',
    ],
    [
      'with an alarm without data is inconclusive',
      { alarms: looks(alarm('INSUFFICIENT_DATA')) },
      'inconclusive',
    ],
    [
      'whose requests nobody measured is never healthy',
      { metrics: undefined, now: BEGAN + 90 * MINUTE },
      'inconclusive',
    ],
    [
      'without requests waits for them',
      { metrics: { requests: 0, errors: 0, p95Milliseconds: undefined, samples: 0 } },
      'going',
    ],
    [
      'without requests for an hour more is inconclusive',
      {
        metrics: { requests: 0, errors: 0, p95Milliseconds: undefined, samples: 0 },
        now: BEGAN + 70 * MINUTE,
      },
      'inconclusive',
    ],
    [
      'with too few bad samples is not called unhealthy for them',
      { metrics: { ...WELL, samples: 1, errors: 50 }, now: BEGAN + 70 * MINUTE },
      'inconclusive',
    ],
    [
      'without an SLO counts looks',
      { terms: { minutes: 10, samples: 3, alarms: [], slo: undefined }, metrics: undefined },
      'going',
    ],
    [
      'without an SLO needs no requests',
      {
        terms: { minutes: 10, samples: 2, alarms: [], slo: undefined },
        metrics: undefined,
        now: BEGAN + 10 * MINUTE,
      },
      'healthy',
    ],
  ])('%s', (_, more, verdict) => {
    expect(judgeBake(seen(more)).verdict).toBe(verdict);
  });

  test('says when it is worth looking again', () => {
    const terms = { minutes: 30, samples: 3, alarms: [], slo: { errorPercent: 1 } };
    const end = BEGAN + 30 * MINUTE + METRICS_LATE;
    expect(bakeEnd(terms, BEGAN)).toBe(end);
    expect(judgeBake(seen({ terms, now: LATER })).until).toBe(end);
    const few = { ...WELL, samples: 1 };
    expect(judgeBake(seen({ terms, now: end, metrics: few })).until).toBe(end + 15 * MINUTE);
    const limit = bakeLimit(terms, BEGAN);
    expect(judgeBake(seen({ terms, now: limit - MINUTE, metrics: few })).until).toBe(limit);
  });

  test('measures itself, at any time that a run concludes it', () => {
    const span = { from: BEGAN, until: BEGAN + 10 * MINUTE };
    expect(bakeSpans({ minutes: 10 }, BEGAN, LATER)).toEqual([{ from: BEGAN, until: LATER }]);
    const [own, wider] = bakeSpans({ minutes: 10 }, BEGAN, BEGAN + 48 * 60 * MINUTE);
    expect(own).toEqual(span);
    expect(wider).toEqual({ from: BEGAN, until: BEGAN + 70 * MINUTE });
  });

  test('whatever is seen: healthy means all of the time, all of the samples, every alarm quiet and the SLO met', () => {
    const state = fc.constantFrom('OK', 'OK', 'ALARM', 'INSUFFICIENT_DATA');
    const since = fc.constantFrom(DEPLOYED - MINUTE, DEPLOYED + MINUTE, undefined);
    const alarms = fc.array(fc.record({ state, since }), { minLength: 1, maxLength: 4 });
    const metrics = fc.record({
      requests: fc.nat(100),
      errors: fc.nat(3),
      p95Milliseconds: fc.option(fc.nat(300), { nil: undefined }),
      samples: fc.nat(5),
    });
    const minutes = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(alarms, fc.option(metrics, { nil: undefined }), minutes, (states, measured, passed) => {
        const terms = {
          minutes: 10,
          samples: 3,
          alarms: ['orders-5xx'],
          slo: { errorPercent: 1, p95Milliseconds: 200 },
        };
        const given = looks(...states.map(({ state, since }) => ({ ...alarm(state), since })));
        const judged = judgeBake(
          seen({ terms, now: BEGAN + passed * MINUTE, alarms: given, metrics: measured }),
        );
        if (judged.verdict !== 'healthy') return;
        expect(passed).toBeGreaterThanOrEqual(13);
        expect(states.some((each) => each.state === 'ALARM')).toBe(false);
        expect(states.some((each) => each.state === 'OK')).toBe(true);
        expect(measured?.samples).toBeGreaterThanOrEqual(3);
        expect(measured?.requests).toBeGreaterThan(0);
        expect((measured?.errors ?? 100) / (measured?.requests ?? 1)).toBeLessThanOrEqual(0.01);
        expect(measured?.p95Milliseconds).toBeLessThanOrEqual(200);
      }),
    );
  });
});
