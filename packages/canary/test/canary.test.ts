import { expect, it } from '@jest/globals';
import { canary } from '../src/canary.ts';
import type { Stage } from '../src/github-stage.ts';
import type { Play } from '../src/play.ts';

const PLAY: Play = {
  name: 'a play',
  files: { Dockerfile: 'FROM scratch' },
  start: { repository: 'service', workflow: 'deliver.yml', inputs: {} },
  ends: { conclusion: 'success', says: [] },
};
const LOG = '##[debug]a job with a debug log';

/** A branch on which everything goes well until the plays are over; then nothing can be read any more. */
const stage = {
  commits: async () => [{ sha: 'a', subject: 'Of a person', own: false }],
  file: async () => 'text',
  commit: async () => 'b',
  start: async () => 7,
  end: async () => ({
    id: 7,
    conclusion: 'success',
    jobs: [{ name: 'deploy', conclusion: 'success', log: LOG }],
  }),
  cancel: async () => {},
  movers: async () => Promise.reject(new Error('403 rate limit exceeded')),
  bots: async () => Promise.reject(new Error('502 Bad Gateway')),
} as Partial<Stage> as Stage; // nothing else is asked

it('reports its plays also when GitHub cannot be asked afterwards', async () => {
  const { plays, assumptions } = await canary(stage, [PLAY], [], () => {});
  expect(plays).toEqual([{ name: 'a play', run: 7, otherwise: [] }]);
  const why = (id: string) => assumptions.find((each) => each.id === id);
  expect(why('github-activity-names-who-moved')).toMatchObject({
    judgement: 'not seen',
    why: 'GitHub could not be asked: 403 rate limit exceeded',
  });
  expect(why('github-bots-have-a-type')).toMatchObject({
    judgement: 'not seen',
    why: 'GitHub could not be asked: 502 Bad Gateway',
  });
});
