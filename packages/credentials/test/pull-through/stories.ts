import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules } from '@tenant-delivery/rotation/test/schedules';
import { CONTROLS, type PullStory, pullStage } from './stage.ts';

const FAULTS = ['fail', 'forget', 'refuse'] as const;

/** Every pair of troubles that the rotation of what a pull-through cache signs in with is held to. */
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

export const PULL_THROUGH = kindStories<PullStory>(
  (story, pick) => playSchedules(pullStage(story), story.troubles, pick),
  STORIES,
  CONTROLS,
);
