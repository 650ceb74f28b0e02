import { describe, expect, test } from '@jest/globals';
import { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { MINUTE } from '@tenant-delivery/domain';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import {
  ARN,
  alarm,
  aVerification,
  BUSY,
  type Look,
  type Story,
  target,
  task,
  WELL,
} from '../a-verification.ts';

const bakeOf = (minutes: number): NonNullable<Story['bake']> => ({
  alarms: [{ value: 'orders-5xx', from: 'contract' }],
  slo: { errorPercent: { value: 1, from: 'manifest' } },
  bake: { minutes: { value: minutes, from: 'manifest' }, samples: { value: 3, from: 'manifest' } },
});
const QUIET: Look = { alarms: [alarm('orders-5xx', 'OK')] };
const LATER = { report: undefined }; // what a later run is given: the change alone

function story(minutes: number, look: (seconds: number) => Look = () => QUIET): Story {
  return { bake: bakeOf(minutes), look };
}

describe('a bake that this run can wait for', () => {
  test('is verified after its time and the time that its metrics take, without holding the lock', async () => {
    const made = await aVerification(story(5));
    const held: unknown[] = [];
    made.clock.at(2 * MINUTE, async () => void held.push((await made.lock()).holder));
    const { outcome, runner } = await made.verify();
    expect(outcome).toMatchObject({ outcome: 'verified', reasonCode: 'OK', ok: true });
    expect(runner.outputs).toMatchObject({ verdict: 'healthy', 'next-eligible-at': '', healthy: '2' });
    expect(made.clock.now() - made.start).toBeGreaterThanOrEqual(8 * MINUTE);
    expect(made.clock.now() - made.start).toBeLessThan(9 * MINUTE);
    expect(held).toEqual([null]);
    const change = await made.find();
    expect(change.state).toBe('verified');
    expect(change.evidence('bake')).toMatch(/^sha256:/);
    expect((await change.document('health', HealthReport)).bake).toMatchObject({
      verdict: 'healthy',
      samples: { needed: 3, seen: 10 },
      alarms: [{ name: 'orders-5xx', before: 'OK', after: 'OK', verdict: 'quiet' }],
      slo: { errorPercent: { limit: 1 }, requests: 900, errors: 1 },
    });
    expect(outcome.summary).toContain('| `orders-5xx` | `OK` | no other | `OK` | quiet |');
    expect(outcome.summary).toContain('| requests that failed, % | 1 | 0.11 | 1 of 900 |');
  });

  test.each<[string, string, string, (seconds: number) => Look]>([
    [
      'BAKE_UNHEALTHY',
      'deny',
      'orders-5xx went into ALARM',
      (seconds) =>
        seconds < 120 ? QUIET : { alarms: [alarm('orders-5xx', 'ALARM', Date.UTC(2026, 10, 24, 9, 2))] },
    ],
    [
      'BAKE_UNHEALTHY',
      'deny',
      '10 % of 100 requests failed',
      () => ({ ...QUIET, requests: { ...BUSY, requests: 100, errors: 10 } }),
    ],
    [
      'BAKE_INCONCLUSIVE',
      'inconclusive',
      'orders-5xx was in ALARM before this deployment and is ALARM now',
      () => ({ alarms: [alarm('orders-5xx', 'ALARM')] }),
    ],
    ['BAKE_INCONCLUSIVE', 'inconclusive', 'there is no alarm orders-5xx', () => ({})],
    [
      'TARGETS_NOT_HEALTHY',
      'deny',
      '10.20.0.2 is unhealthy (Target.Timeout)',
      (seconds) =>
        seconds < 60 ? QUIET : { ...QUIET, targets: [target(1), target(2, 'unhealthy', 'Target.Timeout')] },
    ],
  ])('ends with %s (%s): %s', async (code, result, why, look) => {
    const made = await aVerification(story(5, look));
    const { outcome } = await made.verify();
    expect(outcome).toMatchObject({ reasonCode: code, ok: false });
    expect(outcome.headline).toContain(why);
    const change = await made.find();
    expect(change.state).toBe('failed');
    expect(change.events.at(-1)).toMatchObject({ decision: { result, reasons: [code] } });
    expect(change.evidence('bake')).toMatch(/^sha256:/);
  });

  test('is not verified while a task is missing at its end, and waits for it', async () => {
    const made = await aVerification(
      story(5, (seconds) => (seconds > 60 && seconds < 540 ? { ...QUIET, tasks: [task(1)] } : QUIET)),
    );
    expect((await made.verify()).outcome).toMatchObject({ outcome: 'verified' });
    expect(made.clock.now() - made.start).toBeGreaterThan(9 * MINUTE);
  });

  test('says before it waits what will keep it from being proven', async () => {
    const made = await aVerification(
      story(5, () => ({ alarms: [alarm('orders-5xx', 'INSUFFICIENT_DATA')] })),
    );
    const { runner } = await made.verify();
    expect(runner.log).toContain('warning: orders-5xx has no data yet (INSUFFICIENT_DATA).');
  });

  test('that the next delivery overtakes ends as superseded, in the record and in the run', async () => {
    const over = { current: false };
    const made = await aVerification(
      story(5, () => (over.current ? { runs: `${ARN}:task-definition/acme-prod-orders:9` } : QUIET)),
    );
    made.clock.at(2 * MINUTE, async () => {
      await made.overtake();
      over.current = true;
    });
    const { outcome } = await made.verify();
    expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'DEPLOYMENT_SUPERSEDED' });
    expect((await made.find()).events.at(-1)).toMatchObject({
      transition: { to: 'abandoned' },
      decision: { reasons: ['SUPERSEDED_WHILE_BAKING'] },
    });
  });
});

