import { LATE_STORES } from '@tenant-delivery/local-aws/world/late-stores';
import type { Answers, AnswersByOperation } from './answers.ts';

/** What time says of the answers to one operation. */
export interface Timed {
  readonly kind: 'too slow' | 'too late' | 'lasted longer';
  readonly says: string;
}

/** Half of the time after which our clients give up an answer, in milliseconds. */
const SLOW = 7_500;

/** A state that lasted this much longer than here is told: three times, and a minute more. */
const LONGER = { times: 3, milliseconds: 60_000 };

/** Operations that are asked again for one reason alone: they do not say yet what was just changed. The store is the local AWS's. */
const SHOWN_LATE: Readonly<Record<string, string>> = { 'ECS:ListServiceDeployments': 'ecs' };

/** How answers of AWS deviate in time from those of the local AWS, and the local AWS from its own bounds. */
export function timed(operation: string, here: Answers, seen: Answers): readonly Timed[] {
  const slowest = Math.max(0, ...seen.times);
  const [longestHere, longest] = [Math.max(0, ...here.waits), Math.max(0, ...seen.waits)];
  const longer =
    longest > longestHere * LONGER.times &&
    longest - longestHere >= LONGER.milliseconds &&
    here.waits.length > 0;
  return [
    ...(slowest > SLOW
      ? [
          {
            kind: 'too slow' as const,
            says: `an answer took ${inSeconds(slowest)}, and our clients give up after ${inSeconds(2 * SLOW)}`,
          },
        ]
      : []),
    ...tooLate(operation, 'AWS', seen),
    ...tooLate(operation, 'the local AWS', here),
    ...(longer
      ? [
          {
            kind: 'lasted longer' as const,
            says: `a step asked for ${inSeconds(longest)}, and for ${inSeconds(longestHere)} here`,
          },
        ]
      : []),
  ];
}

/** Later than the bound that the local AWS keeps, whose page gives none, is later than our code was ever tried with. */
function tooLate(operation: string, who: string, { waits }: Answers): readonly Timed[] {
  const store = LATE_STORES.find(({ service }) => service === SHOWN_LATE[operation]);
  const longest = Math.max(0, ...waits);
  if (!store || longest <= store.longest) return [];
  const says = `${who} did not show a change for ${inSeconds(longest)}. The local AWS promises ${inSeconds(store.longest)} at most ("${store.page}")`;
  return [{ kind: 'too late', says }];
}

/** One line of a report: how fast both answered. */
export function timingOf(here: AnswersByOperation, seen: AnswersByOperation): string {
  return `AWS answered ${spanOf(seen)}; the local AWS ${spanOf(here)}`;
}

function spanOf(answers: AnswersByOperation): string {
  const all = Object.entries(answers).flatMap(([operation, { times }]) =>
    times.map((ms) => ({ operation, ms })),
  );
  const sorted = all.toSorted((a, b) => a.ms - b.ms);
  const [middle, most] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (!middle || !most) return 'nothing';
  return `${all.length} requests in ${middle.ms} ms in the middle, ${most.ms} ms at most (${most.operation})`;
}

function inSeconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
