import { expect, test } from '@jest/globals';
import { type ChangeState, HOUR } from '@tenant-delivery/domain';
import { beginBake } from '../src/bake-record.ts';
import { resumeChange } from '../src/change.ts';
import { handBackForBake, releaseDeployLock, takeDeployLock } from '../src/deploy-lock.ts';
import { inMemoryDelivery } from './in-memory-delivery.ts';

/** Two changes of one service: the first has the lock in a state that its run leaves it in. */
const EVIDENCE = Object.fromEntries(
  ['image-record', 'findings', 'verdict', 'approvals', 'environment-protection', 'report', 'health'].map(
    (name) => [name, { of: name }],
  ),
);

async function twoChanges(left: ChangeState, documents: Readonly<Record<string, unknown>> = EVIDENCE) {
  const delivery = await inMemoryDelivery();
  const admission = await delivery.admission();
  const job = (runId: string) => delivery.as('deploy', { claims: { runId } });
  const [dead, next] = [await delivery.bring(left, { documents }), await delivery.bring('approved')];
  await takeDeployLock(job('1'), admission, await resumeChange(job('1'), admission, dead));
  const take = async () => takeDeployLock(job('2'), admission, await resumeChange(job('2'), admission, next));
  const release = async () => releaseDeployLock(job('1'), admission, await delivery.find(dead, 'deploy'));
  return { delivery, dead, next, take, release };
}

test('while one change deploys, another is told by whom, since when and until when', async () => {
  const { dead, take } = await twoChanges('deploying');
  await expect(take()).rejects.toMatchObject({
    code: 'LOCK_HELD',
    message: expect.stringMatching(
      new RegExp(`${dead}.*run 1, attempt 1.*since 2026-11-24T09.*until 2026-11-24T09:15`),
    ),
  });
});

test.each<readonly [ChangeState, ChangeState]>([
  ['approved', 'abandoned'],
  ['deploying', 'abandoned'],
  ['verified', 'closed'],
  ['failed', 'failed'],
])('a run that was killed while %s is found and recorded as %s by the next', async (left, end) => {
  const { delivery, dead, take } = await twoChanges(left);
  await delivery.clock.sleep(HOUR);
  const lock = await take();
  expect((await delivery.find(dead)).state).toBe(end);
  await expect(lock.assertHeld()).resolves.toBeUndefined();
});

test('a change whose evidence is not complete is not closed by the run that takes over', async () => {
  const { health: _, ...incomplete } = EVIDENCE;
  const { delivery, dead, take } = await twoChanges('verified', incomplete);
  await delivery.clock.sleep(HOUR);
  await take();
  expect((await delivery.find(dead)).state).toBe('verified');
});

test('a run gives back its own lock, and never the lock of the run that took over', async () => {
  const { delivery, take, release } = await twoChanges('deploying');
  await delivery.clock.sleep(HOUR);
  const lock = await take();
  expect(await release()).toBe(false);
  await expect(lock.assertHeld()).resolves.toBeUndefined();
});

test('a change that waits at a pause is ended by the next one that deploys, and by none that is refused', async () => {
  const { delivery, dead: paused, take } = await twoChanges('deploying');
  const job = delivery.as('deploy', { claims: { runId: '1' } });
  await handBackForBake(
    job,
    await delivery.admission(),
    await resumeChange(job, await delivery.admission(), paused),
  );
  await (await take()).release(); // refused after it had the lock
  expect((await delivery.find(paused)).state).toBe('deploying');
  await (await take()).endOthers();
  expect((await delivery.find(paused)).events.at(-1)).toMatchObject({
    transition: { to: 'abandoned' },
    decision: { reasons: ['SUPERSEDED_WHILE_OPEN'] },
  });
});

test('a change that bakes lets the next one deploy, is recorded by it first, and may take its lock again before', async () => {
  const { delivery, dead: baking, take } = await twoChanges('deploying');
  const job = delivery.as('deploy', { claims: { runId: '1' } });
  const change = await resumeChange(job, await delivery.admission(), baking);
  const at = '2026-11-24T09:00:00.000Z';
  await beginBake(job, change, {
    report: `sha256:${'1'.repeat(64)}`,
    taskDefinition: 'acme-prod-orders:8',
    beganAt: at,
    minutes: 60,
    samples: 3,
    eligibleAt: at,
    alarms: [],
  });
  expect(await handBackForBake(job, await delivery.admission(), change)).toBe(true);
  await takeDeployLock(job, await delivery.admission(), change);
  expect((await delivery.find(baking)).state).toBe('deploying');
  await handBackForBake(job, await delivery.admission(), change);
  const lock = await take();
  await expect(lock.assertHeld()).resolves.toBeUndefined();
  expect((await delivery.find(baking)).state).toBe('deploying');
  await lock.endOthers();
  expect((await delivery.find(baking)).events.at(-1)).toMatchObject({
    transition: { to: 'abandoned' },
    decision: { reasons: ['SUPERSEDED_WHILE_BAKING'] },
  });
});