test('a bake that is overtaken between its last look and its record ends once, as superseded', async () => {
  const over = { current: false };
  const made = await aVerification(
    story(5, () => (over.current ? { runs: `${ARN}:task-definition/acme-prod-orders:9` } : QUIET)),
  );
  made.clock.at(2 * MINUTE, () => {
    over.current = true;
  });
  const { create } = made.delivery.vault;
  let overtaken = false;
  made.delivery.vault.create = async (key, ...rest) => {
    if (over.current && !overtaken && key.endsWith('.dsse.json')) {
      overtaken = true;
      await made.overtake();
    }
    return create(key, ...rest);
  };
  const { outcome } = await made.verify();
  expect(overtaken).toBe(true);
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'DEPLOYMENT_SUPERSEDED' });
  expect((await made.find()).events.at(-1)).toMatchObject({ transition: { to: 'abandoned' } });
});

describe('a bake that takes longer', () => {
  test('ends the run at once, well and open, and says from when on it can be concluded', async () => {
    const made = await aVerification(story(60));
    const { outcome, runner } = await made.verify();
    expect(outcome).toMatchObject({ outcome: 'baking', reasonCode: 'BAKE_NOT_OVER', ok: true });
    expect(made.clock.now() - made.start).toBeLessThan(MINUTE);
    expect(runner.outputs).toMatchObject({ verdict: '', 'next-eligible-at': '2026-11-24T10:03:05.000Z' });
    expect((await made.find()).state).toBe('deploying');
    expect(await made.lock()).toMatchObject({ holder: null, unsettled: [made.change] });
  });

  test('is concluded by a later run from the record, with the change alone, or by a run that asks for what bakes', async () => {
    for (const change of [undefined, 'baking']) {
      const made = await aVerification(story(60));
      await made.verify();
      await made.clock.sleep(64 * MINUTE);
      const given = { ...LATER, ...(change && { change }) };
      const { outcome, runner } = await made.verify(fakeRunner(), given, '9007');
      expect(outcome).toMatchObject({ outcome: 'verified', ok: true });
      expect(runner.outputs).toMatchObject({ change: made.change, verdict: 'healthy' });
      const found = await made.find();
      expect(found.state).toBe('verified');
      expect(found.evidence('report')).toBe(made.digest);
      const health = await found.document('health', HealthReport);
      expect(health.bake?.beganAt).toBe('2026-11-24T09:00:05.000Z');
      expect(health.bake?.slo).toMatchObject({ until: '2026-11-24T10:00:05.000Z' });
    }
  });

  test('is not concluded early, however often somebody comes', async () => {
    const made = await aVerification(story(60));
    await made.verify();
    await made.clock.sleep(30 * MINUTE);
    const { outcome } = await made.verify(fakeRunner(), LATER, '9007');
    expect(outcome).toMatchObject({
      outcome: 'baking',
      facts: { nextEligibleAt: '2026-11-24T10:03:05.000Z' },
    });
  });

  test('remembers the alarms as they stood at its beginning', async () => {
    const before = (seconds: number): Look =>
      seconds < MINUTE / 1000
        ? QUIET
        : { alarms: [alarm('orders-5xx', 'OK', Date.UTC(2026, 10, 24, 9, 30))] }; // it left OK while nobody looked
    const made = await aVerification(story(60, before));
    await made.verify();
    await made.clock.sleep(64 * MINUTE);
    const { outcome } = await made.verify(fakeRunner(), LATER, '9007');
    expect(outcome).toMatchObject({ outcome: 'inconclusive', reasonCode: 'BAKE_INCONCLUSIVE' });
  });

  test('without requests waits for them, an hour more and no longer', async () => {
    const none = { requests: 0, errors: 0, p95Milliseconds: undefined, samples: 0 };
    const made = await aVerification(story(10, () => ({ ...QUIET, requests: none })));
    await made.verify();
    await made.clock.sleep(20 * MINUTE);
    expect((await made.verify(fakeRunner(), LATER)).outcome).toMatchObject({ outcome: 'baking' });
    await made.clock.sleep(60 * MINUTE);
    const { outcome } = await made.verify(fakeRunner(), LATER);
    expect(outcome.headline).toContain('there were no requests, so no evidence');
    expect((await made.find()).state).toBe('failed');
  });

  test('a record of it that the deploy key did not sign is believed by nobody', async () => {
    const made = await aVerification(story(60));
    await made.verify();
    const key = `bakes/prod/orders/${made.change}.dsse.json`;
    const stored = await made.delivery.vault.read(key);
    const text = Buffer.from(stored?.bytes ?? []).toString();
    const payload = JSON.parse(text).payload as string;
    const earlier = Buffer.from(payload, 'base64').toString().replace('T09:00:05', 'T07:00:05');
    const forged = text.replace(payload, Buffer.from(earlier).toString('base64'));
    await made.delivery.vault.replace(key, Buffer.from(forged), stored?.version ?? '');
    await expect(made.verify(fakeRunner(), LATER)).rejects.toMatchObject({ code: 'DOCUMENT_ALTERED' });
    expect((await made.find()).state).toBe('deploying');
  });
});

test('alarms that are named without a time to watch them are watched all the same', async () => {
  const made = await aVerification({
    bake: { alarms: [{ value: 'orders-5xx', from: 'contract' }] },
    look: () => QUIET,
  });
  expect((await made.verify()).outcome.facts['bake']).toMatchObject({ minutes: 5, verdict: 'healthy' });
});

test('a run that asks for whatever bakes finds nothing to do where nothing does', async () => {
  const made = await aVerification({ look: () => WELL });
  const { outcome } = await made.verify(fakeRunner(), { change: 'baking', report: undefined });
  expect(outcome).toMatchObject({ outcome: 'nothing-to-do', reasonCode: 'NOTHING_BAKES', ok: true });
});

test('a report is needed wherever no bake has begun', async () => {
  const made = await aVerification();
  await expect(made.verify(fakeRunner(), LATER)).rejects.toMatchObject({ code: 'INPUTS_INVALID' });
});
