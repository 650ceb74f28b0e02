import { expect, it } from '@jest/globals';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import fc from 'fast-check';
import { run } from '../src/run.ts';
import {
  ANA,
  BEN,
  type Branch,
  branchOf,
  DEPENDABOT,
  DEPLOYED,
  ENVIRONMENT,
  EVE,
  KIM,
  reviewsOf,
  type Story,
  story,
  TOKEN_BOT,
} from './a-history.ts';
import { closed, planned } from './changes.ts';

const CUSTOMERS = [BEN.id, EVE.id];
/** The last one by mistake: a contract that was never linted. */
const LISTED = [DEPENDABOT.id, TOKEN_BOT.id];
const numRuns = 200;

/** The same contract in every story: what the history of a branch is judged under. */
function agreed(contract: TenantContract): TenantContract {
  const { prod } = contract.environments;
  if (!prod) throw new Error('acme has prod');
  const roles = { customer: CUSTOMERS, 'provider-sre': [KIM.id] };
  const approval = { ...prod.approval, required: { customer: 1 }, roles, bots: LISTED };
  return { ...contract, environments: { prod: { ...prod, approval } } };
}

/** Where every story begins: one revision was deployed and closed. */
const before = inMemoryDelivery({ contract: agreed }).then(async (delivery) => {
  await closed(delivery, DEPLOYED);
  const { vault, clock } = delivery;
  const keys = await vault.list('');
  const stored = await Promise.all(keys.map(async (key) => [key, await vault.read(key)] as const));
  return { stored, until: clock.now() };
});

async function afterIt(): Promise<InMemoryDelivery> {
  const { stored, until } = await before;
  const vault = memoryVault();
  for (const [key, found] of stored) if (found) await vault.create(key, found.bytes);
  return inMemoryDelivery({ vault, clock: fakeClock(until), contract: agreed });
}

/** Whether the action records the approval, from what GitHub tells of the story. */
async function isApproved(told: Story, branch: Branch): Promise<boolean> {
  const delivery = await afterIt();
  const change = await planned(delivery, branch.head);
  const runner = fakeRunner();
  const [actor = ANA] = told.attempts;
  const claims = {
    sha: branch.head,
    actor: actor.login,
    actorId: String(actor.id),
    runAttempt: told.attempts.length,
  };
  const done = run(
    { ...ACME, changes: [{ service: undefined, change }], 'github-token': 'token' },
    {
      runner,
      delivery: delivery.as('approve', { runner, claims }),
      environments: { protectionOf: async (_, name) => protectedAs(name) },
      runs: {
        approvalsOf: async () => reviewsOf(told),
        stateOf: async () => ({ kind: 'alive', attempt: told.attempts.length }),
        startersOf: async (_, __, attempt) => ({
          actor,
          triggeringActor: told.attempts[attempt - 1] ?? actor,
        }),
      },
      commits: {
        commit: async (_, sha) => branch.commits.find((each) => each.sha === sha) ?? 'absent',
        between: async () => branch.commits,
        async *updatesOf() {
          yield* branch.updates.toReversed();
        },
      },
    },
  );
  await done.catch(() => undefined);
  return (await delivery.find(change)).state === 'approved';
}

const protectedAs = (name: string) =>
  name === ENVIRONMENT
    ? ({
        name,
        adminsMayBypass: false,
        reviewers: { kind: 'required', people: [BEN, EVE], teams: [], preventSelfReview: true },
        branches: { kind: 'any' },
      } as const)
    : ({
        name,
        adminsMayBypass: false,
        reviewers: { kind: 'none' },
        branches: { kind: 'patterns', branches: ['main'], tags: [] },
      } as const);

/** By the story and not by what GitHub tells: why this person's word alone would make no four eyes. */
function wrongWith({ attempts }: Story, { commits, brought }: Branch, reviewer: number): string | undefined {
  const hands: (number | 'unknown')[] = attempts.map(({ id }) => id);
  for (const { sha, author, committer } of commits) {
    const ids = [author, committer].map((each) => (each === 'unknown' ? each : each.id));
    if (author !== 'unknown' && author.login === 'web-flow') return 'GitHub writes nothing itself';
    hands.push(...ids.filter((id) => id !== 19_864_447));
    const by = brought.get(sha) ?? 'unknown';
    const ofBot = [author, committer].some((each) => each !== 'unknown' && each.bot);
    if (ofBot) hands.push(by === 'unknown' ? by : by.id);
    // a queue may merge what people wrote, and GitHub may forget who did
    else if (by !== 'unknown' && !by.bot) hands.push(by.id);
  }
  if (hands.includes('unknown')) return 'somebody unknown had a hand in it';
  const people = [ANA.id, BEN.id, EVE.id, KIM.id, 666];
  const bot = hands.find((id) => id !== DEPENDABOT.id && !people.includes(Number(id)));
  if (bot !== undefined) return `the bot ${bot} had a hand in it, on whom nobody agreed`;
  if (hands.includes(reviewer)) return 'the reviewer had a hand in it';
  return CUSTOMERS.includes(reviewer) ? undefined : 'the reviewer has no role for it';
}

it('no change is approved, and so none closed, without somebody of the agreed role who is none of those who asked for it', async () => {
  let approved = 0;
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const branch = branchOf(told);
      if (!(await isApproved(told, branch))) return;
      approved += 1;
      expect(wrongWith(told, branch, told.reviewer.id)).toBeUndefined();
    }),
    { numRuns },
  );
  expect(approved).toBeGreaterThan(0);
}, 300_000);

it('every change is approved whose reviewers, in whatever job of the run, could all approve it', async () => {
  const able = story.filter((told) => {
    const branch = branchOf(told);
    const plain = told.moves.every(({ how }) => how !== 'rewind' && how !== 'restore');
    return plain && reviewsOf(told).every(({ by }) => wrongWith(told, branch, by.id) === undefined);
  });
  await fc.assert(
    fc.asyncProperty(able, async (told) => {
      expect(await isApproved(told, branchOf(told))).toBe(true);
    }),
    { numRuns: numRuns / 4 },
  );
}, 300_000);
