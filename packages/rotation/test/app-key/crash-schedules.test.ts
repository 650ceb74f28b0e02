import { expect, test } from '@jest/globals';
import { playSchedules } from '../schedules.ts';
import { stageOf } from './stage.ts';
import { CONTROL_STORIES, STORIES } from './stories.ts';

/*
 * Every place at which the rotation of an App's key can die, be raced, be refused or be meddled with, twice. A few dozens
 * are played each time, others with another SEED; PROOF=full plays all.
 */
const SEED = Number(process.env['SEED'] ?? 7);
const full = process.env['PROOF'] === 'full';

test.each(Object.entries(STORIES))(
  'no outage, no lost key, and an end: %s',
  async (_, story) => {
    const told = await playSchedules(
      stageOf(story),
      story.troubles,
      (index, depth) => full || (index + SEED * (depth + 1)) % (depth === 0 ? 29 : 61) === 0,
    );
    expect(told.violations.slice(0, 8)).toEqual([]);
    expect(told.schedules).toBeGreaterThan(1);
    if (full) process.stdout.write(`${told.schedules} schedules, ${told.held} held, ${told.runs} runs\n`);
  },
  1_200_000,
);

test.each(Object.entries(CONTROL_STORIES))('the harness sees it when a plan has %s', async (_, story) => {
  const told = await playSchedules(stageOf(story), story.troubles, (index) => full || index < 3);
  expect(told.bad).toBeGreaterThan(0);
});
