import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import fc from 'fast-check';
import { explain } from '../../src/follow/explain.ts';
import { follow } from '../../src/follow/follow.ts';
import { answerPause } from '../../src/follow/pause.ts';
import { observeVisibility } from '../../src/follow/visibility.ts';
import { aRollout, DEPLOYMENT, denied, OLD, OURS, type Shown, type Story } from './a-rollout.ts';

/** A rolling deploy of ten minutes: started after 40 s, healthy after 70 s, then old tasks drain. */
const TEN_MINUTES = (seconds: number): Shown => {
  if (seconds < 20) return { status: seconds < 3 ? 'PENDING' : 'IN_PROGRESS', old: 2 };
  if (seconds < 40) return { running: 1, old: 2 };
  if (seconds < 70) return { running: 2, healthy: 0, old: 2 };
  return seconds < 600
    ? { running: 2, healthy: 2, old: seconds < 500 ? 2 : 1 }
    : { status: 'SUCCESSFUL', running: 2, healthy: 2 };
};

const BEGINNING = 23; // requests until following begins: tests/stories counts them with all others

const SHIFTING = (strategy: string, upAt: number, healthyAt: number) => (seconds: number) => ({
  strategy,
  configuration: {
    bakeTimeInMinutes: 4,
    canaryConfiguration: { canaryBakeTimeInMinutes: 4 },
    linearConfiguration: { stepBakeTimeInMinutes: 1 },
  },
  requested: seconds < 4 ? 0 : 2,
  running: seconds < upAt ? 0 : 2,
  healthy: seconds < healthyAt ? 0 : 2,
});

/** Deployments of about ten minutes. */
const LONG: Readonly<Record<string, (seconds: number) => Shown>> = {
  'rolling, old tasks drain for long': TEN_MINUTES,
  'rolling, starts late': (seconds) => ({ running: seconds < 580 ? 0 : 2, healthy: seconds < 590 ? 0 : 2 }),
  'rolling, healthy late': (seconds) => ({ running: seconds < 20 ? 0 : 2, healthy: seconds < 590 ? 0 : 2 }),
  'rolling, one of two healthy for long': (seconds) => ({
    running: seconds < 20 ? 0 : 2,
    healthy: seconds < 40 ? 0 : seconds < 590 ? 1 : 2,
  }),
  canary: (seconds) => ({
    ...SHIFTING('CANARY', 20, 40)(seconds),
    ...(seconds < 60
      ? { stage: 'SCALE_UP', weight: 0 }
      : seconds < 302
        ? { stage: 'PRODUCTION_TRAFFIC_SHIFT', weight: 5 }
        : { stage: seconds < 310 ? 'POST_PRODUCTION_TRAFFIC_SHIFT' : 'BAKE_TIME', weight: 100 }),
  }),
  linear: (seconds) => ({
    ...SHIFTING('LINEAR', 20, 40)(seconds),
    ...(seconds < 60
      ? { stage: 'SCALE_UP', weight: 0 }
      : { stage: 'PRODUCTION_TRAFFIC_SHIFT', weight: Math.min(90, 10 * Math.ceil((seconds - 59) / 62)) }),
  }),
  'blue/green, scales up for long': (seconds) => ({
    ...SHIFTING('BLUE_GREEN', 300, 560)(seconds),
    ...(seconds < 562 ? { stage: 'SCALE_UP', weight: 0 } : { stage: 'POST_SCALE_UP', weight: 0 }),
  }),
};

