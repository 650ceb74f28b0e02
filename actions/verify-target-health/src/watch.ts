import {
  type HealthJudgement,
  type HealthSample,
  healthyZones,
  judgeHealth,
  patiently,
  type TaskHealth,
  taskHealth,
} from '@tenant-delivery/deployment';
import type { VerifyWorld } from './verify-world.ts';

/** How the watching ended, with the last sample. */
export interface Seen {
  readonly end: 'verified' | 'unhealthy' | 'wrong-image' | 'superseded' | 'late' | 'cancelled';
  readonly why: string;
  readonly advice?: string;
  readonly tasks: readonly TaskHealth[];
  readonly desired: number;
  readonly samples: number;
}

const EVERY = 5_000; // milliseconds between two samples
const BLIND = 3 * 60_000; // how long nothing may be seen
const IN_A_ROW = 2; // one good sample may be luck, one bad one may be bad luck

export interface Watch {
  /** One sample, or the words for what replaced this deployment. */
  readonly sample: () => Promise<HealthSample | { readonly supersededBy: string }>;
  /** Milliseconds since the epoch until which bad news is only news: the service's grace period. */
  readonly graceUntil: number;
  readonly deadline: number;
}

/** Samples until two in a row are good, or bad, or the time is over. */
export async function watch(
  { clock, runner }: VerifyWorld,
  { sample, graceUntil, deadline }: Watch,
): Promise<Seen> {
  let good = 0;
  let bad = 0;
  let said = '';
  for (let samples = 1; ; samples += 1) {
    const seen = await patiently(sample, { clock, signal: runner.cancelled, limit: BLIND, say: runner.info });
    if ('supersededBy' in seen) {
      const why = `the service runs ${seen.supersededBy} by now`;
      return { end: 'superseded', why, tasks: [], desired: 0, samples };
    }
    const judgement = judgeHealth(seen);
    const tasks = taskHealth(seen);
    const words = say(judgement, tasks);
    if (words !== said) runner.info(words);
    said = words;
    const end = (how: Seen['end'], why: string, advice?: string): Seen => ({
      end: how,
      why,
      tasks,
      desired: seen.desired,
      samples,
      ...(advice !== undefined && { advice }),
    });
    good = judgement.kind === 'good' ? good + 1 : 0;
    bad = judgement.kind === 'bad' && clock.now() >= graceUntil ? bad + 1 : 0;
    if (good >= IN_A_ROW) return end('verified', words);
    if (judgement.kind === 'wrong-image') return end('wrong-image', words);
    if (judgement.kind === 'hopeless') return end('unhealthy', judgement.what, judgement.advice);
    if (judgement.kind === 'bad' && bad >= IN_A_ROW)
      return end('unhealthy', judgement.what, judgement.advice);
    if (clock.now() >= deadline) return end('late', words);
    if (runner.cancelled.aborted) return end('cancelled', `the run was cancelled; last seen: ${words}`);
    await clock.sleep(EVERY, runner.cancelled);
  }
}

function say(judgement: HealthJudgement, tasks: readonly TaskHealth[]): string {
  switch (judgement.kind) {
    case 'good': {
      const zones = healthyZones(tasks);
      return `${tasks.length} tasks healthy in ${zones.length} ${zones.length === 1 ? 'zone' : 'zones'} (${zones.join(', ')})`;
    }
    case 'waiting':
      return `waiting: ${judgement.on}`;
    case 'wrong-image':
      return `task ${judgement.task.split('/').at(-1)} runs ${judgement.digest}, which is not the image that was deployed`;
    default:
      return judgement.what;
  }
}
