import { type Bake, beginBake } from '@tenant-delivery/delivery/bake-record';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { handBackForBake, takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import type { AlarmObservation } from '@tenant-delivery/deployment/health/alarms';
import { type BakeTerms, bakeEnd } from '@tenant-delivery/deployment/health/judge-bake';
import type { Digest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { iso } from '../report/health-record.ts';
import type { Subject } from '../subject/subject.ts';
import type { VerifyWorld } from '../verify-world.ts';
import { type BakeStart, observeAlarms } from './bake.ts';

const RENEW_EVERY = 60_000; // milliseconds, of the lock's lease

/**
 * Until its tasks are well, a change holds the lock of its service: verifying belongs to deploying, however long it
 * takes. A bake that has begun only watches, and holds none. Answers what to call before each look.
 */
export async function holdLock(
  world: VerifyWorld,
  admission: Admission,
  change: ChangeHandle,
  bake: Bake | undefined,
): Promise<() => Promise<void>> {
  if (bake) {
    await handBackForBake(world, admission, change); // a second attempt of the deploy job has taken it again
    return async () => {};
  }
  const { clock } = world;
  const lock = await takeDeployLock(world, admission, change);
  let renewAt = clock.now() + RENEW_EVERY;
  return async () => {
    if (clock.now() < renewAt) return;
    await lock.assertHeld();
    renewAt = clock.now() + RENEW_EVERY;
  };
}

export interface BakeFacts {
  readonly admission: Admission;
  readonly change: ChangeHandle;
  /** How an earlier run began it. */
  readonly bake: Bake | undefined;
  readonly report: Digest;
}

/**
 * How the bake begins once all tasks are well. Alarms are looked at before that: who may not see them hears so at once,
 * and what the rollout itself set off is not taken for older.
 */
export async function bakeBeginning(
  world: VerifyWorld,
  { admission, change, bake, report }: BakeFacts,
  { terms, taskDefinition }: Subject,
): Promise<(terms: BakeTerms) => Promise<BakeStart>> {
  if (bake) return async () => begunBefore(bake);
  const alarms = terms && (await observeAlarms(world, terms));
  if (terms && alarms) sayAlarms(world, terms, alarms);
  return async (terms) => {
    const at = world.clock.now();
    const begun = await beginBake(world, change, {
      report,
      taskDefinition,
      beganAt: iso(at),
      minutes: terms.minutes,
      samples: terms.samples,
      eligibleAt: iso(bakeEnd(terms, at)),
      alarms: (alarms?.alarms ?? []).map(({ name, state, reason, since }) => ({
        name,
        state,
        reason: reason ?? null,
        since: since === undefined ? null : iso(since),
      })),
    });
    await handBackForBake(world, admission, change);
    return begunBefore(begun);
  };
}

function begunBefore(bake: Bake): BakeStart {
  const { record } = bake;
  const at = Date.parse(record.beganAt);
  const alarms = record.alarms.map(({ name, state, reason, since }) => ({
    name,
    state,
    reason: reason ?? undefined,
    since: since === null ? undefined : Date.parse(since),
  }));
  return { at, alarms: { at, alarms }, bake };
}

/** What keeps the verdict from being better than inconclusive is said before anybody waits for it. */
export function sayAlarms(
  { runner }: Pick<VerifyWorld, 'runner'>,
  { alarms: names }: BakeTerms,
  { alarms }: AlarmObservation,
): void {
  for (const name of names) {
    const state = alarms.find((alarm) => alarm.name === name)?.state;
    if (state === undefined) runner.warning(`There is no alarm ${name}; without it the bake proves nothing.`);
    else if (state === 'ALARM') runner.warning(`${name} is in ALARM before the bake begins.`);
    else if (state !== 'OK') runner.warning(`${name} has no data yet (${state}).`);
  }
}