describe('calls', () => {
  test.each(Object.entries(LONG))(
    'ten minutes cost at most 150 requests, begun and all, and never 0.5 a second of one kind: %s',
    async (what, script) => {
      const end = { status: 'SUCCESSFUL', running: 2, healthy: 2 };
      const made = aRollout({
        script: (seconds) => (seconds < 597 ? script(seconds) : { ...script(seconds), ...end }),
        events: [
          { at: 2, message: '(service orders) has started 2 tasks: (task a) (task b).' },
          { at: 595, message: '(service orders) has reached a steady state.' },
        ],
      });
      const at: Record<string, number[]> = {};
      made.state.before = (call) => {
        at[call] = [...(at[call] ?? []), made.seconds()];
      };
      expect((await made.follow()).outcome).toBe('deployed');
      expect(made.seconds()).toBe(600);
      const counts = Object.fromEntries(Object.entries(at).map(([call, times]) => [call, times.length]));
      process.stdout.write(
        `calls of ten minutes (${what}): ${JSON.stringify(counts)}, ${made.calls.length} in all\n`,
      );
      expect(BEGINNING + made.calls.length).toBeLessThanOrEqual(150);
      for (const times of Object.values(at)) {
        const busiest = times.map((from) => times.filter((time) => time >= from && time < from + 30).length);
        expect(Math.max(...busiest)).toBeLessThanOrEqual(15);
      }
    },
  );

  test('asks for the service deployment no more than once a look, however it goes', async () => {
    const made = aRollout({
      script: (seconds) => ({ deaths: [12, 13], running: seconds < 12 ? 2 : 0, healthy: 0 }),
    });
    const times: number[] = [];
    made.state.before = (call) => void (call === 'DescribeServiceDeployments' && times.push(made.seconds()));
    await made.follow();
    expect(new Set(times).size).toBe(times.length);
  });
});

