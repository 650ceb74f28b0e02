import { expect, it } from '@jest/globals';
import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import { answersOf } from '../src/answers.ts';
import { JUDGES, judge } from '../src/judge.ts';
import { type Played, playedAs } from '../src/play.ts';
import type { Seen } from '../src/seen.ts';

const NOTHING: Seen = {
  plays: [],
  answers: {},
  deviations: [],
  movers: [],
  commits: 0,
  bots: [],
  questions: {},
  refusedHere: 0,
};

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

it('every assumption that a canary sees has a judge, and no other has one', () => {
  const byCanary = ASSUMPTIONS.filter(({ seenBy }) => 'canary' in seenBy).map(({ id }) => id);
  expect(Object.keys(JUDGES).sort()).toEqual(byCanary.toSorted());
});

it('of an assumption that only a person sees, the report says what they do', () => {
  const judged = of({}, 'github-links-in-annotations');
  expect(judged).toMatchObject({ judgement: 'not seen', why: 'Look at the page of a run that failed.' });
});

/** A play whose only job saw this. */
const sawing = (assumption: string, ...facts: readonly object[]): Partial<Seen> => ({
  plays: [
    ended(
      'success',
      facts.map((each) => `##[debug]saw ${JSON.stringify({ assumption, facts: each })}`).join('\n'),
    ),
  ],
});
/** What AWS answered, by the lines of a job. */
const answering = (...answers: readonly object[]): Partial<Seen> => {
  const lines = answers.map((each) => `##[debug]answer ${JSON.stringify({ ms: 1, at: 1, ...each })}`);
  return { answers: answersOf([ended('success', lines.join('\n'))]) };
};
const look = (findings: number, suppressed = 0, scanning = 'enhanced') => ({
  image: 'sha256:a',
  scanning,
  findings,
  suppressed,
});
const put = { service: 'S3', operation: 'PutObject' };
const written = answering({ ...put, shape: { ETag: 'string' } });
const tunnel = { service: 'EC2', operation: 'ModifyVpnTunnelOptions' };
const bot = { id: 1, login: 'dependabot[bot]', type: 'Bot' };

it.each<[string, string, Partial<Seen>]>([
  ['findings-settle-in-ten-seconds', 'held', sawing('findings-settle-in-ten-seconds', look(6), look(6))],
  ['findings-settle-in-ten-seconds', 'did not', sawing('findings-settle-in-ten-seconds', look(6), look(7))],
  ['findings-settle-in-ten-seconds', 'not seen', sawing('findings-settle-in-ten-seconds', look(6))],
  [
    'findings-settle-in-ten-seconds',
    'not seen',
    sawing('findings-settle-in-ten-seconds', look(6, 0, 'basic'), look(7, 0, 'basic')),
  ],
  ['ecr-lists-suppressed-rows', 'held', sawing('ecr-lists-suppressed-rows', look(6, 1))],
  ['ecr-lists-suppressed-rows', 'not seen', sawing('ecr-lists-suppressed-rows', look(6))],
  ['s3-one-writer-in-a-locked-bucket', 'held', answering({ ...put, error: 'PreconditionFailed' })],
  ['s3-one-writer-in-a-locked-bucket', 'did not', { ...written, refusedHere: 3 }],
  ['s3-one-writer-in-a-locked-bucket', 'not seen', written],
  ['github-bots-have-a-type', 'held', { bots: [bot] }],
  ['github-bots-have-a-type', 'did not', { bots: [bot, { id: 2, login: 'Copilot', type: 'User' }] }],
  [
    'ecs-omitted-platform-version',
    'held',
    sawing('ecs-omitted-platform-version', { before: 'LATEST', after: 'LATEST' }),
  ],
  [
    'ecs-omitted-platform-version',
    'did not',
    sawing('ecs-omitted-platform-version', { before: 'LATEST', after: '1.4.0' }),
  ],
  [
    'ecs-omitted-platform-version',
    'not seen',
    sawing('ecs-omitted-platform-version', { before: '1.4.0', after: '1.4.0' }),
  ],
  ['ecr-takes-chunks', 'held', sawing('ecr-takes-chunks', { chunks: 3 })],
  [
    'ecr-takes-chunks',
    'did not',
    { plays: [ended('failure', '##[debug]ended build-and-scan-image error REGISTRY_REFUSED')] },
  ],
  [
    'aws-date-header',
    'held',
    answering({ ...put, ahead: -400 }, { ...put, ahead: -70_000 }, { ...put, ahead: 0 }),
  ],
  ['aws-date-header', 'did not', answering({ ...put, ahead: 30_000 })],
  ['ec2-unsent-tunnel-options', 'held', answering({ ...tunnel, shape: { VpnConnection: {} } })],
  ['ec2-unsent-tunnel-options', 'did not', answering({ ...tunnel, error: 'UnauthorizedOperation' })],
  ['github-cancels-waiting-jobs', 'held', { plays: [{ ...ended('cancelled', ''), waited: true }] }],
  ['github-cancels-waiting-jobs', 'did not', { plays: [{ ...ended('success', ''), waited: true }] }],
])('%s: %s', (id, judgement, seen) => {
  expect(of(seen, id)).toMatchObject({ judgement });
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

it.each([
  ['ecs-check-command-is-free', 'held', 'did not'],
  ['ecs-hard-limits-may-add-up', 'held', 'did not'],
  ['ecs-refuses-what-windows-lacks', 'did not', 'held'],
])('%s: what is taken %s, and what is refused %s', (id, taken, refused) => {
  expect(of({ questions: { [id]: 'taken' } }, id)?.judgement).toBe(taken);
  expect(of({ questions: { [id]: { refused: 'no' } } }, id)?.judgement).toBe(refused);
  expect(of({ questions: { [id]: { failed: 'denied' } } }, id)).toMatchObject({
    judgement: 'not seen',
    why: 'AWS was asked, and the question failed: denied',
  });
  expect(of({}, id)?.judgement).toBe('not seen');
});
