import { HOUR } from '@tenant-delivery/domain';
import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules } from '@tenant-delivery/rotation/test/schedules';
import type { Setting } from './model.ts';
import { CONTROLS, type Story, stageOf, type Trouble } from './stage.ts';

const orders = { id: 'orders', names: 'current' } as const;
const billing = { id: 'billing', names: 'loose' } as const;

const ALTERNATING: Setting = { strategy: 'alternating-users', services: [orders, billing] };
const LATE: Setting = {
  strategy: 'alternating-users',
  services: [{ id: 'orders', names: 'previous' }, billing],
};
const SINGLE: Setting = { strategy: 'single-user', services: [orders, billing] };
const PROVIDED: Setting = { strategy: 'provider-set', services: [orders, billing] };
const REGISTRY: Setting = {
  strategy: 'provider-set',
  services: [
    { id: 'orders', names: 'fixed' },
    { id: 'billing', names: 'fixed', desired: 1 },
  ],
};
const ALONE: Setting = {
  strategy: 'provider-set',
  services: [orders],
  standalone: { names: 'previous', until: 9 * HOUR },
};
const ALONE_TURNED: Setting = {
  strategy: 'alternating-users',
  services: [orders],
  standalone: { names: 'current', until: 9 * HOUR },
};

const FAULTS: readonly Trouble[] = ['fail', 'forget', 'refuse'];
const DELIVERIES: readonly Trouble[] = ['deliver', 'unpin', 'lock'];

/** Every pair of troubles that the rotation of a secret of tasks is held to. */
const STORIES: Readonly<Record<string, Story>> = {
  'a run dies, and then another': { setting: ALTERNATING, troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': {
    setting: ALTERNATING,
    troubles: [['crash-soon'], ['crash-soon']],
  },
  'a service is late, and runs die': { setting: LATE, troubles: [CRASHES, ['crash-after']] },
  'one login in the agreed time, and runs die': { setting: SINGLE, troubles: [CRASHES, ['crash-after']] },
  'the value has leaked, and runs die': {
    setting: ALTERNATING,
    leaked: true,
    troubles: [CRASHES, ['crash-after']],
  },
  'it leaks while it is rotated, and runs die': {
    setting: ALTERNATING,
    troubles: [['leak'], ['crash-after']],
  },
  'another run races, and runs die': { setting: ALTERNATING, troubles: [['race'], CRASHES] },
  'AWS fails, and runs die': { setting: ALTERNATING, troubles: [FAULTS, ['crash-after']] },
  'a run dies, and AWS fails': { setting: ALTERNATING, troubles: [['crash-after'], FAULTS] },
  'services are delivered meanwhile, and runs die': {
    setting: ALTERNATING,
    troubles: [DELIVERIES, ['crash-after']],
  },
  'a service is taken back meanwhile': { setting: ALTERNATING, troubles: [['take-back'], ['crash-after']] },
  'Secrets Manager rotates by itself meanwhile, and runs die': {
    setting: ALTERNATING,
    troubles: [['scheduled'], ['crash-after']],
  },
  'the rotation function fails, and runs die': {
    setting: ALTERNATING,
    troubles: [['break'], ['crash-after']],
  },
  'a task beside the services goes on for hours': { setting: ALONE_TURNED, troubles: [CRASHES] },
  'the owner staged a value, and runs die': { setting: PROVIDED, troubles: [CRASHES, CRASHES] },
  'the owner staged a value, and AWS fails': { setting: PROVIDED, troubles: [FAULTS, ['crash-after']] },
  'the owner staged a value, and another run races': {
    setting: PROVIDED,
    troubles: [['race'], ['crash-after']],
  },
  'the staged value does not work, and runs die': {
    setting: PROVIDED,
    troubles: [['spoil'], ['crash-after']],
  },
  'the owner stages another value meanwhile': { setting: PROVIDED, troubles: [['restage'], ['crash-after']] },
  'services are delivered while an owner’s value comes': {
    setting: PROVIDED,
    troubles: [DELIVERIES, ['crash-after']],
  },
  'something names the version before the last': { setting: ALONE, troubles: [CRASHES] },
  'credentials of a registry, and runs die': { setting: REGISTRY, troubles: [CRASHES, CRASHES] },
  'credentials of a registry, and AWS fails': { setting: REGISTRY, troubles: [FAULTS, ['crash-after']] },
  'credentials of a registry that do not work, and runs die': {
    setting: REGISTRY,
    troubles: [['spoil'], ['crash-after']],
  },
};

/** Plans that must be caught: each leaves out one reason for which the shipped one waits or asks. */
const CONTROL_STORIES: Readonly<Record<string, Story>> = {
  'a value made current before it is proven': {
    setting: PROVIDED,
    troubles: [['spoil']],
    sabotage: CONTROLS['made current before it was proven'],
  },
  'no look at tasks': {
    setting: ALTERNATING,
    leaked: true,
    troubles: [CRASHES],
    sabotage: CONTROLS['no look at tasks'],
  },
  'no drain': { setting: ALONE_TURNED, leaked: true, troubles: [CRASHES], sabotage: CONTROLS['no drain'] },
  'no labels kept': { setting: ALONE, troubles: [CRASHES], sabotage: CONTROLS['no labels kept'] },
  'one rotation for a leak': {
    setting: ALTERNATING,
    leaked: true,
    troubles: [CRASHES],
    sabotage: CONTROLS['one rotation for a leak'],
  },
};

export const SECRETS_MANAGER = kindStories<Story>(
  (story, pick) => playSchedules(stageOf(story), story.troubles, pick),
  STORIES,
  CONTROL_STORIES,
);