describe('how soon', () => {
  test('whenever ECS calls it SUCCESSFUL, five seconds later it is reported', async () => {
    const script =
      (end: number, healthyAt: number) =>
      (seconds: number): Shown =>
        seconds < end
          ? { running: seconds < healthyAt / 2 ? 0 : 2, healthy: seconds < healthyAt ? 0 : 2 }
          : { status: 'SUCCESSFUL', running: 2, healthy: 2 };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 0, max: 180 }),
        async (end, before) => {
          const made = aRollout({ script: script(end, Math.max(15, end - before)) });
          expect((await made.follow()).outcome).toBe('deployed');
          expect(made.seconds()).toBeGreaterThanOrEqual(end);
          expect(made.seconds()).toBeLessThanOrEqual(end + 5);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a rest that was configured hides no news: an end or a pause is said within 5 s, a way back within 10', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('CANARY', 'LINEAR', 'BLUE_GREEN'),
        fc.double({ min: 60, max: 70, noNaN: true }),
        fc.constantFrom(0, 0.5, 3, 9),
        fc.double({ min: 0, max: 300, noNaN: true }),
        fc.constantFrom('end', 'pause', 'way back'),
        async (strategy, began, more, turned, news) => {
          const shifting = strategy === 'BLUE_GREEN' || news !== 'pause';
          const stage = shifting ? 'BAKE_TIME' : 'PRODUCTION_TRAFFIC_SHIFT';
          const over = began + (shifting || strategy === 'CANARY' ? 240 : 60) + more; // never before the rest is over
          const at = news === 'way back' ? Math.min(over, began + turned) : over;
          const then: Record<typeof news, Shown> = {
            end: { status: 'SUCCESSFUL' },
            pause: { hooks: [HOOK] },
            'way back': { status: 'ROLLBACK_IN_PROGRESS', reason: 'an alarm' },
          };
          const made = aRollout({
            script: (seconds) => ({
              ...SHIFTING(strategy, 20, 40)(seconds),
              ...(seconds < began
                ? { stage: 'SCALE_UP', weight: 0 }
                : { stage, weight: shifting ? 100 : 10 }),
              ...(seconds >= at && then[news]),
              ...(seconds >= at + 60 && news === 'way back' && { status: 'ROLLBACK_SUCCESSFUL' }),
            }),
          });
          let saidAt = 0;
          Object.assign(made.runner, {
            info: (line: string) => {
              if (/^(It will not end well|SUCCESSFUL|.*waits at hook)/.test(line)) saidAt ||= made.seconds();
            },
          });
          await made.follow();
          expect(saidAt).toBeGreaterThanOrEqual(at);
          expect(saidAt - at).toBeLessThanOrEqual(news === 'way back' ? 10 : 5);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a crash loop, seen in no count at all, is stopped within 15 s of the second dead task', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 2 }),
        async (first, apart, running) => {
          const made = aRollout({ script: () => ({ deaths: [first, first + apart], running, healthy: 0 }) });
          const ending = await made.follow();
          expect(ending).toMatchObject({ outcome: 'rolled-back', rolledBack: true });
          expect((made.state.rollBackAt ?? Number.POSITIVE_INFINITY) - first - apart).toBeLessThanOrEqual(15);
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([31, 34, 38])(
    'a rollback of the circuit breaker at %d s is said with its cause within 10 s',
    async (turned) => {
      const made = aRollout({
        script: (seconds) => ({
          status:
            seconds < turned ? 'IN_PROGRESS' : seconds < 300 ? 'ROLLBACK_IN_PROGRESS' : 'ROLLBACK_SUCCESSFUL',
          reason: 'deployment circuit breaker: tasks failed to start.',
          deaths: [10, 20, 30],
          ...(seconds < turned ? { requested: 2, running: 1 } : { requested: 0, running: 0 }),
          healthy: 1, // one that ours does not despair of
          breaker: { failures: 3, threshold: 3 },
        }),
      });
      let saidAt = 0;
      const { info } = made.runner;
      Object.assign(made.runner, {
        info: (line: string) => {
          if (/^It will not end well: .*circuit breaker/.test(line)) saidAt ||= made.seconds();
          info(line);
        },
      });
      const ending = await made.follow();
      expect(ending).toMatchObject({ outcome: 'rolled-back', rolledBack: true });
      expect(ending.last?.stopped).toHaveLength(3);
      expect(saidAt).toBeGreaterThanOrEqual(turned);
      expect(saidAt - turned).toBeLessThanOrEqual(10);
      expect(made.calls).not.toContain('StopServiceDeployment');
    },
  );
});

describe('the log', () => {
  test('has a line for each change of state, each event once as their words, and nothing for a look', async () => {
    const hostile = '::error::not a command\n::add-mask::x';
    const made = aRollout({
      script: (seconds) => ({
        strategy: 'CANARY',
        stage: seconds < 60 ? 'SCALE_UP' : seconds < 120 ? 'PRODUCTION_TRAFFIC_SHIFT' : 'BAKE_TIME',
        weight: seconds < 60 ? 0 : seconds < 120 ? 5 : 100,
        running: seconds < 30 ? 0 : 2,
        healthy: seconds < 50 ? 0 : 2,
        ...(seconds > 600 && { status: 'SUCCESSFUL' }),
      }),
      events: [
        { at: -50, message: 'of a deployment before' },
        { at: 40, message: '(service orders) was unable to place a task.' },
        { at: 45, message: hostile },
      ],
    });
    const verbatim: string[] = [];
    Object.assign(made.runner, { verbatim: (lines: readonly string[]) => verbatim.push(...lines) });
    const ending = await made.follow();
    expect(ending.outcome).toBe('deployed');
    expect(made.runner.log).toEqual([
      'IN_PROGRESS (SCALE_UP): 0 of 2 new tasks running, 2 pending, 0 % of the traffic',
      'IN_PROGRESS (SCALE_UP): 2 of 2 new tasks running, 0 % of the traffic',
      'IN_PROGRESS (SCALE_UP): 2 of 2 new tasks running, 0 healthy at the load balancer, 0 % of the traffic',
      'IN_PROGRESS (SCALE_UP): 2 of 2 new tasks running, 2 healthy at the load balancer, 0 % of the traffic',
      'IN_PROGRESS (PRODUCTION_TRAFFIC_SHIFT): 2 of 2 new tasks running, 2 healthy at the load balancer, 5 % of the traffic',
      'IN_PROGRESS (BAKE_TIME): 2 of 2 new tasks running, 2 healthy at the load balancer, 100 % of the traffic',
      'SUCCESSFUL (BAKE_TIME): 2 of 2 new tasks running, 2 healthy at the load balancer, 100 % of the traffic',
    ]);
    expect(verbatim).toEqual([
      expect.stringMatching(/^ {2}ECS warns \d\d:\d\d:\d\d UTC: was unable to place a task\.$/),
      expect.stringMatching(/^ {2}ECS \d\d:\d\d:\d\d UTC: ::error::not a command ::add-mask::x$/),
    ]);
    expect(ending.followed).toMatchObject({
      strategy: 'CANARY',
      stage: 'BAKE_TIME',
      weights: [{ production: 0 }, { production: 5 }, { production: 100 }],
      timeline: expect.arrayContaining([
        expect.objectContaining({ kind: 'stage', name: 'PRODUCTION_TRAFFIC_SHIFT' }),
        expect.objectContaining({ kind: 'task', zone: 'eu-west-1a', ended: null }),
        expect.objectContaining({ kind: 'event', name: expect.stringContaining('unable to place') }),
      ]),
    });
  });

  test('an event of a failure ends nothing: ECS goes on trying until the time limit', async () => {
    const made = aRollout({
      minutes: 5,
      script: () => ({ running: 1, healthy: 1 }),
      events: [{ at: 10, message: '(service orders) was unable to place a task: capacity is unavailable.' }],
    });
    const ending = await made.follow();
    expect(ending).toMatchObject({ outcome: 'timed-out', rolledBack: true });
    expect(ending.why).toContain('unable to place a task: capacity is unavailable');
    expect(made.state.rollBackAt).toBe(300);
  });
});

test('waiting that was configured is no time of the rollout: a bake of an hour is not a timeout', async () => {
  const made = aRollout({
    minutes: 10,
    service: { deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 } },
    script: (seconds) => ({
      strategy: 'BLUE_GREEN',
      stage: 'BAKE_TIME',
      running: 2,
      healthy: 2,
      ...(seconds > 65 * 60 && { status: 'SUCCESSFUL' }),
    }),
  });
  const ending = await made.follow();
  expect(ending).toMatchObject({ outcome: 'deployed', followed: { limitSeconds: 70 * 60 } });
  expect(made.log()).toMatch(
    /^The time limit is 2026-11-24 \d\d:\d\d:\d\d UTC: 60 min later than requested, because ECS is configured to wait \(the bake: 60 min\)$/m,
  );
});

test('early success counts, though only half of the tasks are healthy', async () => {
  const made = aRollout({
    service: { deploymentConfiguration: { earlySuccessCriteria: { enable: true, healthyPercent: 50 } } },
    script: (seconds) => ({ running: 1, healthy: 1, ...(seconds >= 33 && { status: 'SUCCESSFUL' }) }),
  });
  expect((await made.follow()).outcome).toBe('deployed');
  expect(made.seconds()).toBe(35);
});

const HOOK = {
  id: 'hook-1',
  status: 'AWAITING_ACTION',
  expiresAt: Date.UTC(2026, 10, 25, 9),
  timeoutAction: 'ROLLBACK',
};
const PAUSING = (seconds: number, answered: number | undefined): Shown => ({
  strategy: 'BLUE_GREEN',
  stage: 'POST_TEST_TRAFFIC_SHIFT',
  running: 2,
  healthy: 2,
  // ECS shows an answered hook for a while yet
  hooks: seconds >= 30 && (answered === undefined || seconds < answered + 12) ? [HOOK] : [],
  ...(answered !== undefined && seconds > answered + 60 && { status: 'SUCCESSFUL' }),
});

describe('a target that can never be healthy', () => {
  const UP = { running: 2, healthy: 0 };
  const SOON = 40; // seconds: two looks at the targets once the tasks run

  test.each([
    ['Target.NotInUse', 2, 'Attach the target group to a listener'],
    ['Target.NotInUse', 1, 'Attach the target group to a listener'],
    ['Target.IpUnusable', 2, "The address belongs to a load balancer and can't be a target."],
  ])(
    '(%s, %d of two) ends the deployment at once, is rolled back and told',
    async (reason, count, advice) => {
      const made = aRollout({
        script: (seconds) => (seconds < 20 ? {} : { ...UP, healthy: 2, unused: { count, reason } }),
      });
      const ending = await made.follow();
      expect(ending).toMatchObject({ outcome: 'rolled-back', rolledBack: true });
      expect(ending.why).toMatch(
        new RegExp(
          `will never be healthy: ${reason}: words of the balancer; the previous version serves again`,
        ),
      );
      expect(made.state.rollBackAt).toBeLessThanOrEqual(SOON);
      expect(made.log()).toContain(advice);
      const causes = await explain(made.ports, ending.last);
      expect(causes).toMatchObject([
        { class: 'target-never-healthy', count, target: `${reason}: words of the balancer` },
      ]);
      expect(causes[0]?.advice).toContain(advice);
    },
  );

  test.each<readonly [string, string, Story]>([
    [
      'that one look shows alone',
      'deployed',
      {
        script: (seconds) => ({
          ...(seconds < 20 ? {} : UP),
          ...(seconds >= 20 && seconds < 31 && { unused: { count: 2, reason: 'Target.NotInUse' } }),
          ...(seconds >= 60 && { status: 'SUCCESSFUL', running: 2, healthy: 2 }),
        }),
      },
    ],
    [
      'before ECS has put the group of a shifting strategy into a rule',
      'deployed',
      {
        script: (seconds) => ({
          ...SHIFTING('BLUE_GREEN', 20, 70)(seconds),
          stage: 'SCALE_UP',
          weight: 0,
          ...(seconds >= 20 && seconds < 70 && { unused: { count: 2, reason: 'Target.NotInUse' } }),
          ...(seconds >= 80 && { status: 'SUCCESSFUL' }),
        }),
      },
    ],
    [
      'where enough others are by early success',
      'deployed',
      {
        service: {
          deploymentConfiguration: { earlySuccessCriteria: { enable: true, healthyPercent: 50 } },
        },
        script: (seconds) => ({
          ...{ requested: 4, running: 4, healthy: 1 },
          unused: { count: 1, reason: 'Target.NotInUse' },
          ...(seconds >= 80 && { status: 'SUCCESSFUL' }),
        }),
      },
    ],
    [
      'that is not registered yet',
      'timed-out',
      { minutes: 3, script: () => ({ ...UP, unused: { count: 2, reason: 'Target.NotRegistered' } }) },
    ],
  ])('is not what it is %s: %s', async (_, outcome, story) => {
    expect((await aRollout(story).follow()).outcome).toBe(outcome);
  });

  test('of a shifting strategy ends it after a minute', async () => {
    const made = aRollout({
      script: (seconds) => ({
        ...SHIFTING('BLUE_GREEN', 20, 900)(seconds),
        stage: 'SCALE_UP',
        weight: 0,
        ...(seconds >= 20 && { unused: { count: 2, reason: 'Target.NotInUse' } }),
      }),
    });
    expect((await made.follow()).outcome).toBe('rolled-back');
    expect(made.state.rollBackAt).toBeGreaterThanOrEqual(80);
    expect(made.state.rollBackAt).toBeLessThanOrEqual(100);
  });
});

describe('a pause', () => {
  test('ends the run, names what is waited for, and is neither a failure nor rolled back', async () => {
    const made = aRollout({ script: PAUSING });
    const ending = await made.follow();
    expect(ending).toMatchObject({
      outcome: 'paused',
      followed: {
        pause: {
          hook: 'hook-1',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
          expiresAt: '2026-11-25T09:00:00.000Z',
          timeoutAction: 'ROLLBACK',
        },
        serving: null,
      },
    });
    expect(ending.why).toContain('at the pause hook-1 until 2026-11-25 09:00:00 UTC; then it rolls back');
    expect(made.seconds()).toBeLessThanOrEqual(35);
    expect(made.calls).not.toContain('StopServiceDeployment');
  });

  test.each([
    ['continue', 'CONTINUE', 'deployed'],
    ['rollback', 'ROLLBACK', 'rolled-back'],
  ] as const)('is answered with %s, once, and followed on', async (asked, action, outcome) => {
    const made = aRollout({ script: PAUSING });
    await made.clock.sleep(100_000);
    const from = await answerPause(made.ports, made.options, { hook: 'hook-1', action: asked });
    if ('refused' in from) throw new Error(from.refused);
    expect(await made.follow(from)).toMatchObject({ outcome });
    expect(made.state.action).toBe(action);
    expect(made.countOf('ContinueServiceDeployment')).toBe(1);
    expect(made.countOf('StopServiceDeployment')).toBe(0);
    expect(made.held).toContain(100);
  });

  test('that is over already is not answered again, but followed', async () => {
    const made = aRollout({ script: (seconds) => PAUSING(seconds, 20) });
    await made.clock.sleep(50_000);
    const from = await answerPause(made.ports, made.options, { hook: 'hook-1', action: 'continue' });
    expect(from).toEqual({});
    expect(await made.follow()).toMatchObject({ outcome: 'deployed' });
    expect(made.countOf('ContinueServiceDeployment')).toBe(0);
  });

  test('that ECS will not have answered is said with its words', async () => {
    const made = aRollout({ script: PAUSING, refuses: 'the hook is of another kind' });
    await made.clock.sleep(50_000);
    const from = await answerPause(made.ports, made.options, { hook: 'hook-1', action: 'continue' });
    expect(from).toEqual({ refused: 'the hook is of another kind' });
  });
});

describe('a certain failure', () => {
  const CRASHING: Story['script'] = () => ({ deaths: [20, 22], running: 0 });

  test.each([20, Number.POSITIVE_INFINITY])(
    'is told with the tasks that ended of it until it landed, everywhere the same number (landing: %d s)',
    async (landing) => {
      const made = aRollout({ script: () => ({ deaths: [20, 22, 40], running: 0 }), landing });
      const ending = await made.follow();
      expect(made.log()).toContain('It will not end well: 2 tasks: container orders exited with code 3');
      expect(ending.why).toMatch(/^3 tasks: container orders exited with code 3;/);
      expect(await explain(made.ports, ending.last)).toMatchObject([{ count: 3 }]);
    },
  );

  test('that ECS would not roll back is told with what serves now', async () => {
    const made = aRollout({ script: CRASHING, refuses: 'there is nothing to go back to' });
    const ending = await made.follow();
    expect(ending).toMatchObject({
      outcome: 'failed',
      rolledBack: false,
      why: expect.stringContaining('ECS would not roll it back: there is nothing to go back to'),
      followed: { serving: { taskDefinition: OURS, desired: 2, running: {}, healthy: {} } },
    });
    expect(made.log()).toContain(`What serves now: no task; the service wants 2 of acme-prod-orders:8`);
  });

  test('that is only to be reported is left to ECS, and told with what serves now', async () => {
    const made = aRollout({ script: CRASHING, options: { onFailure: 'report' } });
    expect(await made.follow()).toMatchObject({
      outcome: 'failed',
      rolledBack: false,
      followed: { serving: { taskDefinition: OURS } },
    });
    expect(made.calls).not.toContain('StopServiceDeployment');
  });

  test('that this role may not roll back is reported, not thrown', async () => {
    const made = aRollout({ script: CRASHING });
    made.state.before = (call) => {
      if (call === 'StopServiceDeployment') throw denied('ecs:StopServiceDeployment');
    };
    expect(await made.follow()).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('AWS denied ecs:StopServiceDeployment'),
    });
  });

  test('is rolled back though the first answers are lost, and asked for no longer than it goes on', async () => {
    const made = aRollout({ script: CRASHING });
    let lost = 2;
    made.state.before = (call) => {
      if (call === 'StopServiceDeployment' && lost-- > 0) {
        throw new Failure('AWS_UNKNOWN_OUTCOME', 'no answer could be read', 'Look.');
      }
    };
    expect((await made.follow()).outcome).toBe('rolled-back');
    expect(made.countOf('StopServiceDeployment')).toBe(3);
  });

  test('is not seen where nobody can say whether a task is healthy', async () => {
    const made = aRollout({ minutes: 2, script: () => ({ deaths: [20, 22], running: 1 }) });
    made.state.before = (call) => {
      if (call === 'DescribeTargetHealth') throw denied('elasticloadbalancing:DescribeTargetHealth');
    };
    expect((await made.follow()).outcome).toBe('timed-out');
    const said = made.runner.log.filter((line) => line.includes('DescribeTargetHealth'));
    expect(said).toEqual([expect.stringContaining("can't tell how many tasks are healthy")]);
  });

  test('has the reason that the load balancer gave while the task lived', async () => {
    const made = aRollout({
      script: (seconds) => ({
        running: seconds >= 10 && seconds < 60 ? 2 : 0,
        unhealthy: ['Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]'],
        deaths: [60, 61],
        crash: {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:x)',
        },
      }),
    });
    const ending = await made.follow();
    expect(ending.outcome).toBe('rolled-back');
    expect([...(ending.last?.targetReasons?.values() ?? [])]).toContain(
      'Target.ResponseCodeMismatch: Health checks failed with these codes: [404]',
    );
  });
});

