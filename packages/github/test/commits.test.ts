import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BranchUpdate } from '@tenant-delivery/delivery/github-ports';
import { pushCommit } from '@tenant-delivery/local-github/world/activity';
import { commits } from '../src/commits/commits.ts';
import { ANA, BEN, githubStage, ORDERS, type Stage } from './stage.ts';

const NOBODY = { name: 'Nobody', email: 'nobody@example.com' };

let stage: Stage;
beforeAll(async () => {
  stage = await githubStage();
});
afterAll(() => stage.close());

/** A branch `many` with this many commits after the first. */
function manyCommits(count: number): void {
  const by = `${ANA.name} <${ANA.email}> 1800000000 +0000`;
  const one = (index: number) =>
    `commit refs/heads/many\nauthor ${by}\ncommitter ${by}\ndata 2\n${index % 10}\n${index === 0 ? `from ${stage.first}\n` : ''}\n`;
  const input = Array.from({ length: count }, (_, index) => one(index)).join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: stage.path, input });
}

describe('commits', () => {
  it('name the people behind each commit since a revision, author and committer', async () => {
    const second = await stage.commit('2', BEN, ANA);
    const third = await stage.commit('3');
    const ben = { id: 200001, login: 'lead-ben', bot: false };
    const ana = { id: 200010, login: 'dev-ana', bot: false };
    expect(await commits(await stage.asJob()).between(ORDERS, stage.first, third)).toEqual([
      { sha: second, author: ben, committer: ana, parents: [stage.first] },
      { sha: third, author: ana, committer: ana, parents: [second] },
    ]);
  });

  it('by nobody that GitHub knows are said to be so', async () => {
    const sha = await stage.commit('4', NOBODY);
    expect(await commits(await stage.asJob()).commit(ORDERS, sha)).toMatchObject({
      sha,
      author: 'unknown',
      committer: 'unknown',
    });
  });

  it('by a bot and by GitHub itself are told from those of people', async () => {
    const bot = { name: 'b', email: '41898282+github-actions[bot]@users.noreply.github.com' };
    const sha = await stage.commit('5', bot, { name: 'GitHub', email: 'noreply@github.com' });
    expect(await commits(await stage.asJob()).commit(ORDERS, sha)).toMatchObject({
      author: { id: 41_898_282, login: 'github-actions[bot]', bot: true },
      committer: { id: 19_864_447, login: 'web-flow', bot: false },
    });
  });

  it('come whole, however many there are', async () => {
    manyCommits(205);
    const all = await commits(await stage.asJob()).between(ORDERS, stage.first, 'many');
    expect(new Set(all === 'absent' ? [] : all.map(({ sha }) => sha)).size).toBe(205);
  });

  it('that GitHub says are none are a failure, with GitHub’s words', async () => {
    const asked = commits(await stage.asJob()).commit(ORDERS, 'd'.repeat(40));
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('No commit found') });
  });

  it('that the repository does not have are absent', async () => {
    expect(await commits(await stage.asJob()).between(ORDERS, 'd'.repeat(40), stage.first)).toBe('absent');
  });
});

describe('a branch', () => {
  it('tells who moved it, page after page, with what a job of the workflow may read', async () => {
    const repository = stage.github.world.repositories.get(ORDERS);
    if (!repository) throw new Error('the repository was added before');
    const move = (sha: string, by: string) =>
      pushCommit(stage.github.world, repository, { branch: 'moved', sha, by });
    const second = await stage.commit('moved');
    await move(stage.first, 'lead-ben');
    for (let n = 0; n < 60; n += 1) {
      await move(second, 'dev-ana');
      await move(stage.first, 'github-actions[bot]');
    }
    const all: BranchUpdate[] = [];
    for await (const update of commits(await stage.asJob()).updatesOf(ORDERS, 'refs/heads/moved'))
      all.push(update);
    expect(all).toHaveLength(121);
    expect(all.slice(0, 2)).toMatchObject([
      {
        before: second,
        after: stage.first,
        forced: true,
        by: { id: 41_898_282, login: 'github-actions[bot]', bot: true },
      },
      { before: stage.first, after: second, forced: false, by: { id: 200010, login: 'dev-ana', bot: false } },
    ]);
    expect(all.at(-1)).toMatchObject({ after: stage.first, forced: false, by: { login: 'lead-ben' } });
  });

  it('that was moved by nobody whom GitHub names says so', async () => {
    const sha = await stage.commit('hidden');
    for await (const update of commits(await stage.asJob()).updatesOf(ORDERS, 'refs/heads/main')) {
      expect(update).toMatchObject({ after: sha, by: 'unknown' });
      break;
    }
  });
});
