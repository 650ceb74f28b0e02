import { expect, test } from '@jest/globals';
import { CRASHES, playSchedules } from '../schedules.ts';
import { CONTROLS, type PullStory, pullStage } from './stage.ts';

/*
 * Every place at which a rotation of what a pull-through cache signs in with can die, be raced, be refused or be meddled
 * with, twice. A few are played each time, others with another SEED; PROOF=full plays all.
 */
const SEED = Number(process.env['SEED'] ?? 7);
const full = process.env['PROOF'] === 'full';
const FAULTS = ['fail', 'forget', 'refuse'] as const;

const STORIES: Readonly<Record<string, PullStory>> = {
  'a run dies, and then another': { troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': { troubles: [['crash-soon'], ['crash-soon']] },
  'another run races, and runs die': { troubles: [['race'], CRASHES] },
  'AWS fails, and runs die': { troubles: [FAULTS, CRASHES] },
  'a run dies, and AWS fails': { troubles: [CRASHES, FAULTS] },
  'the new credential is bad, and runs die': {
    setting: { bad: true },
    awaited: true,
    troubles: [CRASHES, CRASHES],
  },
  'the new credential is bad, and AWS fails': {
    setting: { bad: true },
    awaited: true,
    troubles: [FAULTS, ['crash-after']],
  },
  'the new credential is revoked in place of the old one, and runs die': {
    setting: { confuses: true },
    awaited: true,
    troubles: [CRASHES, CRASHES],
  },
  'somebody makes another one current, and runs die': { troubles: [['current'], CRASHES] },
  'another one is staged meanwhile, and runs die': { troubles: [['restage'], CRASHES] },
};

test.each(Object.entries(STORIES))(
  'images are pulled all the time, the new credential is proven before the old one goes, and an end: %s',
  async (_, story) => {
    const pick = (index: number, depth: number) => full || (index + SEED * (depth + 1)) % 11 === 0;
    const told = await playSchedules(pullStage(story), story.troubles, pick);
    expect(told.violations).toEqual([]);
    expect(told.schedules).toBeGreaterThan(3);
  },
  1_200_000,
);

test.each(Object.entries(CONTROLS))('the harness sees it when a rotation has %s', async (_, control) => {
  const told = await playSchedules(pullStage(control), control.troubles);
  expect(told.violations.filter((said) => said.includes(control.says)).length).toBeGreaterThan(0);
});

test('a rotation does not close when its owner revoked the new credential in place of the old one', async () => {
  const told = await playSchedules(pullStage({ setting: { confuses: true }, troubles: [] }), []);
  expect(told.violations.join()).toContain('ROTATION_UPSTREAM_LOST');
});
