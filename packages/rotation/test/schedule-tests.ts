import { expect, test } from '@jest/globals';
import { caught, type KindStories } from './kind-stories.ts';
import type { Pick } from './schedules.ts';

const SEED = Number(process.env['SEED'] ?? 7);
const full = process.env['PROOF'] === 'full';
const MOST_SCHEDULES = 4000; // a sampled story that branches more than this plays something else than it says
const PROMISED = 2000; // schedules of every kind

export interface Sample {
  /** One of so many of the first troubles is played each time, and one of so many of what follows it. */
  readonly oneOf: readonly [first: number, second: number];
  /** What is played of a wrong plan; everything when absent. */
  readonly controls?: Pick;
}

/**
 * Every place at which the rotation of a kind can die, be raced, be refused or be meddled with, twice. A few schedules
 * are played each time, others with another SEED; PROOF=full plays all.
 */
export function testSchedules(promise: string, { stories, controls }: KindStories, sample: Sample): void {
  let [played, alike] = [0, 0];
  const pick: Pick = (index, depth) =>
    full || (index + SEED * (depth + 1)) % sample.oneOf[depth === 0 ? 0 : 1] === 0;

  test.each(Object.entries(stories))(
    `${promise}: %s`,
    async (_, story) => {
      const told = await story.play(pick);
      expect(told.violations.slice(0, 8)).toEqual([]);
      expect(told.schedules).toBeGreaterThan(1);
      if (!full) expect(told.schedules).toBeLessThan(MOST_SCHEDULES);
      played += told.schedules;
      alike += told.alike;
    },
    1_200_000,
  );

  test.each(Object.entries(controls))('the harness sees it when there is %s', async (_, control) => {
    const told = await control.play((index, depth) => full || (sample.controls?.(index, depth) ?? true));
    expect(caught(control, told)).toBeGreaterThan(0);
  });

  if (full)
    test('there are thousands of them', () => {
      process.stderr.write(`${played} schedules, and ${alike} that join one of them: ${promise}\n`);
      expect(played).toBeGreaterThanOrEqual(PROMISED);
    });
}
