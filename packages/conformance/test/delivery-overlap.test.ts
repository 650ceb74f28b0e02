import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { verifyEvidence } from '@tenant-delivery/evidence';
import type { RunEvent } from '@tenant-delivery/local-github';
import { approving, errorsOf, openStage } from './stage.ts';

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

const statesOf = async ({ change }: Delivery) =>
  (await stage.events(change)).map(({ transition }) => transition.to);

/** Whether the deploy jobs of two runs were ever on a runner at the same time. */
function overlapping(events: readonly RunEvent[]): boolean {
  let running = 0;
  let most = 0;
  for (const event of events) {
    if (!('job' in event) || !event.job.id.endsWith('/deploy')) continue;
    if (event.kind === 'job-started') running += 1;
    if (event.kind === 'job-finished') running -= 1;
    most = Math.max(most, running);
  }
  return most > 1;
}

describe('two deliveries of one service at once', () => {
  const events: RunEvent[] = [];
  let deliveries: readonly [Delivery, Delivery];
  beforeAll(async () => {
    const begun = Promise.withResolvers<void>();
    const planned = Promise.withResolvers<void>();
    let waiting = 0;
    const approve = approving(stage.platform, 'lead-ben', () => {
      waiting += 1;
      if (waiting === 2) planned.resolve(); // neither deploys before both are planned
      return planned.promise;
    });
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.kind === 'job-started') begun.resolve();
      approve(event);
    };
    await stage.commit('Release 1.1.0', { VERSION: '1.1.0\n' });
    const first = stage.run({ ...DELIVER, onEvent });
    await begun.promise;
    await stage.commit('Release 1.2.0', { VERSION: '1.2.0\n' });
    const second = stage.run({ ...DELIVER, onEvent });
    deliveries = await Promise.all([first, second]);
  }, 60_000);

  it('deploy one after the other', () => {
    expect(events.filter(({ kind }) => kind === 'job-started').length).toBeGreaterThan(4);
    expect(overlapping(events)).toBe(false);
    expect(stage.effects('ecs', 'UpdateService')).toBe(1);
  });

  it('both end in a recorded state: what was planned on another version is refused, not forced', async () => {
    const [first, second] = deliveries;
    expect([first.outcome, second.outcome].toSorted()).toEqual(['abandoned', 'closed']);
    const refused = first.outcome === 'abandoned' ? first : second;
    expect(errorsOf(refused.result).map(({ title }) => title)).toEqual(['PLAN_CHANGED']);
    for (const each of deliveries) {
      expect((await statesOf(each)).at(-1)).toBe(each.outcome);
      expect(verifyEvidence(await stage.evidence(each.change), stage.platform.trust)).toMatchObject({
        holds: true,
      });
    }
  });
});

describe('a run that is cancelled while it deploys', () => {
  it('says what it leaves behind, records it, and gives the lock back', async () => {
    const cancel = new AbortController();
    await stage.commit('Release 2.0.0', { VERSION: '2.0.0\n' });
    const cancelled = await stage.run({
      ...DELIVER,
      approveAs: 'lead-ben',
      signal: cancel.signal,
      onEvent: (event) => {
        if (event.kind === 'line' && event.text.startsWith('Following arn:')) cancel.abort();
      },
    });
    expect(cancelled.result.conclusion).toBe('cancelled');
    expect((await statesOf(cancelled)).slice(-2)).toEqual(['deploying', 'abandoned']);
    expect(errorsOf(cancelled.result)[0]).toMatchObject({
      title: 'DEPLOYMENT_CANCELLED',
      message: expect.stringContaining('left behind: '),
    });
    const lock = await stage.platform.tenants['acme']?.vault('prod').read('locks/prod/orders.json');
    expect(JSON.parse(Buffer.from(lock?.bytes ?? []).toString())).toMatchObject({ holder: null });
  }, 60_000);
});
