import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import type { RunEvent } from '@tenant-delivery/local-github';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { approving, errorsOf, logOf, openStage } from '../stage/stage.ts';

/* Three pushes and three approvals: what is shipped is the newest, and nobody approves what another one replaced. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
}, 60_000);
afterAll(() => stage.platform.close());

const DELIVER = {
  repository: 'acme/orders',
  workflow: '.github/workflows/deliver.yml',
  ref: 'refs/heads/main',
  event: 'push',
  actor: 'dev-ana',
} as const;

const repository = () => stage.platform.github.world.repositories.get('acme/orders')?.path ?? '';
const lastOf = async (change: string) => (await stage.events(change)).at(-1);

/** Pushes one version, and answers once its run waits for what `until` recognizes, with the end of the run. */
async function push(
  version: string,
  until: (event: RunEvent) => boolean,
  onEvent: (event: RunEvent) => void,
) {
  const waits = Promise.withResolvers<void>();
  await stage.commit(`Release ${version}`, { VERSION: `${version}\n` });
  const delivery = stage.run({
    ...DELIVER,
    onEvent: (event) => {
      onEvent(event);
      if (until(event)) waits.resolve();
    },
  });
  await Promise.race([waits.promise, delivery]);
  return delivery;
}

const asksReviewers = (event: RunEvent) => event.kind === 'job-waiting' && event.on.kind === 'reviewers';
const beginsToDeploy = (event: RunEvent) => event.kind === 'line' && event.text.startsWith('Following arn:');

describe('three pushes in quick succession', () => {
  const reviewed: string[] = [];
  let deliveries: readonly Delivery[] = [];
  beforeAll(async () => {
    const third = Promise.withResolvers<void>();
    const approve = approving(stage.platform, 'lead-ben', () => third.promise);
    const onEvent = (event: RunEvent) => {
      approve(event);
      if (event.kind === 'job-reviewed') reviewed.push(event.job.id);
    };
    const begun: Promise<Delivery>[] = [];
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
      const asked = Promise.withResolvers<void>();
      begun.push(
        push(
          version,
          (event) => {
            if (asksReviewers(event)) asked.resolve();
            return false;
          },
          onEvent,
        ),
      );
      await asked.promise;
    }
    third.resolve(); // all of them are approved, as far as GitHub still asks
    deliveries = await Promise.all(begun);
  }, 60_000);

  it('ship the newest, once', async () => {
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['withdrawn', 'withdrawn', 'closed']);
    expect(stage.effects('ecs', 'UpdateService')).toBe(1);
    const main = await resolveCommit(repository(), 'refs/heads/main');
    expect((await stage.events(deliveries[2]?.change ?? ''))[0]?.run.sha).toBe(main);
  });

  it('are approved once: the older ones wait for nobody any more', () => {
    expect(reviewed).toHaveLength(1);
    const runs = stage.platform.github.world.repositories.get('acme/orders')?.runs ?? [];
    expect(runs.flatMap(({ pending }) => pending)).toEqual([]);
    expect(deliveries.map(({ result }) => result.conclusion)).toEqual(['cancelled', 'cancelled', 'success']);
  });

  it('end saying which change took their place, in the record and on the page of the run', async () => {
    for (const [n, each] of deliveries.slice(0, 2).entries()) {
      const next = deliveries[n + 1]?.change;
      expect(await lastOf(each.change)).toMatchObject({
        transition: { to: 'withdrawn' },
        decision: { reasons: ['SUPERSEDED_BY_NEWER'], note: expect.stringContaining(`${next} (run `) },
      });
      const settle = each.result.jobs.find(({ id }) => id.endsWith('/settle'));
      expect(settle?.summary).toContain('### Change withdrawn');
      expect(settle?.summary).toContain(next?.replace('_', '\\_'));
      expect(logOf(each.result)).not.toContain('PLAN_CHANGED');
    }
  });

  it('leave records that verify', async () => {
    for (const { change } of deliveries) {
      const report = verifyEvidence(await stage.evidence(change), stage.platform.trust);
      expect(report).toMatchObject({ holds: true });
    }
    expect(stage.platform.aws.denied()).toEqual([]);
  });
});

describe('a push while the one before it deploys', () => {
  it('plans when that has ended, and both are delivered', async () => {
    const events: { readonly run: string; readonly event: RunEvent }[] = [];
    const approve = approving(stage.platform, 'lead-ben', async () => {});
    const told = (run: string) => (event: RunEvent) => {
      events.push({ run, event });
      approve(event);
    };
    stage.mark();
    simulatedOf(stage.platform.aws.world).script('orders', { startSeconds: 240 }); // while the second one is built
    const deploying = Promise.withResolvers<void>();
    const first = push(
      '2.1.0',
      () => false,
      (event) => {
        told('first')(event);
        if (beginsToDeploy(event)) deploying.resolve();
      },
    );
    await deploying.promise;
    const second = push('2.2.0', () => false, told('second'));
    const ended = await Promise.all([first, second]);
    expect(ended.map(({ outcome, result }) => [outcome, errorsOf(result)])).toEqual([
      ['closed', []],
      ['closed', []],
    ]);
    expect(stage.effects('ecs', 'UpdateService')).toBe(2);
    const at = (run: string, kind: string, job: string) =>
      events.findIndex(
        (each) =>
          each.run === run &&
          each.event.kind === kind &&
          'job' in each.event &&
          each.event.job?.id.endsWith(job),
      );
    expect(at('second', 'job-started', '/plan')).toBeGreaterThan(at('first', 'job-finished', '/deploy'));
  }, 60_000);
});
