import { expect, test } from '@jest/globals';
import { CONTROLS, FEW, type GrantStory, grantStage, type Meddling } from './break-glass/schedules.ts';
import { CRASHES, playSchedules, type UsualTrouble } from './schedules.ts';

/*
 * Every place at which the opening and closing of grants can die, be raced, be refused or be meddled with, twice, while
 * everybody tries to get in all the time. A few are played each time, others with another SEED; PROOF=full plays all.
 */
const SEED = Number(process.env['SEED'] ?? 7);
const full = process.env['PROOF'] === 'full';

const STORIES: Readonly<
  Record<string, GrantStory & { readonly troubles: readonly (readonly (Meddling | UsualTrouble)[])[] }>
> = {
  'a run dies, and then another': { wishes: FEW, troubles: [CRASHES, CRASHES] },
  'a run dies': { troubles: [CRASHES] },
  'a run dies, and the next one comes within a minute': {
    wishes: FEW,
    troubles: [['crash-soon'], ['crash-soon']],
  },
  'another run races, and runs die': { troubles: [['race'], ['crash-soon']] },
  'AWS fails, and runs die': { wishes: FEW, troubles: [['fail', 'forget', 'refuse'], ['crash-soon']] },
  'an administrator edits the role': { troubles: [['no-guard', 'old-trust', 'foreign']] },
};

test.each(Object.entries(STORIES))(
  'nobody gets in beyond the end of a grant, everybody until then, and closed is closed: %s',
  async (_, { troubles, ...story }) => {
    const pick = (index: number, depth: number) => full || (index + SEED * (depth + 1)) % 17 === 0;
    const told = await playSchedules(grantStage(story), troubles, pick);
    if (process.env['TELL']) console.log(_, { ...told, violations: told.violations.slice(0, 5) });
    expect(told.violations).toEqual([]);
    expect(told.schedules).toBeGreaterThan(1);
  },
  1_200_000,
);

test.each(Object.entries(CONTROLS))('the harness sees %s', async (_, { says, sabotage }) => {
  const told = await playSchedules(grantStage({ sabotage }), []);
  expect(told.violations.filter((said) => said.includes(says)).length).toBeGreaterThan(0);
});
