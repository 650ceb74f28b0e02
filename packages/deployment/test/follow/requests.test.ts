import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aRollout, OLD, type Shown } from './a-rollout.ts';

const SIZES = [2, 10, 50, 100]; // tasks
const BEGINNING = 21; // requests until following begins: tests/stories counts them with all others
const WINDOW = 600; // seconds

type Script = (seconds: number) => Shown;

/** How many of these moments have passed. */
const past = (moments: readonly number[], seconds: number) => moments.filter((at) => at <= seconds).length;

/** Tasks that start and become healthy at these seconds; an old one goes for each. */
function replaced(starts: readonly number[], healthyAfter: number): Script {
  return (seconds) => {
    const healthy = past(starts, seconds - healthyAfter);
    return {
      requested: starts.length,
      running: past(starts, seconds),
      healthy,
      old: starts.length - healthy,
    };
  };
}

const evenly = (tasks: number, from: number, until: number) =>
  Array.from({ length: tasks }, (_, index) => from + Math.round((index * (until - from)) / tasks));

/** Rollouts of ten minutes that end well, by the number of tasks. */
const WELL: Readonly<Record<string, (tasks: number) => Script>> = {
  'one task after the other': (tasks) => replaced(evenly(tasks, 15, 570), 12),
  'in quick batches, then old tasks drain': (tasks) => (seconds) => ({
    ...replaced(evenly(tasks, 15, 200), 12)(seconds),
    ...(seconds > 250 && { old: Math.ceil((tasks * (600 - seconds)) / 600) }),
  }),
  'all at once, healthy one after the other': (tasks) => (seconds) => ({
    ...{ requested: tasks, running: tasks, old: tasks },
    healthy: past(evenly(tasks, 30, 580), seconds),
  }),
  'some die on the way, and others are healthy': (tasks) => (seconds) => ({
    ...replaced(evenly(tasks, 15, 570), 12)(seconds),
    deaths: evenly(tasks, 40, 560).filter((at) => at <= seconds),
    breaker: { failures: past(evenly(tasks, 40, 560), seconds), threshold: 1000 },
  }),
};

/** When each request was sent, by kind. */
async function requestsOf(script: Script, end = WINDOW - 3) {
  const made = aRollout({
    script: (seconds) => ({ ...(seconds >= end && { status: 'SUCCESSFUL' }), ...script(seconds) }),
    minutes: 30,
  });
  const sent: { readonly kind: string; readonly at: number }[] = [];
  made.state.before = (kind) => void sent.push({ kind, at: made.seconds() });
  return { made, sent, ending: await made.follow() };
}

/** The most requests in any time of this length, in seconds. */
function busiest(sent: readonly { readonly at: number }[], seconds: number): number {
  return Math.max(
    ...sent.map(({ at }) => sent.filter((one) => one.at >= at && one.at < at + seconds).length),
  );
}

/** Of the kind that was sent most in 30 seconds: how often. */
function busiestKind(sent: Awaited<ReturnType<typeof requestsOf>>['sent']): number {
  const kinds = Object.values(Object.groupBy(sent, ({ kind }) => kind));
  return Math.max(...kinds.map((times = []) => busiest(times, 30)));
}

describe('requests of a rollout do not grow with its tasks', () => {
  test.each(Object.entries(WELL))('ten minutes cost at most 150 of them: %s', async (_, shape) => {
    for (const tasks of SIZES) {
      const { sent, ending, made } = await requestsOf(shape(tasks));
      expect([tasks, ending.outcome]).toEqual([tasks, 'deployed']);
      expect(made.seconds()).toBeLessThanOrEqual(WINDOW + 5);
      expect(BEGINNING + sent.length).toBeLessThanOrEqual(150);
      expect(busiestKind(sent)).toBeLessThanOrEqual(15); // in 30 seconds
    }
  });

  test('however many there are, whenever they start and become healthy', async () => {
    const starts = fc.array(fc.integer({ min: 10, max: 560 }), { minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(starts, fc.integer({ min: 1, max: 60 }), async (at, healthyAfter) => {
        const { sent, ending } = await requestsOf(replaced(at, healthyAfter), 630);
        expect(ending.outcome).toBe('deployed');
        expect(BEGINNING + busiest(sent, WINDOW)).toBeLessThanOrEqual(150);
      }),
      { numRuns: 30 },
    );
  });

  test.each(SIZES)(
    'ten minutes in which ECS takes %d tasks back, one after the other, cost 150',
    async (tasks) => {
      const stops = evenly(tasks, 60, 650);
      const { sent, ending } = await requestsOf((seconds) => ({
        ...{ requested: seconds < 50 ? tasks : 0, healthy: 0, old: tasks },
        running: seconds < 10 ? 0 : tasks - past(stops, seconds),
        ...(seconds >= 50 && { status: 'ROLLBACK_IN_PROGRESS', reason: 'an alarm' }),
        ...(seconds >= 660 && { status: 'ROLLBACK_SUCCESSFUL', names: OLD }),
      }));
      expect(ending.outcome).toBe('rolled-back');
      expect(
        busiest(
          sent.filter(({ at }) => at > 60),
          WINDOW,
        ),
      ).toBeLessThanOrEqual(150);
      expect(busiestKind(sent)).toBeLessThanOrEqual(15);
    },
  );
});
