import { patiently } from '@tenant-delivery/deployment/follow/patience';
import {
  healthyByZone,
  shortTask,
  type TaskHealth,
  taskHealth,
} from '@tenant-delivery/deployment/health/health-sample';
import {
  type HealthJudgement,
  judgeHealth,
  sayCounts,
} from '@tenant-delivery/deployment/health/judge-health';
import { targetNotes } from '@tenant-delivery/deployment/health/target-notes';
import type { HealthWorld } from '../verify-world.ts';
import type { Observation } from './observe.ts';

/** How the watching ended, with the last sample. */
export interface TargetsEnding {
  readonly end:
    | 'verified'
    | 'unhealthy'
    | 'unverifiable'
    | 'wrong-image'
    | 'superseded'
    | 'at-rest'
    | 'late'
    | 'cancelled';
  readonly why: string;
  readonly advice?: string;
  readonly tasks: readonly TaskHealth[];
  readonly needed: number;
  readonly samples: number;
  /** What a reader should know although it decides nothing. */
  readonly notes: readonly string[];
}

export const EVERY = 5_000; // milliseconds between two samples
const BLIND = 3 * 60_000; // how long nothing may be seen
export const IN_A_ROW = 2; // one good sample may be luck, one bad one may be bad luck

/** What one more look came to. */
export interface Sample {
  /** Good samples in a row. */
  readonly good: number;
  /** How it would end if it ended now. */
  readonly seen: TargetsEnding;
  /** Whether it ends here: bad news that is certain. */
  readonly over: boolean;
}

/** Looks, counts what comes in a row, and says what is new. */
export function watcher(
  { clock, runner }: Pick<HealthWorld, 'clock' | 'runner'>,
  look: () => Promise<Observation>,
) {
  let [good, bad, samples] = [0, 0, 0];
  let said = '';
  const notes = new Set<string>();
  return async (): Promise<Sample> => {
    samples += 1;
    const sight = await patiently(look, { clock, signal: runner.cancelled, limit: BLIND, say: runner.info });
    const end = (
      how: TargetsEnding['end'],
      why: string,
      more: Partial<TargetsEnding> = {},
    ): TargetsEnding => ({
      end: how,
      why,
      tasks: [],
      needed: 0,
      samples,
      notes: [...notes],
      ...more,
    });
    if ('supersededBy' in sight) {
      const why = `the service runs ${sight.supersededBy} by now`;
      return { good: 0, seen: end('superseded', why), over: true };
    }
    if ('atRest' in sight) {
      const why = 'its desired count is 0, so no task of it is to run';
      return { good: 0, seen: end('at-rest', why), over: true };
    }
    const judgement = judgeHealth(sight);
    const tasks = taskHealth(sight);
    for (const note of targetNotes(tasks, sight.groups).filter((note) => !notes.has(note))) {
      notes.add(note);
      runner.warning(note);
    }
    const words = say(judgement, tasks);
    if (words !== said) runner.info(words);
    said = words;
    good = judgement.kind === 'good' ? good + 1 : 0;
    bad = judgement.kind === 'bad' ? bad + 1 : 0;
    const how = endOf(judgement);
    const advice = 'advice' in judgement ? { advice: judgement.advice } : {};
    const over = judgement.kind === 'bad' ? bad >= IN_A_ROW : how !== 'verified' && how !== 'late';
    return { good, seen: end(how, words, { tasks, needed: sight.needed, ...advice }), over };
  };
}

/** Looks until two samples in a row are good, or bad, or the time is over. */
export async function watch(
  { clock, runner }: Pick<HealthWorld, 'clock' | 'runner'>,
  look: () => Promise<Sample>,
  deadline: number,
): Promise<TargetsEnding> {
  for (;;) {
    const { good, seen, over } = await look();
    if (over || good >= IN_A_ROW) return seen;
    if (clock.now() >= deadline) return { ...seen, end: 'late' };
    if (runner.cancelled.aborted) return cancelled(seen);
    await clock.sleep(EVERY, runner.cancelled);
  }
}

export function cancelled(seen: TargetsEnding): TargetsEnding {
  return { ...seen, end: 'cancelled', why: `the run was cancelled; last seen: ${seen.why}` };
}

function endOf({ kind }: HealthJudgement): TargetsEnding['end'] {
  switch (kind) {
    case 'good':
      return 'verified';
    case 'waiting':
      return 'late';
    case 'bad':
    case 'hopeless':
      return 'unhealthy';
    default:
      return kind;
  }
}

function say(judgement: HealthJudgement, tasks: readonly TaskHealth[]): string {
  switch (judgement.kind) {
    case 'good': {
      const zones = healthyByZone(tasks);
      return `${tasks.length} tasks healthy in ${zones.size} ${zones.size === 1 ? 'zone' : 'zones'} (${sayCounts(zones)})`;
    }
    case 'waiting':
      return `waiting: ${judgement.on}`;
    case 'wrong-image':
      return `task ${shortTask(judgement.task)} runs ${judgement.digest}, which is not the image that was deployed`;
    case 'unverifiable':
      return `nothing can be verified: ${judgement.what}`;
    default:
      return judgement.what;
  }
}
