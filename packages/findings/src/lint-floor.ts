import { inFull } from './meet-policies.ts';
import { ACTIONS, type Rule, type ScanFloor, SEVERITY_ORDER, sizeOf } from './policy.ts';
import { longestOf } from './waiver.ts';

/** What a floor says that nobody can mean: each problem with its path in the floor. */
export function lintFloor(floor: ScanFloor): readonly string[] {
  return [
    ...SEVERITY_ORDER.slice(1).flatMap((milder, index) => {
      const worse = SEVERITY_ORDER[index];
      if (worse === undefined) return [];
      const looser = looserThan(inFull(floor[worse]), inFull(floor[milder]));
      return looser.map((what) => `${worse}: ${what} than ${milder} does, though it is worse`);
    }),
    ...(floor.waivers && longestOf(floor.waivers) === 0
      ? ['waivers.maximumDays: names no severity, so nothing can be waived; leave `waivers` out']
      : []),
  ];
}

function looserThan(worse: Rule, milder: Rule): readonly string[] {
  if (milder.action !== 'block' || milder.maxCount === 'unlimited') return [];
  return [
    ...(ACTIONS.indexOf(worse.action) > ACTIONS.indexOf(milder.action) ? [`blocks less`] : []),
    ...(sizeOf(worse.maxCount) > sizeOf(milder.maxCount) ? ['allows more'] : []),
    ...(worse.graceDays > milder.graceDays ? ['has a longer grace'] : []),
    ...(worse.fixableOnly && !milder.fixableOnly ? ['counts fewer findings'] : []),
  ];
}
