import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { errorsOf, openStage } from '../stage/stage.ts';

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
