import { expect, test } from '@jest/globals';
import { playStory } from './crash-schedules.ts';
import { CONTROL_STORIES, STORIES } from './stories.ts';

/*
 * Every place at which a rotation can die, be raced, be refused or be meddled with, twice. A few hundred schedules are
 * played each time, others with another SEED; PROOF=full plays all, as `npm run bench -- rotation` does.
 */
const SEED = Number(process.env['SEED'] ?? 7);
const full = process.env['PROOF'] === 'full';
const MOST_SCHEDULES = 4000; // a story that branches more than this plays something else than it says

test.each(Object.entries(STORIES))(
  'no outage, no lost key, no key of others touched, and an end: %s',
  async (_, story) => {
    const told = await playStory(story, (index, depth) => full || (index + SEED * (depth + 1)) % 23 === 0);
    expect(told.violations).toEqual([]);
    expect(told.schedules).toBeGreaterThan(3);
    if (!full) expect(told.schedules).toBeLessThan(MOST_SCHEDULES);
  },
  1_200_000,
);

test.each(Object.entries(CONTROL_STORIES))('the harness sees it when a plan has %s', async (_, story) => {
  const told = await playStory(story, (index, depth) => full || index < (depth === 0 ? 12 : 4));
  expect(told.bad).toBeGreaterThan(0);
});
