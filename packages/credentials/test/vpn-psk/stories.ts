import { MINUTE } from '@tenant-delivery/domain';
import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules } from '@tenant-delivery/rotation/test/schedules';
import { CONTROLS, type VpnStory, vpnStage } from './stage.ts';

/** Every pair of troubles that a rotation of the keys of two tunnels is held to. */
const STORIES: Readonly<Record<string, VpnStory>> = {
  'a run dies, and then another': { troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': { troubles: [['crash-soon'], ['crash-soon']] },
  'another run races, and runs die': { troubles: [['race'], CRASHES] },
  'the customer is slow, and runs die': {
    setting: { installing: 25 * MINUTE },
    troubles: [CRASHES, ['crash-after']],
  },
  'AWS fails, and runs die': { troubles: [['fail', 'forget', 'refuse'], ['crash-after']] },
  'a run dies, and AWS fails': { troubles: [['crash-after'], ['fail', 'forget', 'refuse']] },
  'a line breaks, and runs die': { troubles: [['own-line', 'other-line'], CRASHES] },
  'a run dies, and a line breaks': { troubles: [CRASHES, ['own-line', 'other-line']] },
  'somebody moves a label, and runs die': { troubles: [['label'], ['crash-after']] },
  'the keys of before are in no escrow, and runs die': {
    setting: { unkept: true },
    bootstrap: true,
    troubles: [CRASHES, ['crash-after']],
  },
};

export const VPN_PSK = kindStories<VpnStory>(
  (story, pick) => playSchedules(vpnStage(story), story.troubles, pick),
  STORIES,
  CONTROLS,
);
