import { expect, it } from '@jest/globals';
import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import { judge, type Seen } from '../src/judge.ts';
import { type Played, playedAs } from '../src/play.ts';

const NOTHING: Seen = { plays: [], answers: {}, deviations: [], movers: [], commits: 0 };

const play = {
  name: 'a delivery',
  start: { repository: 'service', workflow: 'deliver.yml', inputs: {} },
  ends: { conclusion: 'success', says: [['verify-target-health', 'verified']] },
} as const;

function ended(conclusion: string, log: string, id = 7): Played {
  return playedAs(play, { id, conclusion, jobs: [{ name: 'deploy', conclusion, log }] });
}

const of = (seen: Partial<Seen>, id: string) => judge({ ...NOTHING, ...seen }).find((each) => each.id === id);

it('a canary that saw nothing claims nothing', () => {
  const judged = judge(NOTHING);
  expect(judged.map(({ id }) => id)).toEqual(ASSUMPTIONS.map(({ id }) => id));
  expect(judged.filter(({ judgement }) => judgement !== 'not seen')).toEqual([]);
});

it('holds by what an action said, and does not by what it said instead', () => {
  const good = ended('success', '##[debug]ended verify-target-health verified OK');
  const bad = ended('failure', '##[debug]ended verify-target-health error TARGETS_MISSING');
  expect(of({ plays: [good] }, 'ecs-started-by-revision')).toMatchObject({ judgement: 'held' });
  expect(of({ plays: [bad] }, 'ecs-started-by-revision')).toMatchObject({
    judgement: 'did not',
    why: 'verify-target-health did not say verified, but error (TARGETS_MISSING)',
  });
  expect(bad.otherwise).toHaveLength(2);
});

it('runs whose ids do not grow are noticed', () => {
  const plays = [ended('success', '', 9), ended('success', '', 8)];
  expect(of({ plays }, 'github-run-ids-grow')).toMatchObject({ judgement: 'did not' });
});

it('a commit without an account behind it is noticed', () => {
  const judged = of({ movers: ['nobody', 'ana'], commits: 2 }, 'github-activity-names-who-moved');
  expect(judged).toMatchObject({ judgement: 'did not', why: '1 of 2 commits have an account' });
});
