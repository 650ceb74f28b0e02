import { describe, expect, it } from '@jest/globals';
import type { Account, Commit, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
  ORDERS_IMAGE,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { inMemoryPromotion } from '@tenant-delivery/delivery/test/in-memory-promotion';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { World } from '../src/ports.ts';
import { run } from '../src/run.ts';

const ANA: Account = { id: 200010, login: 'dev-ana', bot: false };
const BEN: Person = { id: 200001, login: 'lead-ben' };
const BEN_WRITES: Account = { ...BEN, bot: false };
const DEPENDABOT: Account = { id: 49_699_333, login: 'dependabot[bot]', bot: true };
const APPROVED: RunApproval = {
  environments: ['acme-prod-approval'],
  state: 'approved',
  by: BEN,
  comment: 'looks good',
};
const DEPLOY: EnvironmentProtection = {
  name: 'acme-prod',
  adminsMayBypass: true,
  reviewers: { kind: 'none' },
  branches: { kind: 'patterns', branches: ['main'], tags: [] },
};
const PROTECTED: Readonly<Record<string, EnvironmentProtection>> = {
  'acme-prod-approval': {
    name: 'acme-prod-approval',
    adminsMayBypass: false,
    reviewers: { kind: 'required', people: [BEN], teams: [], preventSelfReview: true },
    branches: { kind: 'any' },
  },
  'acme-prod': DEPLOY,
};

interface Github {
  readonly approvals?: readonly RunApproval[];
  readonly environments?: Readonly<Record<string, EnvironmentProtection>>;
  /** Commits between two revisions, by `base...head`. */
  readonly between?: Readonly<Record<string, readonly Commit[]>>;
  readonly author?: Commit['author'];
  readonly attempt?: number;
  readonly starter?: Account;
}

function world(delivery: InMemoryDelivery, github: Github = {}): World & { readonly runner: FakeRunner } {
  const {
    approvals = [APPROVED],
    environments = PROTECTED,
    between = {},
    author = ANA,
    attempt = 1,
    starter = ANA,
  } = github;
  const runner = fakeRunner();
  return {
    runner,
    delivery: delivery.as('approve', { runner, claims: { runAttempt: attempt } }),
    environments: { protectionOf: async (_, name) => environments[name] ?? 'absent' },
    runs: {
      approvalsOf: async () => approvals,
      stateOf: async () => ({ kind: 'alive', attempt }),
      startersOf: async () => ({ actor: starter, triggeringActor: starter }),
    },
    commits: {
      commit: async (_, sha) => ({ sha, author, committer: author, parents: [] }),
      updatesOf: async function* () {},
      between: async (_, base, head) => between[`${base}...${head}`] ?? 'absent',
    },
  };
}

/** The contract with bots of its production's approval. */
function withBots(contract: InMemoryDelivery['contract'], bots: number[]): InMemoryDelivery['contract'] {
  const { prod } = contract.environments;
  if (!prod) throw new Error('acme has prod');
  return { ...contract, environments: { prod: { ...prod, approval: { ...prod.approval, bots } } } };
}

function given(change: string) {
  return { ...ACME, changes: [{ service: undefined, change }], 'github-token': 'token' };
}

describe('an approved run', () => {
  it('records who approved which plan, with the comment and how both environments were protected', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const there = world(delivery);
    const outcome = await run(given(id), there);
    expect(outcome).toMatchObject({ outcome: 'approved', ok: true });
    expect(there.runner.outputs['approved']).toBe('1');

    const change = await delivery.find(id);
    const event = change.events.at(-1);
    expect(event).toMatchObject({
      transition: { from: 'planned', to: 'approved' },
      actor: {
        kind: 'human',
        id: 'github:200001',
        login: 'lead-ben',
        role: 'customer',
        via: 'environment-review',
      },
      plan: change.events.at(-2)?.plan,
      decision: { result: 'allow', reasons: ['APPROVALS_MET'] },
    });
    const document = async (name: string) => {
      const digest = change.evidence(name) ?? '';
      const stored = await delivery.vault.read(`objects/sha256/${digest.slice(7)}`);
      return JSON.parse(Buffer.from(stored?.bytes ?? []).toString()) as unknown;
    };
    expect(await document('approvals')).toMatchObject({
      plan: `sha256:${event?.plan?.digest.sha256}`,
      approvers: [{ ...BEN, role: 'customer', comment: 'looks good' }],
      runId: '9001',
      runAttempt: 1,
      starters: [ANA],
      commits: [{ author: ANA }],
    });
    expect(await document('environment-protection')).toMatchObject({
      environments: [PROTECTED['acme-prod-approval'], PROTECTED['acme-prod']],
    });
  });

  it('approves all of its changes or none', async () => {
    const delivery = await inMemoryDelivery();
    const planned = await delivery.bring('planned');
    const gated = await delivery.bring('gated');
    const both = {
      ...given(planned),
      changes: [planned, gated].map((change) => ({ service: undefined, change })),
    };
    await expect(run(both, world(delivery))).rejects.toMatchObject({ code: 'TRANSITION_NOT_ALLOWED' });
    expect((await delivery.find(planned)).state).toBe('planned');

    const second = await delivery.bring('planned');
    const good = {
      ...given(planned),
      changes: [planned, second].map((change) => ({ service: undefined, change })),
    };
    expect(await run(good, world(delivery))).toMatchObject({ outcome: 'approved' });
    expect((await delivery.find(planned)).state).toBe('approved');
    expect((await delivery.find(second)).state).toBe('approved');
  });

  it('looks at every commit since the revision that is deployed now', async () => {
    const delivery = await inMemoryDelivery();
    const before = await delivery.bring('closed');
    const id = await delivery.bring('planned');
    const sha = (await delivery.find(before)).events[0]?.run.sha ?? '';
    const hidden = { sha: 'b'.repeat(40), author: BEN_WRITES, committer: ANA, parents: [] };
    const there = world(delivery, { between: { [`${sha}...${sha}`]: [hidden] } });
    await expect(run(given(id), there)).rejects.toMatchObject({
      code: 'APPROVALS_MISSING',
      message: expect.stringContaining('lead-ben wrote or committed bbbbbbbbbbbb'),
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('judges a change again that an earlier attempt recorded as approved, and leaves it as it is', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    await run(given(id), world(delivery));
    const events = (await delivery.find(id)).events.length;
    expect(await run(given(id), world(delivery, { attempt: 2 }))).toMatchObject({ outcome: 'approved' });
    expect((await delivery.find(id)).events.length).toBe(events);
    const foreign = { ...APPROVED, by: { id: 300001, login: 'sre-kim' } };
    await expect(
      run(given(id), world(delivery, { attempt: 2, approvals: [APPROVED, foreign] })),
    ).rejects.toMatchObject({ code: 'APPROVAL_AMBIGUOUS' });
  });
});

describe('nothing is recorded as approved', () => {
  it.each<[string, Github, string]>([
    ['when the environment is not protected as agreed', { environments: {} }, 'ENVIRONMENT_UNPROTECTED'],
    [
      'when an environment exists and admits more than agreed',
      {
        environments: {
          ...PROTECTED,
          'acme-prod': { ...DEPLOY, branches: { kind: 'any' } },
        },
      },
      'ENVIRONMENT_UNPROTECTED',
    ],
    ['when nobody approved', { approvals: [] }, 'APPROVALS_MISSING'],
    ['when the approver wrote the change', { author: BEN_WRITES }, 'APPROVALS_MISSING'],
    [
      'when the token names another one than who started the run',
      { starter: BEN_WRITES },
      'APPROVALS_MISSING',
    ],
    ['when a bot wrote it whom nobody agreed on', { author: DEPENDABOT }, 'BOT_NOT_LISTED'],
    ['when nobody knows who wrote the change', { author: 'unknown' }, 'COMMIT_AUTHOR_UNKNOWN'],
  ])('%s', async (_, github, code) => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    await expect(run(given(id), world(delivery, github))).rejects.toMatchObject({ code });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('when the change was planned in another run, whose plan these reviewers never saw', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const there = world(delivery);
    const other = delivery.as('approve', { runner: there.runner, claims: { runId: '9002' } });
    await expect(run(given(id), { ...there, delivery: other })).rejects.toMatchObject({
      code: 'TRANSITION_NOT_ALLOWED',
      message: expect.stringContaining('the reviewers of run 9002 have not seen that plan'),
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('when a build that broke out proposed it for another commit, whose author would let its own approve', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const there = world(delivery);
    const built = 'e'.repeat(40);
    const ofThisRun = delivery.as('approve', { runner: there.runner, claims: { sha: built } });
    await expect(run(given(id), { ...there, delivery: ofThisRun })).rejects.toMatchObject({
      code: 'TRANSITION_NOT_ALLOWED',
      message: expect.stringContaining(`and this is run 9001 of commit ${built}`),
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('of a promotion whose commits an older release recorded, which did not say whether a bot wrote them', async () => {
    const { id, login } = ANA;
    const recorded = { sha: 'c'.repeat(40), author: { id, login }, committer: { id, login } };
    const origin = { repository: 'acme/elsewhere', repositoryId: '1', revision: recorded.sha };
    const { prod, change } = await inMemoryPromotion({ source: { origin, commits: [recorded] } });
    const image = ORDERS_IMAGE;
    const verdict = await putDocument(prod.vault, {});
    await (await prod.find(change, 'gate')).append('gated', { image, evidence: { verdict } });
    const plan = await putDocument(prod.vault, { of: change });
    await (await prod.find(change, 'gate')).append('planned', { plan });
    await expect(run(given(change), world(prod))).rejects.toMatchObject({ code: 'COMMIT_RECORDED_BEFORE' });
  });

  it('when a reviewer rejected: that is recorded instead, and fails', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const rejection: RunApproval = { ...APPROVED, state: 'rejected', comment: 'not today' };
    const outcome = await run(given(id), world(delivery, { approvals: [rejection] }));
    expect(outcome).toMatchObject({ outcome: 'rejected', reasonCode: 'APPROVAL_REJECTED', ok: false });
    expect((await delivery.find(id)).state).toBe('rejected');
  });

  it('for one of its plans when an approver could not approve the other', async () => {
    const agreed = { id: 200010, login: 'dev-ana' };
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const both = [APPROVED, { ...APPROVED, by: agreed }];
    await expect(run(given(id), world(delivery, { approvals: both }))).rejects.toMatchObject({
      code: 'APPROVAL_AMBIGUOUS',
      details: ['dev-ana started the run'],
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('while nobody says who merged what a listed bot wrote', async () => {
    const delivery = await inMemoryDelivery({
      contract: (agreed) => withBots(agreed, [DEPENDABOT.id]),
    });
    const id = await delivery.bring('planned');
    await expect(run(given(id), world(delivery, { author: DEPENDABOT }))).rejects.toMatchObject({
      code: 'COMMIT_MERGER_UNKNOWN',
    });
    expect((await delivery.find(id)).state).toBe('planned');
  });

  it('lists every difference of the environments at once', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    await expect(run(given(id), world(delivery, { environments: {} }))).rejects.toMatchObject({
      details: ['acme-prod-approval does not exist', 'acme-prod does not exist'],
    });
  });
});
