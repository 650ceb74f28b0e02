import { DAY, HOUR, MINUTE, SECOND } from '@tenant-delivery/domain';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES } from '@tenant-delivery/rotation/test/schedules';
import { ACCOUNT, keyId, type ModelSetting } from './model-state.ts';
import { CONTROLS, playStory, type Story, type Trouble } from './stage.ts';

const legacy = { id: 'github:acme/legacy:prod', kind: 'slots', cadence: 6 * HOUR } as const;
const batch = { id: 'secret:td/prod/batch', kind: 'secret', cadence: 2 * HOUR } as const;
const people = { id: 'external:hq', kind: 'people', cadence: 10 * HOUR } as const;

const ONE: ModelSetting = { consumers: [legacy], keyDelay: 12 * SECOND, trailDelay: 10 * MINUTE };
const SLOW: ModelSetting = { consumers: [legacy], keyDelay: 70 * SECOND, trailDelay: 28 * MINUTE };

const MEDDLING: readonly Trouble[] = ['stranger', 'disable-old', 'flip'];
const SCRIBBLES: readonly Trouble[] = ['scribble'];
const FAULTS: readonly Trouble[] = ['fail', 'forget', 'refuse'];

/** Every pair of troubles that a rotation of an access key is held to, by what the customer is promised. */
const STORIES: Readonly<Record<string, Story>> = {
  'a run dies, and then another': { setting: ONE, troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': {
    setting: ONE,
    troubles: [['crash-soon'], ['crash-soon']],
  },
  'IAM and CloudTrail are slow, and runs die': { setting: SLOW, troubles: [CRASHES, ['crash-after']] },
  'people install the key, and runs die': {
    setting: { ...ONE, consumers: [people] },
    troubles: [CRASHES, CRASHES],
  },
  'a system reads the key from a secret of its own, and runs die': {
    setting: { ...ONE, consumers: [batch] },
    troubles: [CRASHES, CRASHES],
  },
  'three consumers, and runs die': {
    setting: { ...ONE, consumers: [legacy, batch, people] },
    troubles: [['crash-after'], ['crash-before']],
  },
  'somebody undeclared goes on using the old key': {
    setting: { ...ONE, straggler: [3, 13, 23, 33, 43].map((hours) => hours * HOUR) },
    troubles: [CRASHES, ['crash-after']],
  },
  'another run races, and runs die': { setting: ONE, troubles: [['race'], CRASHES] },
  'a run dies, and two others race': { setting: ONE, troubles: [['crash-after'], ['race']] },
  'AWS and GitHub fail, and runs die': { setting: ONE, troubles: [FAULTS, ['crash-after']] },
  'a run dies, and AWS and GitHub fail': { setting: ONE, troubles: [['crash-after'], FAULTS] },
  'an administrator acts, and runs die': { setting: ONE, troubles: [MEDDLING, CRASHES] },
  'a run dies, and an administrator acts': { setting: ONE, troubles: [CRASHES, MEDDLING] },
  'somebody writes over what was staged, and runs die': {
    setting: ONE,
    troubles: [SCRIBBLES, ['crash-after']],
  },
  'the key has leaked, and runs die': {
    setting: ONE,
    leaked: true,
    policy: { probeEvery: 15 * DAY },
    troubles: [CRASHES, CRASHES],
  },
  'a key leaks while it is rotated, and runs die': {
    setting: ONE,
    policy: { probeEvery: 15 * DAY },
    troubles: [['leak'], CRASHES],
  },
  'the first key of a user, and runs die': {
    setting: { ...ONE, empty: true },
    policy: { bootstrap: true },
    troubles: [CRASHES, CRASHES],
  },
  'a key that nobody managed, and runs die': {
    setting: { ...ONE, unmanaged: true },
    policy: { adopt: fingerprintOf(ACCOUNT, keyId(0)) },
    troubles: [CRASHES, ['crash-after']],
  },
};

/** Plans that must be caught: each leaves out one reason for which the shipped one waits or asks. */
const CONTROL_STORIES: Readonly<Record<string, Story>> = {
  'no drain': { setting: ONE, troubles: [CRASHES], sabotage: CONTROLS['no drain'] },
  'no grace': { setting: ONE, troubles: [CRASHES], sabotage: CONTROLS['no grace'] },
  'no drain and no grace': {
    setting: ONE,
    troubles: [CRASHES],
    sabotage: (kind) => CONTROLS['no grace'](CONTROLS['no drain'](kind)),
  },
  'overwriting the pair in place': {
    setting: { ...ONE, consumers: [{ ...legacy, kind: 'pair' }] },
    troubles: [CRASHES],
  },
  'an orphan judged without attribution': {
    setting: ONE,
    troubles: [['crash-before'], ['stranger']],
    sabotage: CONTROLS['orphan without attribution'],
  },
};

export const IAM_ACCESS_KEY = kindStories(playStory, STORIES, CONTROL_STORIES);
