import { DAY, HOUR, SECOND } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules, type UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import type { GithubDeployKeyFact } from '../../src/github-deploy-key/facts.ts';
import type { Snapshot } from '../../src/github-deploy-key/observe.ts';
import type { ModelSetting } from '../iam-access-key/model-state.ts';
import { type GithubDeployKeyKind, type Meddling, type Story, stageOf } from './stage.ts';

const clone = { id: 'github:acme/orders:CLONE_KEY', kind: 'slots', cadence: 6 * HOUR } as const;
const mirror = { id: 'github:acme/mirror@prod:CLONE_KEY', kind: 'slots', cadence: 2 * HOUR } as const;
const people = { id: 'external:hq', kind: 'people', cadence: 10 * HOUR } as const;

const ONE: ModelSetting = { consumers: [clone], keyDelay: 0, trailDelay: 0 };
const MEDDLING: readonly Meddling[] = ['stranger', 'delete-old', 'delete-new', 'add-old', 'flip'];
const FAULTS: readonly UsualTrouble[] = ['fail', 'forget', 'refuse'];

/** Every pair of troubles that a rotation of a deploy key is held to, by what the customer is promised. */
const STORIES: Readonly<Record<string, Story>> = {
  'a run dies, and then another': { setting: ONE, troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': {
    setting: ONE,
    troubles: [['crash-soon'], ['crash-soon']],
  },
  'two repositories and people have the key, and runs die': {
    setting: { ...ONE, consumers: [clone, mirror, people] },
    troubles: [['crash-after'], ['crash-before']],
  },
  'somebody undeclared goes on using the old key': {
    setting: { ...ONE, straggler: [3, 13, 23, 33, 43].map((hours) => hours * HOUR) },
    troubles: [CRASHES],
  },
  'another run races, and runs die': { setting: ONE, troubles: [['race'], CRASHES] },
  'AWS and GitHub fail, and runs die': { setting: ONE, troubles: [FAULTS, ['crash-after']] },
  'an administrator acts, and runs die': { setting: ONE, troubles: [MEDDLING, ['crash-after']] },
  'a run dies, and an administrator acts': {
    setting: ONE,
    troubles: [['crash-after'], ['stranger', 'delete-new', 'add-old']],
  },
  'the key has leaked, and runs die': { setting: ONE, leaked: true, troubles: [CRASHES, CRASHES] },
  'a key leaks while it is rotated, and runs die': { setting: ONE, troubles: [['leak'], ['crash-after']] },
  'the first key of a repository, and runs die': {
    setting: { ...ONE, empty: true },
    policy: { bootstrap: true },
    troubles: [CRASHES, CRASHES],
  },
};

/** Plans that must be caught: each leaves out one reason for which the shipped one waits. */
const CONTROL_STORIES: Readonly<Record<string, Story>> = {
  'no drain': {
    setting: { consumers: [{ ...clone, cadence: 30 * SECOND * 60 }], keyDelay: 0, trailDelay: 0 },
    troubles: [CRASHES],
    sabotage: (kind) =>
      planning(kind, (seen, journal) => [
        {
          ...seen,
          keys: seen.keys === 'absent' ? seen.keys : seen.keys.map((key) => ({ ...key, lastUse: 'never' })),
          consumers: seen.consumers.map((one) => ({ ...one, holders: { count: 0, examples: [] } })),
        },
        longAgo(journal, ['point', 'promote']),
      ]),
  },
  'no grace': {
    setting: ONE,
    troubles: [CRASHES],
    sabotage: (kind) => planning(kind, (seen, journal) => [seen, longAgo(journal, ['delete'])]),
  },
  'the public half before the private one': {
    setting: ONE,
    troubles: [CRASHES],
    sabotage: (kind) => ({
      ...kind,
      apply: async (step) => {
        if (step.do !== 'escrow') return kind.apply(step);
        const { key, publicKey } = step;
        await kind.apply({ do: 'register', key, publicKey, title: 'too soon', access: 'read' });
        return kind.apply(step);
      },
    }),
  },
};

export const GITHUB_DEPLOY_KEY = kindStories<Story>(
  (story, pick) => playSchedules(stageOf(story), story.troubles, pick),
  STORIES,
  CONTROL_STORIES,
);

type Facts = Journal<GithubDeployKeyFact>;

function planning(
  kind: GithubDeployKeyKind,
  mislead: (seen: Snapshot, journal: Facts) => readonly [Snapshot, Facts],
): GithubDeployKeyKind {
  return { ...kind, plan: (seen, journal, now) => kind.plan(...mislead(seen, journal), now) };
}

/** The journal with these steps done a month ago. */
function longAgo(journal: Facts, steps: readonly string[]): Facts {
  const entries = journal.entries.map((entry) => {
    const { fact } = entry;
    const its = fact.kind === 'ended' && steps.includes(fact.step.do);
    return its ? { ...entry, at: new Date(Date.parse(entry.at) - 30 * DAY).toISOString() } : entry;
  });
  return { ...journal, entries };
}
