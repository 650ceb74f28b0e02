import type { Bake } from '@tenant-delivery/delivery/bake-record';
import { patiently } from '@tenant-delivery/deployment/follow/patience';
import type { AlarmObservation } from '@tenant-delivery/deployment/health/alarms';
import {
  type BakeJudgement,
  type BakeTerms,
  bakeEnd,
  bakeSpans,
  judgeBake,
} from '@tenant-delivery/deployment/health/judge-bake';
import type { RequestMetrics } from '@tenant-delivery/deployment/observed';
import type { Subject } from '../subject/subject.ts';
import type { HealthWorld } from '../verify-world.ts';
import { stoppedTasks } from '../watch/observe.ts';
import { cancelled, EVERY, IN_A_ROW, type Sample, type TargetsEnding } from '../watch/watch.ts';

const BLIND = 3 * 60_000; // milliseconds for which nothing may be seen
const BETWEEN = 30_000; // milliseconds between two looks while the time of the bake runs

/** How a bake began, in this run or in an earlier one. */
export interface BakeStart {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly alarms: AlarmObservation;
  /** Its record; a service without a contract has none. */
  readonly bake?: Bake;
}

export interface Measured extends RequestMetrics {
  readonly from: number;
  readonly until: number;
}

/** How the targets were left, the bake, and which of both ended the watching. */
interface BakeWatched {
  readonly seen: TargetsEnding;
  readonly baked: BakeResult;
  readonly by: 'targets' | 'bake';
}

export interface BakeResult {
  readonly terms: BakeTerms;
  readonly began: BakeStart;
  readonly judgement: BakeJudgement;
  readonly measured: Measured | undefined;
  /** Good looks at the targets. */
  readonly looks: number;
}

/**
 * Watches targets, tasks and alarms for as long as the bake needs and this run may wait, and measures requests at its
 * end. `seen` is how the targets were left; bad news about them ends the bake too.
 */
export async function bake(
  world: HealthWorld,
  subject: Subject,
  { terms, began, look, until }: Baking,
): Promise<BakeWatched> {
  const { clock, runner } = world;
  const alarms: AlarmObservation[] = [began.alarms];
  let looks = 0;
  let said = '';
  for (;;) {
    const { good, seen, over } = await look();
    looks += good > 0 ? 1 : 0;
    alarms.push(await observeAlarms(world, terms));
    const measured =
      clock.now() < bakeEnd(terms, began.at) ? undefined : await measure(world, subject, terms, began);
    const stopped = (await stoppedTasks(world, subject)).filter(({ stoppedAt = 0 }) => stoppedAt >= began.at);
    const judgement = judgeBake({
      terms,
      beganAt: began.at,
      deployedFrom: subject.deployedFrom,
      now: clock.now(),
      alarms,
      metrics: measured,
      looks,
      stopped,
    });
    const baked = { terms, began, judgement, measured, looks };
    if (over) return { seen, baked, by: 'targets' };
    const settled = judgement.verdict === 'unhealthy' || good >= IN_A_ROW;
    if (judgement.verdict !== 'going' && settled) return { seen, baked, by: 'bake' };
    const words = `baking: ${judgement.why.join('; ') || 'until the targets are well again'}`;
    if (words !== said) runner.info(words);
    said = words;
    const next = judgement.verdict === 'going' ? judgement.until : clock.now();
    if (runner.cancelled.aborted) return { seen: cancelled(seen), baked, by: 'targets' };
    if (Math.max(next, clock.now() + EVERY) > until) {
      return { seen, baked: going(baked, next), by: 'bake' };
    }
    await clock.sleep(Math.max(EVERY, Math.min(BETWEEN, next - clock.now())), runner.cancelled);
  }
}

export interface Baking {
  readonly terms: BakeTerms;
  readonly began: BakeStart;
  /** One more look at the targets. */
  readonly look: () => Promise<Sample>;
  /** Milliseconds since the epoch: this run waits no longer. */
  readonly until: number;
}

/** A bake that could be judged but for its targets, which are not well at this moment, goes on as well. */
function going(baked: BakeResult, until: number): BakeResult {
  return { ...baked, judgement: { ...baked.judgement, verdict: 'going', until } };
}

export async function observeAlarms(
  world: HealthWorld,
  { alarms: names }: BakeTerms,
): Promise<AlarmObservation> {
  const at = world.clock.now();
  if (names.length === 0) return { at, alarms: [] };
  return { at, alarms: await insistently(world, () => world.alarms.alarms(names)) };
}

/** Requests at the first target group: the agreed one, where there is a contract. */
async function measure(
  world: HealthWorld,
  { groups }: Subject,
  terms: BakeTerms,
  began: BakeStart,
): Promise<Measured | undefined> {
  const [first] = groups;
  const balancer = first?.balancers.find(({ arn }) => arn.includes(':loadbalancer/app/'));
  if (!terms.slo || !first || !balancer) return undefined; // others measure no requests
  let measured: Measured | undefined;
  for (const { from, until } of bakeSpans(terms, began.at, world.clock.now())) {
    const metrics = await insistently(world, () =>
      world.metrics.requests(balancer.arn, first.group.arn, from, until),
    );
    measured = { ...metrics, from, until };
    if (metrics.samples >= terms.samples) break;
  }
  return measured;
}

function insistently<T>({ clock, runner }: HealthWorld, look: () => Promise<T>): Promise<T> {
  return patiently(look, { clock, signal: runner.cancelled, limit: BLIND, say: runner.info });
}
