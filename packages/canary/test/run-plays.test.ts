import { expect, it } from '@jest/globals';
import type { Stage } from '../src/github-stage.ts';
import type { Play } from '../src/play.ts';
import { runPlays } from '../src/run-plays.ts';

it('brings the files back even when a run that waits cannot be cancelled', async () => {
  const commits: string[] = [];
  const stage = {
    commits: async () => [{ sha: 'a', subject: 'Of a person' }],
    file: async () => 'as a person left it',
    commit: async (subject: string) => {
      commits.push(subject);
      return 'b';
    },
    start: async () => {
      throw new Error('GitHub starts nothing');
    },
    cancel: async (shas: readonly string[]) => {
      if (commits.length > 0) throw new Error(`GitHub does not cancel ${shas.length} runs`);
    },
  } as Partial<Stage> as Stage; // nothing else is asked
  const play: Play = {
    name: 'a play',
    files: { Dockerfile: 'broken' },
    start: { repository: 'service', workflow: 'deliver.yml', inputs: {} },
    ends: { conclusion: 'success', says: [] },
  };
  await expect(runPlays(stage, [play], () => {})).rejects.toThrow('GitHub');
  expect(commits).toEqual(['Canary: a play', 'Canary: as it was before']);
});
