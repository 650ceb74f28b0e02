import { expect, it } from '@jest/globals';
import type { Commit, Files } from '../src/branch.ts';
import type { Stage } from '../src/github-stage.ts';
import type { Play } from '../src/play.ts';
import { isOfCanary, runPlays } from '../src/run-plays.ts';

const PLAY: Play = {
  name: 'a play',
  files: { Dockerfile: 'broken' },
  start: { repository: 'service', workflow: 'deliver.yml', inputs: {} },
  ends: { conclusion: 'success', says: [] },
};
const OF_A_PERSON: Commit = { sha: 'a', subject: 'Of a person', own: false };

/** A branch in memory, whose runs do not start unless told otherwise. */
function branchWith(history: readonly Commit[], more: Partial<Stage> = {}) {
  const commits = [...history];
  const trees = new Map<string, Files>(history.map(({ sha }) => [sha, { 'server.js': `as in ${sha}` }]));
  const push = (subject: string, files: Files, own: boolean) => {
    const [head] = commits;
    const sha = `${commits.length}`;
    trees.set(sha, { ...trees.get(head?.sha ?? ''), ...files });
    commits.unshift({ sha, subject, own });
    return sha;
  };
  const stage = {
    commits: async () => [...commits],
    file: async (path: string, at: string) => trees.get(at)?.[path],
    commit: async (subject: string, files: Files) => push(subject, files, true),
    start: async () => {
      throw new Error('GitHub starts nothing');
    },
    cancel: async () => {},
    ...more,
  } as Partial<Stage> as Stage; // nothing else is asked
  return { stage, commits, push, now: () => trees.get(commits[0]?.sha ?? '') };
}

it('brings the files back even when a run that waits cannot be cancelled', async () => {
  let asked = 0;
  const { stage, commits } = branchWith([OF_A_PERSON], {
    cancel: async () => {
      asked += 1;
      if (asked > 1) throw new Error('GitHub does not cancel');
    },
  });
  await expect(runPlays(stage, [PLAY], () => {})).rejects.toThrow('GitHub');
  expect(commits.map(({ subject }) => subject)).toEqual([
    'Canary: as it was before',
    'Canary: a play',
    'Of a person',
  ]);
});

it('cancels the run that it was in the middle of', async () => {
  const cancelled: string[] = [];
  const { stage } = branchWith([OF_A_PERSON], {
    start: async () => 7,
    end: async () => {
      throw new Error('interrupted');
    },
    cancel: async (shas) => void cancelled.push(...shas),
  });
  await expect(runPlays(stage, [PLAY], () => {})).rejects.toThrow('interrupted');
  expect(cancelled).toEqual(['1']);
});

it('begins with a commit that only calls itself a canary, and does not take it back', async () => {
  const hostile: Commit = { sha: 'h', subject: 'Canary: a delivery', own: false };
  const { stage, now } = branchWith([hostile, OF_A_PERSON]);
  await expect(runPlays(stage, [PLAY], () => {})).rejects.toThrow('GitHub');
  expect(now()).toMatchObject({ 'server.js': 'as in h' });
  expect(isOfCanary(hostile)).toBe(false);
});

it('begins before its own commits, of a canary that was cut off', async () => {
  const { stage, now } = branchWith([{ sha: 'c', subject: 'Canary: a crash', own: true }, OF_A_PERSON]);
  await expect(runPlays(stage, [PLAY], () => {})).rejects.toThrow('GitHub');
  expect(now()).toMatchObject({ 'server.js': 'as in a' });
});

it('leaves a file to whoever changed it meanwhile', async () => {
  const branch = branchWith([OF_A_PERSON], {
    start: async () => {
      branch.push('Mend the server', { 'server.js': 'mended' }, false);
      throw new Error('GitHub starts nothing');
    },
  });
  await expect(runPlays(branch.stage, [PLAY], () => {})).rejects.toThrow('GitHub');
  expect(branch.now()).toEqual({ 'server.js': 'mended' });
});
