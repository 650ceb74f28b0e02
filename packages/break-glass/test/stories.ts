import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules, type UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import { CONTROLS, FEW, type GrantStory, grantStage, type Meddling } from './stage.ts';

interface Story extends GrantStory {
  readonly troubles: readonly (readonly (Meddling | UsualTrouble)[])[];
  /** What the harness must say of it. */
  readonly says?: string;
}

/** Every pair of troubles that the opening and closing of grants is held to, while everybody tries to get in. */
const STORIES: Readonly<Record<string, Story>> = {
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

/** Wrong documents show without any trouble. */
const CONTROL_STORIES: Readonly<Record<string, Story>> = Object.fromEntries(
  Object.entries(CONTROLS).map(([name, control]) => [name, { ...control, troubles: [] }]),
);

export const BREAK_GLASS = kindStories<Story>(
  ({ troubles, ...story }, pick) => playSchedules(grantStage(story), troubles, pick),
  STORIES,
  CONTROL_STORIES,
);
