import { type GroupSample, shortTask, type TaskHealth } from './health-sample.ts';

/**
 * What a reader should know of targets that count as healthy: a zone that was moved away on purpose, errors that only
 * one of them has, a share of the requests that still grows. A sentence each.
 */
export function targetNotes(tasks: readonly TaskHealth[], groups: readonly GroupSample[]): readonly string[] {
  const notes = tasks.flatMap(({ task, zone, targets }) =>
    targets.flatMap(({ group, override, anomaly }) => [
      ...(override === undefined ? [] : [sayOverride(override, zone, group)]),
      ...(anomaly === 'anomalous'
        ? [`${group} sees errors at task ${shortTask(task)} that its neighbours do not have (anomalous).`]
        : []),
    ]),
  );
  return [...new Set([...notes, ...groups.flatMap(slowStart)])];
}

function sayOverride(override: string, zone: string | undefined, group: string): string {
  const where = zone ?? 'a zone';
  return /^zonal_shift/.test(override)
    ? `A zonal shift moves the requests of ${group} away from ${where} (${override}): tasks there are healthy and get none.`
    : `The balancer has an override for targets of ${group} in ${where} (${override}).`;
}

function slowStart({ name, slowStartSeconds }: GroupSample): readonly string[] {
  return slowStartSeconds === undefined || slowStartSeconds === 0
    ? []
    : [
        `${name} starts slowly: a task that has become healthy gets its full share after ${slowStartSeconds} s.`,
      ];
}
