import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { judgeProgress, type Step } from '../src/judge-progress.ts';
import { untilSettled } from '../src/until-settled.ts';

const row = (status: string, of = 'eu-central-1') => ({ of, status, why: undefined });
const stateOf = (...rows: ReturnType<typeof row>[]) =>
  judgeProgress('copy in', ['eu-central-1'], rows)[0]?.state;

describe('of what a registry does after a push', () => {
  it.each([
    ['complete', [row('COMPLETE')]],
    ['waiting', [row('COMPLETE'), row('IN_PROGRESS')]],
    ['failed', [row('COMPLETE'), row('FAILED')]],
    ['waiting', [row('DONE')]],
    ['unlisted', []],
    ['unlisted', [row('COMPLETE', 'eu-north-1')]],
  ])('it is %s that says %j', (state, rows) => {
    expect(stateOf(...rows)).toBe(state);
  });
});

describe('a wait for it', () => {
  const step = (state: Step['state']): Step => ({ state, said: state });
  const waited = async (
    steps: readonly Step['state'][],
    options: { minutes?: number; cancel?: number } = {},
  ) => {
    const clock = fakeClock();
    const begun = clock.now();
    const cancelled = new AbortController();
    if (options.cancel !== undefined) clock.at(options.cancel, () => cancelled.abort());
    const left = [...steps];
    const problems = await untilSettled(
      async () => [step((left.length > 1 ? left.shift() : left[0]) ?? 'complete')],
      {
        clock,
        deadline: begun + (options.minutes ?? 30) * 60_000,
        signal: cancelled.signal,
        log: () => {},
      },
    );
    return [problems, (clock.now() - begun) / 1000];
  };

  it('ends at once when it is complete, and as soon as it failed', async () => {
    expect(await waited(['complete'])).toEqual([[], 0]);
    expect(await waited(['waiting', 'failed'])).toEqual([['failed'], 3]);
  });

  it('gives what is not listed two minutes to begin, and what has begun all the time', async () => {
    const [problems, seconds] = await waited(['unlisted']);
    expect([problems, Number(seconds) < 150]).toEqual([['unlisted'], true]);
    expect(await waited(['waiting'], { minutes: 10 })).toEqual([['waiting when time ran out'], 600]);
  });

  it('ends when the job is cancelled', async () => {
    const [problems] = await waited(['waiting'], { cancel: 60_000 });
    expect(problems).toEqual(['waiting when the job was cancelled']);
  });
});
