import { describe, expect, it } from '@jest/globals';
import type { BranchUpdate, Commit, Commits } from '@tenant-delivery/delivery/github-ports';
import type { PromotionSource } from '@tenant-delivery/delivery/promotion-source';
import { readRollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import {
  type InMemoryDelivery,
  inMemoryDelivery,
  type Job,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { inMemoryPromotion } from '@tenant-delivery/delivery/test/in-memory-promotion';
import { commitsSince } from '../src/commits-since.ts';
import { closed, propose } from './changes.ts';

const ANA = { id: 200010, login: 'dev-ana', bot: false };
const DEPENDABOT = { id: 49_699_333, login: 'dependabot[bot]', bot: true };
const V1 = '1'.repeat(40);
const NEXT = 'f'.repeat(40);

/** A repository that answers any comparison with one commit between, and remembers from where. */
function repository(
  author: Commit['author'] = ANA,
  updates: readonly BranchUpdate[] = [],
): Commits & { readonly compared: string[]; readonly asked: string[] } {
  const compared: string[] = [];
  const asked: string[] = [];
  const between = 'b'.repeat(40);
  return {
    compared,
    asked,
    commit: async (_, sha) => ({ sha, author: ANA, committer: ANA, parents: [between] }),
    between: async (_, base) => {
      compared.push(base);
      return [{ sha: between, author, committer: author, parents: [base] }];
    },
    async *updatesOf(_, ref) {
      asked.push(ref);
      yield* updates;
    },
  };
}

async function since(delivery: InMemoryDelivery, claims: Job['claims'] = {}, commits = repository()) {
  const change = await propose(delivery, { sha: NEXT, ...claims });
  const world = delivery.as('approve', { claims: { sha: NEXT, ...claims } });
  const found = await commitsSince(world, await delivery.admission(), change, commits);
  return { ...found, compared: commits.compared, asked: commits.asked };
}

describe('what a change brings', () => {
  it('is everything since the revision that was closed last, and the commit itself', async () => {
    const delivery = await inMemoryDelivery();
    await closed(delivery, '0'.repeat(40));
    await closed(delivery, V1);
    const { compared, commits, since: from } = await since(delivery);
    expect(compared).toEqual([V1]);
    expect(from).toBe(V1);
    expect(commits.map(({ sha }) => sha)).toEqual(['b'.repeat(40), NEXT]);
  });

  it('is counted from the revision that a rollback went back to, not from the commit of its workflow', async () => {
    const delivery = await inMemoryDelivery();
    const goal = await closed(delivery, V1);
    await closed(delivery, '2'.repeat(40));
    await delivery.clock.sleep(1000);
    const { target } = await readRollbackTarget(delivery.as('build'), delivery.target, goal);
    await delivery.bring('closed', { kind: 'rollback', documents: { target } });
    expect((await since(delivery)).compared).toEqual([V1]);
  });

  it('is the commit alone when nothing was deployed, or from another repository', async () => {
    const delivery = await inMemoryDelivery();
    expect(await since(delivery)).toMatchObject({ since: undefined, compared: [] });
    await closed(delivery, V1, { repositoryId: '1', repository: 'acme/elsewhere' });
    const { commits, compared } = await since(delivery);
    expect(compared).toEqual([]);
    expect(commits.map(({ sha }) => sha)).toEqual([NEXT]);
  });
});

describe('what a bot wrote', () => {
  it('comes with who merged or pushed it, asked of the branch of the run', async () => {
    const delivery = await inMemoryDelivery();
    await closed(delivery, V1);
    const merged = { before: V1, after: NEXT, forced: false, by: ANA };
    const { commits, asked } = await since(delivery, {}, repository(DEPENDABOT, [merged]));
    expect(asked).toEqual(['refs/heads/main']);
    expect(commits).toEqual([
      { sha: 'b'.repeat(40), author: DEPENDABOT, committer: DEPENDABOT, broughtBy: [ANA] },
      { sha: NEXT, author: ANA, committer: ANA, broughtBy: [ANA] },
    ]);
  });
});

describe('what people wrote', () => {
  const CAM = { id: 200002, login: 'lead-cam', bot: false };
  const QUEUE = { id: 118_344_674, login: 'github-merge-queue[bot]', bot: true };

  it('comes with who merged or pushed it, because anybody may write another name into a commit', async () => {
    const delivery = await inMemoryDelivery();
    await closed(delivery, V1);
    const forged = { before: V1, after: 'b'.repeat(40), forced: false, by: CAM };
    const queued = { before: 'b'.repeat(40), after: NEXT, forced: false, by: QUEUE };
    const { commits } = await since(delivery, {}, repository(ANA, [queued, forged]));
    expect(commits).toEqual([
      { sha: 'b'.repeat(40), author: ANA, committer: ANA, broughtBy: [CAM] },
      { sha: NEXT, author: ANA, committer: ANA },
    ]);
  });

  it('needs nobody who merged it, where GitHub tells of nobody', async () => {
    const delivery = await inMemoryDelivery();
    const { commits } = await since(delivery);
    expect(commits).toEqual([{ sha: NEXT, author: ANA, committer: ANA }]);
  });
});

describe('what a promotion brings', () => {
  const CAM = { id: 200002, login: 'lead-cam', bot: false };
  const recorded = [{ sha: 'c'.repeat(40), author: CAM, committer: CAM }];
  const ORIGIN = { repository: 'acme/orders', repositoryId: '456789', revision: NEXT };
  const source = { origin: ORIGIN, commits: recorded };
  const found = async (given: Partial<PromotionSource>, claims: Job['claims'], commits = repository()) => {
    const { prod, change } = await inMemoryPromotion({ source: { ...source, ...given } });
    const world = prod.as('approve', { claims: { ...claims } });
    return commitsSince(world, await prod.admission(), await prod.find(change), commits);
  };

  it('is asked of GitHub where the job may read the source', async () => {
    const commits = repository();
    expect(await found({}, {}, commits)).toEqual({
      since: undefined,
      commits: [{ sha: NEXT, author: ANA, committer: ANA }],
    });
  });

  it('is what the other environment recorded where it may not: its author does not approve it', async () => {
    const operations = { repository: 'OWNER/tenant-operations', repositoryId: '700002' };
    expect(await found({}, operations)).toEqual({ since: undefined, commits: recorded });
  });

  it('is read as an older release recorded it, which did not tell people from bots', async () => {
    const { bot: _, ...before } = CAM;
    const operations = { repository: 'OWNER/tenant-operations', repositoryId: '700002' };
    const old = [{ sha: 'c'.repeat(40), author: before, committer: before }];
    expect((await found({ commits: old }, operations)).commits).toEqual(old);
  });

  it('has unknown authors, and so no approver, where nothing was recorded', async () => {
    const operations = { repository: 'OWNER/tenant-operations', repositoryId: '700002' };
    const { commits } = await found({ commits: [] }, operations);
    expect(commits).toEqual([{ sha: NEXT, author: 'unknown', committer: 'unknown' }]);
  });
});