describe('without the right to see service deployments', () => {
  test.each<readonly [string, string, Story['script']]>([
    ['deployed', 'COMPLETED', (seconds) => ({ running: 2, ...(seconds > 30 && { status: 'SUCCESSFUL' }) })],
    ['failed', 'FAILED', (seconds) => (seconds > 30 ? { status: 'STOPPED' } : {})],
    ['rolled-back', 'the version before again', (seconds) => (seconds > 30 ? { names: OLD } : {})],
    [
      'superseded',
      'another',
      (seconds) => (seconds > 30 ? { names: `${OLD}9`, rolloutState: 'IN_PROGRESS' } : {}),
    ],
  ])('the service alone tells %s: %s', async (outcome, _, script) => {
    const made = aRollout({
      script,
      start: { serviceDeployment: undefined, serviceRevision: undefined },
      options: { visibleIn: 'rollout-entry' },
    });
    const ending = await made.follow();
    expect(ending.outcome).toBe(outcome);
    expect(ending.followed?.seenIn).toBe('rollout-entry');
    expect(made.calls).not.toContain('DescribeServiceDeployments');
  });

  test('descriptions from before the update are no rollback: it looks again', async () => {
    const made = aRollout({
      script: (seconds) => ({ running: 2, healthy: 2, ...(seconds > 60 && { status: 'SUCCESSFUL' }) }),
      start: { serviceDeployment: undefined, serviceRevision: undefined },
      options: { visibleIn: 'rollout-entry' },
    });
    const { services } = made.ports;
    const ports = { ...made.ports, services: { ...services, service: described } };
    async function described(...asked: Parameters<typeof services.service>) {
      const now = await services.service(...asked);
      const old = now?.deployments.find(({ taskDefinition }) => taskDefinition === OLD);
      if (!now || !old || made.seconds() > 12) return now;
      return { ...now, taskDefinition: OLD, deployments: [{ ...old, primary: true }] };
    }
    const start = { ...made.options.start, createdAt: made.clock.now() };
    expect(await follow(ports, { ...made.options, start })).toMatchObject({ outcome: 'deployed' });
    expect(made.log()).not.toMatch(/ROLLBACK/);
  });

  test('a state that ECS does not give is never a success', async () => {
    const made = aRollout({
      minutes: 3,
      script: () => ({ running: 2, healthy: 2, rolloutState: 'absent' }),
      start: { serviceDeployment: undefined, serviceRevision: undefined },
      options: { visibleIn: 'rollout-entry' },
    });
    expect(await made.follow()).toMatchObject({
      outcome: 'timed-out',
      why: expect.stringContaining('may not list service deployments'),
    });
  });

  test('it is found out before the update, and said once with what can not be seen', async () => {
    const made = aRollout({ script: () => ({}) });
    const service = await made.ports.services.service('acme-prod', 'orders');
    if (!service) throw new Error('the double has a service');
    expect(await observeVisibility(made.ports, made.options.ref, service)).toMatchObject({
      visibleIn: 'service-deployment',
      listed: [{ arn: DEPLOYMENT }],
    });
    for (const call of ['ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions']) {
      made.state.before = (name) => {
        if (name === call) throw denied(`ecs:${call}`);
      };
      expect(await observeVisibility(made.ports, made.options.ref, service)).toMatchObject({
        visibleIn: 'rollout-entry',
        listed: [],
      });
      expect(made.runner.log.at(-1)).toMatch(new RegExp(`AWS denied ecs:${call}.*circuit breaker`));
    }
  });

  test('a denial that shows only at the first look degrades; one that comes later is fatal at once', async () => {
    const script: Story['script'] = (seconds) => ({
      running: 2,
      healthy: 2,
      ...(seconds > 60 && { status: 'SUCCESSFUL' }),
    });
    const first = aRollout({ script });
    first.state.before = (call) => {
      if (call === 'DescribeServiceDeployments') throw denied('ecs:DescribeServiceDeployments');
    };
    expect(await first.follow()).toMatchObject({
      outcome: 'deployed',
      followed: { seenIn: 'rollout-entry' },
    });
    const later = aRollout({ script });
    later.state.before = (call) => {
      if (call === 'DescribeServiceDeployments' && later.seconds() > 20)
        throw denied('ecs:DescribeServiceDeployments');
    };
    await expect(later.follow()).rejects.toMatchObject({ code: 'AWS_DENIED' });
    expect(later.seconds()).toBeLessThanOrEqual(25);
  });
});

