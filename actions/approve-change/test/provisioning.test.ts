import { describe, expect, it } from '@jest/globals';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import { openChange, resumeChange } from '@tenant-delivery/delivery/change';
import type { Person } from '@tenant-delivery/delivery/github-ports';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { ProvisioningKind } from '@tenant-delivery/domain';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { World } from '../src/ports.ts';
import { run } from '../src/run.ts';

const BEN: Person = { id: 200001, login: 'lead-ben' };
const SRE: Person = { id: 300001, login: 'sre-cleo' };
const COLLEAGUE: Person = { id: 300002, login: 'sre-dan' };
const OPERATIONS = {
  repository: 'OWNER/tenant-operations',
  repositoryId: '700002',
  repositoryOwnerId: '700000',
  sub: 'repo:OWNER/tenant-operations:ref:refs/heads/main',
  actor: SRE.login,
  actorId: String(SRE.id),
};
const { service: _, ...PLACE } = ACME;
const NETWORK = { ...PLACE, part: 'network' } as const;

function protection(name: string, people: readonly Person[]): EnvironmentProtection {
  return {
    name,
    adminsMayBypass: false,
    reviewers: { kind: 'required', people, teams: [], preventSelfReview: true },
    branches: { kind: 'patterns', branches: ['main'], tags: [] },
  };
}

/** A run that its starter's colleagues have approved. */
function world(
  delivery: InMemoryDelivery,
  by: Person = BEN,
  { claims = OPERATIONS, second }: { readonly claims?: object; readonly second?: Person } = {},
): World {
  const starter = { ...SRE, bot: false };
  return {
    runner: fakeRunner(),
    delivery: delivery.as('approve', { claims }),
    environments: {
      protectionOf: async (_, name) => protection(name, name.endsWith('-second') ? [SRE, COLLEAGUE] : [BEN]),
    },
    runs: {
      approvalsOf: async () => [
        { environments: ['acme-prod-approval'], state: 'approved', by, comment: '' },
        ...(second
          ? [
              {
                environments: ['acme-prod-approval-second'],
                state: 'approved' as const,
                by: second,
                comment: '',
              },
            ]
          : []),
      ],
      stateOf: async () => ({ kind: 'alive', attempt: 1 }),
      startersOf: async () => ({ actor: starter, triggeringActor: starter }),
    },
    commits: {
      commit: async () => {
        throw new Error('no commit is asked for');
      },
      updatesOf: async function* () {},
      between: async () => 'absent',
    },
  };
}

async function planned(delivery: InMemoryDelivery, kind: ProvisioningKind = 'provision'): Promise<string> {
  const job = delivery.as('provision', { claims: OPERATIONS });
  const admission = await admitStacks(job, NETWORK);
  const change = await openChange(job, admission, { kind, evidence: {} });
  await change.append('gated', { documents: { rules: { schemaVersion: 1 } } });
  const plan = await putDocument(delivery.vault, { schemaVersion: 1 });
  await change.append('planned', { plan, evidence: { plan } });
  return change.id;
}

const given = (change: string) => ({
  ...PLACE,
  service: 'network',
  changes: [{ service: undefined, change }],
  'github-token': 'token',
});

describe('a planned change of the network', () => {
  it('is approved by whom the contract names, and no commit counts as the work of anybody', async () => {
    const delivery = await inMemoryDelivery();
    const id = await planned(delivery);
    expect(await run(given(id), world(delivery))).toMatchObject({ outcome: 'approved' });
    const job = delivery.as('provision', { claims: OPERATIONS });
    const change = await resumeChange(job, await admitStacks(job, NETWORK), id);
    expect(change.state).toBe('approved');
    expect(change.events.at(-1)?.actor.login).toBe(BEN.login);
  });

  it('is not approved by who started the run', async () => {
    const delivery = await inMemoryDelivery();
    const id = await planned(delivery);
    await expect(run(given(id), world(delivery, SRE))).rejects.toMatchObject({
      code: 'APPROVALS_MISSING',
      message: expect.stringContaining('sre-cleo started the run'),
    });
  });

  it("is none of a customer's repository", async () => {
    const delivery = await inMemoryDelivery();
    const id = await planned(delivery);
    await expect(run(given(id), world(delivery, BEN, { claims: {} }))).rejects.toMatchObject({
      code: 'PROVISIONING_NOT_AGREED',
      message: expect.stringContaining('only OWNER/tenant-operations may provision, and this is acme/orders'),
    });
  });
});

describe('a withdrawal', () => {
  it('is approved by both sides, and by nobody for both', async () => {
    const delivery = await inMemoryDelivery();
    const id = await planned(delivery, 'withdrawal');
    for (const [second, why] of [
      [undefined, 'provider-sre: 0 of 1'],
      [SRE, 'sre-cleo started the run'],
      [BEN, 'lead-ben has no approval role in the contract'],
    ] as const)
      await expect(run(given(id), world(delivery, BEN, second ? { second } : {}))).rejects.toMatchObject({
        code: 'APPROVALS_MISSING',
        message: expect.stringContaining(why),
      });
    const outcome = await run(given(id), world(delivery, BEN, { second: COLLEAGUE }));
    expect(outcome).toMatchObject({
      outcome: 'approved',
      facts: {
        changes: [
          {
            approvers: [
              { login: 'lead-ben', role: 'customer' },
              { login: 'sre-dan', role: 'provider-sre' },
            ],
          },
        ],
      },
    });
  });

  it('is not approved where the environment of the other side is not protected', async () => {
    const delivery = await inMemoryDelivery();
    const id = await planned(delivery, 'withdrawal');
    const there = world(delivery, BEN, { second: COLLEAGUE });
    const open: World = {
      ...there,
      environments: {
        protectionOf: async (_, name) =>
          name.endsWith('-second')
            ? { ...protection(name, []), reviewers: { kind: 'none' } }
            : protection(name, [BEN]),
      },
    };
    await expect(run(given(id), open)).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNPROTECTED',
      message: expect.stringContaining('acme-prod-approval-second requires no reviewer'),
    });
  });
});
