import { expect, it } from '@jest/globals';
import { type Play, playedAs } from '../src/play.ts';
import { playsFor } from '../src/plays.ts';
import { linesOf, reportOf } from '../src/report.ts';

const plays = playsFor(
  {
    tenant: 'acme',
    environment: 'prod',
    account: '000011112222',
    region: 'eu-west-1',
    service: 'orders',
    deniedBase: 'old',
    credential: 'canary',
  },
  '1',
);

function saidOf(name: string, log: string): string | undefined {
  const play: Play | undefined = plays.find((each) => each.name === name);
  if (!play) throw new Error(`there is no play ${name}`);
  const ended = '##[debug]ended rotate-access in-progress OK';
  const jobs = [{ name: 'rotate', conclusion: 'success', log: `${ended}\n${log}` }];
  const played = playedAs(play, { id: 7, conclusion: 'success', jobs });
  return linesOf(reportOf([played], { deviations: [], timing: '', assumptions: [] }))[0];
}

it('says of a rotation that found the old key of another one that nothing was rotated', () => {
  const waits = 'canary: in-progress; the old key is Inactive and kept for the grace';
  expect(saidOf('a rotation', waits)).toBe(
    "ok      a rotation (run 7): nothing was rotated, because the old key of an earlier canary's rotation is kept for its grace",
  );
  expect(saidOf('a rotation', '')).toBe('ok      a rotation (run 7)');
  expect(saidOf('the cut-over of the rotation', waits)).toBe('ok      the cut-over of the rotation (run 7)');
});