describe('a cancelled run', () => {
  const WHOLE: Story['script'] = (seconds) => ({
    deaths: [30, 31],
    running: seconds < 10 ? 0 : seconds < 30 ? 2 : 0,
    breaker: { failures: seconds < 30 ? 0 : 2, threshold: 3 },
  });

  test('at any call tells at once what it leaves behind, even when that call is never answered', async () => {
    const calm = aRollout({ script: WHOLE });
    await calm.follow();
    expect(calm.calls.length).toBeGreaterThan(15);
    for (let number = 1; number <= calm.calls.length; number += 1) {
      const made = aRollout({ script: WHOLE });
      made.state.before = async (_, count) => {
        if (count !== number) return;
        made.runner.cancel();
        await new Promise(() => {}); // the request hangs
      };
      const ending = await made.follow();
      const counted = made.calls.length;
      expect(ending.outcome).toBe('cancelled');
      expect(ending.why).toMatch(/^the run was cancelled; left behind: .*ECS goes on by itself$/);
      expect(made.log()).toContain(ending.why);
      await new Promise((resolve) => setImmediate(resolve));
      expect(made.calls).toHaveLength(counted);
      expect(counted - number).toBeLessThanOrEqual(1); // what was asked side by side
    }
  });

  test('rolls back only where it was asked to, and does not wait for the landing', async () => {
    for (const onCancel of ['leave', 'rollback'] as const) {
      const made = aRollout({ script: () => ({ running: 1, healthy: 1 }), options: { onCancel } });
      made.clock.at(47_000, () => made.runner.cancel());
      const ending = await made.follow();
      expect(ending.outcome).toBe('cancelled');
      expect(made.countOf('StopServiceDeployment')).toBe(onCancel === 'rollback' ? 1 : 0);
      if (onCancel === 'rollback') expect(ending.why).toMatch(/; ECS was asked to roll back/);
    }
  });
});
