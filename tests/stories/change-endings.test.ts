import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadChange } from '@tenant-delivery/evidence/record';
import { type RunOptions, type RunResult, runWorkflow } from '@tenant-delivery/local-github';
import { readFileAt } from '@tenant-delivery/local-github/git/tree';
import { review } from '@tenant-delivery/local-github/world/approval';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { errorsOf, logOf, openPlatform, runsOn } from '../stage/stage.ts';

const ORDERS = 'acme/orders';
const PLACE = { tenant: 'acme', environment: 'prod', service: 'orders' };
const REVIEWERS = [200001, 300001];

let platform: LocalPlatform;
beforeAll(async () => {
  platform = await openPlatform({ runtime: 'simulated', scale: 60 });
}, 30_000);
afterAll(() => platform.close());

function protectApproval(reviewers: readonly number[]): void {
  platform.github.setEnvironment(ORDERS, {
    name: 'acme-prod-approval',
    reviewers,
    preventSelfReview: true,
    adminsBypass: false,
  });
}

interface Delivered {
  readonly run: RunResult;
  readonly outcome: string | undefined;
  /** The signed steps of its change. */
  readonly steps: readonly {
    readonly to: string;
    readonly reasons: readonly string[];
    readonly note: string;
  }[];
  readonly updates: number;
}

async function deliver(options: Partial<RunOptions> = {}): Promise<Delivered> {
  const before = platform.aws.calls.length;
  const run = await runWorkflow({
    github: platform.github,
    repository: ORDERS,
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor: 'dev-ana',
    ...runsOn(platform),
    ...options,
  });
  const outputs = run.needs['orders']?.outputs ?? {};
  const vault = platform.tenants['acme']?.vault('prod');
  if (!vault) throw new Error('the platform has the tenant acme');
  const events = await loadChange(vault, platform.trust, PLACE, outputs['change'] ?? '');
  return {
    run,
    outcome: outputs['outcome'],
    steps: events.map(({ transition, decision }) => ({
      to: transition.to,
      reasons: decision?.reasons ?? [],
      note: decision?.note ?? '',
    })),
    updates: platform.aws.calls.slice(before).filter(({ operation }) => operation === 'UpdateService').length,
  };
}

describe('a delivery that does not reach its service ends in a recorded state', () => {
  it('when a reviewer rejects it: rejected, by whom', async () => {
    const { run, outcome, steps, updates } = await deliver({
      onEvent: (event) => {
        if (event.kind !== 'job-waiting') return;
        const pending = platform.github.world.repositories.get(ORDERS)?.runs.at(-1)?.pending[0];
        if (!pending) throw new Error('a waiting job has a pending review');
        review(platform.github.world, pending.job, { state: 'rejected', login: 'lead-ben', comment: 'no' });
      },
    });
    expect(run.conclusion).toBe('failure');
    expect(outcome).toBe('rejected');
    expect(steps.at(-1)).toEqual({
      to: 'rejected',
      reasons: ['APPROVAL_REJECTED'],
      note: 'Rejected by lead-ben.',
    });
    expect(updates).toBe(0);
  }, 30_000);

  it('when it is cancelled: withdrawn', async () => {
    const { run, steps, updates } = await deliver({ cancelAfterStep: 'Judge the findings' });
    expect(run.conclusion).toBe('cancelled');
    expect(steps.map(({ to }) => to)).toEqual(['proposed', 'built', 'gated', 'withdrawn']);
    expect(updates).toBe(0);
  }, 30_000);

  it('when the approval environment could not have refused: not approved, and abandoned', async () => {
    protectApproval([]);
    const { run, steps, updates } = await deliver();
    protectApproval(REVIEWERS);
    const approve = run.jobs.find(({ id }) => id.endsWith('/approve'));
    expect(approve?.annotations).toMatchObject([
      {
        title: 'ENVIRONMENT_UNPROTECTED',
        message: expect.stringContaining('acme-prod-approval requires no reviewer'),
      },
    ]);
    expect(steps.map(({ to }) => to)).toEqual(['proposed', 'built', 'gated', 'planned', 'abandoned']);
    expect(updates).toBe(0);
    const { url } = platform.github;
    // a page of the release that ran
    const [, repository = '', ref = '', page = ''] =
      new RegExp(`Read more: ${url}/([^/]+/[^/]+)/blob/([^/]+)/(\\S+)`).exec(logOf(run)) ?? [];
    expect(page).toBe('docs/failures/ENVIRONMENT_UNPROTECTED.md');
    expect(existsSync(join(root, page))).toBe(true);
    const released = platform.github.world.repositories.get(repository.toLowerCase());
    expect(await readFileAt(released?.path ?? '', ref, 'actions/approve-change/action.yml')).toBeDefined();
  }, 30_000);
});

describe('an id that no change has', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['resume.yml', { hook: 'h-1', answer: 'continue' }],
    ['verify.yml', {}],
  ])(
    'is one error of %s, in words for the person who filled in its form',
    async (workflow, more) => {
      const change = 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV';
      const place = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };
      const run = await runWorkflow({
        github: platform.github,
        repository: platform.tenants['acme']?.contract.operations.repository ?? '',
        workflow: `.github/workflows/${workflow}`,
        ref: 'refs/heads/main',
        event: 'workflow_dispatch',
        inputs: { ...place, service: 'orders', change, ...more },
        actor: 'sre-kim',
        ...runsOn(platform),
      });
      expect(errorsOf(run)).toEqual([
        {
          title: 'CHANGE_NOT_FOUND',
          message: expect.stringMatching(
            `^There is no change ${change} for orders of acme/prod\\.\nWhat to do: Copy the whole id`,
          ),
        },
      ]);
    },
    30_000,
  );
});
