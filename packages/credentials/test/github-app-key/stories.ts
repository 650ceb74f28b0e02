import { DAY } from '@tenant-delivery/domain';
import type { Journal } from '@tenant-delivery/rotation/journal';
import { kindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { CRASHES, playSchedules, type UsualTrouble } from '@tenant-delivery/rotation/test/schedules';
import type { GithubAppKeyFact } from '../../src/github-app-key/facts.ts';
import type { Snapshot } from '../../src/github-app-key/observe.ts';
import { type GithubAppKeyKind, type Mistake, type Story, stageOf } from './stage.ts';

const WRONG: readonly Mistake[] = [
  'no-pem',
  'other-app',
  'unknown',
  'old',
  'delete-new',
  'delete-old',
  'early',
];
const FAULTS: readonly UsualTrouble[] = ['fail', 'forget', 'refuse'];

/** Every pair of troubles that the rotation of an App's key is held to, by what the customer is promised. */
const STORIES: Readonly<Record<string, Story>> = {
  'a run dies, and then another': { troubles: [CRASHES, CRASHES] },
  'a run dies, and the next one comes within a minute': { troubles: [['crash-soon'], ['crash-soon']] },
  'three users have the key, and runs die': {
    users: ['hq', 'billing', 'mirror'],
    troubles: [CRASHES, ['crash-after']],
  },
  'another run races, and runs die': { troubles: [['race'], CRASHES] },
  'AWS and GitHub fail, and runs die': { troubles: [FAULTS, ['crash-after']] },
  'its operator makes a mistake, and runs die': { troubles: [WRONG, ['crash-after']] },
  'a run dies, and its operator makes a mistake': { troubles: [['crash-after'], WRONG] },
  'the key has leaked, and runs die': { leaked: true, troubles: [CRASHES, ['crash-after']] },
  'a key leaks while it is rotated, and runs die': { troubles: [['leak'], CRASHES] },
};

/** Plans that must be caught: each leaves out one reason for which the shipped one waits or asks. */
const CONTROL_STORIES: Readonly<Record<string, Story>> = {
  'no drain': {
    troubles: [CRASHES],
    sabotage: (kind) => planning(kind, (seen, journal) => [seen, longAgo(journal)]),
  },
  'a key that nobody has proven': {
    troubles: [['delete-new', 'other-app']],
    sabotage: (kind) =>
      planning(
        kind,
        (seen, journal) => {
          const { escrow } = seen;
          if (escrow.kind !== 'usable') return [seen, journal];
          const trusted = (key: typeof escrow.pending) =>
            key?.held && { ...key, held: { ...key.held, of: seen.app } };
          const { pending, created } = escrow;
          return [
            { ...seen, escrow: { ...escrow, pending: trusted(pending), created: trusted(created) } },
            journal,
          ];
        },
        true,
      ),
  },
};

export const GITHUB_APP_KEY = kindStories<Story>(
  (story, pick) => playSchedules(stageOf(story), story.troubles, pick),
  STORIES,
  CONTROL_STORIES,
);

type Facts = Journal<GithubAppKeyFact>;

function planning(
  kind: GithubAppKeyKind,
  mislead: (seen: Snapshot, journal: Facts) => readonly [Snapshot, Facts],
  proved = false,
): GithubAppKeyKind {
  return {
    ...kind,
    plan: (seen, journal, now) => kind.plan(...mislead(seen, journal), now),
    ...(proved && {
      prove: async (version) => ({
        note: { kind: 'proved', version, key: 'any', app: '77', installation: '5' },
      }),
    }),
  };
}

/** The journal with the cut-over and what was attested a month ago. */
function longAgo(journal: Facts): Facts {
  const entries = journal.entries.map((entry) => {
    const { fact } = entry;
    const its = fact.kind === 'attested' || (fact.kind === 'ended' && fact.step.do === 'promote');
    return its ? { ...entry, at: new Date(Date.parse(entry.at) - 10 * DAY).toISOString() } : entry;
  });
  return { ...journal, entries };
}
