import { run } from '@tenant-delivery/approve-change/run';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { asking, busyService } from '../busy-service.ts';
import { measureRow } from '../growth-row.ts';

const ana = { id: 200010, login: 'dev-ana', bot: false };
const ben = { id: 200001, login: 'lead-ben' };

const approval: EnvironmentProtection = {
  name: 'acme-prod-approval',
  adminsMayBypass: false,
  reviewers: { kind: 'required', people: [ben], teams: [], preventSelfReview: true },
  branches: { kind: 'any' },
};
const deploy: EnvironmentProtection = {
  name: 'acme-prod',
  adminsMayBypass: true,
  reviewers: { kind: 'none' },
  branches: { kind: 'patterns', branches: ['main'], tags: [] },
};

await measureRow({
  work: 'approve a change, after changes',
  n: 625,
  atMost: { processor: 2, calls: 1.2 },
  setUp: async (changes) => {
    const { delivery, vault } = await busyService(changes);
    const change = await delivery.bring('planned');
    const runner = fakeRunner();
    const word = { environments: [approval.name], state: 'approved', by: ben, comment: 'fine' } as const;
    const world = {
      runner,
      delivery: delivery.as('approve', { runner }),
      environments: {
        protectionOf: async (_: string, name: string) => (name === approval.name ? approval : deploy),
      },
      runs: {
        approvalsOf: async () => [word],
        stateOf: async () => ({ kind: 'alive', attempt: 1 }) as const,
        startersOf: async () => ({ actor: ana, triggeringActor: ana }),
      },
      commits: {
        commit: async (_: string, sha: string) => ({ sha, author: ana, committer: ana, parents: [] }),
        updatesOf: async function* () {},
        between: async () => [],
      },
    };
    const given = { ...delivery.target, changes: [{ service: undefined, change }], 'github-token': 'token' };
    return {
      run: () =>
        asking(vault, async () => {
          const { outcome } = await run(given, world);
          if (outcome !== 'approved') throw new Error(outcome);
        }),
    };
  },
});
