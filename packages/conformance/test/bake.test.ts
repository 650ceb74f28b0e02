import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { beginRun, succeeded } from './played-run.ts';
import { changesIn, ORDERS, openStage } from './stage.ts';

const MINUTE = 60_000;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 120 });
  stage.platform.aws.setAlarm(ORDERS.account, ORDERS.region, 'orders-5xx', 'OK');
}, 60_000);
afterAll(() => stage.platform.close());

/**
 * A delivery of a version whose manifest asks for a bake of a minute, as far as its run gets without waiting for that.
 * Answers the change, which is open and no failure.
 */
async function untilItBakes(version: string): Promise<string> {
  const run = await beginRun(stage.platform);
  const manifest = await readFile(join(run.workspace, '.delivery/service.yaml'), 'utf8');
  const bake = 'bake: { minutes: 1, samples: 2 }\nalarms: [orders-5xx]\n';
  await run.write({ VERSION: version, '.delivery/service.yaml': `${manifest}${bake}` });
  const change = await run.plan();
  succeeded(await run.approve(change));
  const { report = '' } = succeeded(await run.deploy(change)).outputs;
  const verified = await run.step('deploy', 'verify-target-health', { change, report, 'wait-minutes': '0' });
  expect(succeeded(verified).outputs).toMatchObject({ outcome: 'baking', 'reason-code': 'BAKE_NOT_OVER' });
  expect(changesIn(verified.calls)).toEqual([]);
  for (const [job, mode] of [
    ['deploy', 'close'],
    ['build', 'settle'],
  ] as const) {
    const ended = await run.step(job, 'close-change', { change, mode, 'job-status': 'success' });
    expect(succeeded(ended).outputs).toMatchObject({ outcome: 'baking', state: 'deploying' });
  }
  return change;
}

it('the next delivery need not wait for a bake, and a later run concludes its own from the record', async () => {
  const [first, second] = [await untilItBakes('1.0.0'), await untilItBakes('2.0.0')];
  expect((await stage.events(first)).at(-1)).toMatchObject({
    transition: { to: 'abandoned' },
    decision: { reasons: ['SUPERSEDED_WHILE_BAKING'] },
  });
  await stage.platform.aws.clock.sleep(MINUTE);
  const later = await beginRun(stage.platform, { workflow: '.github/workflows/verify.yml' });
  const verified = await later.step('deploy', 'verify-target-health', { change: 'baking' });
  expect(succeeded(verified).outputs).toMatchObject({
    outcome: 'verified',
    change: second,
    verdict: 'healthy',
  });
  const closed = await later.step('deploy', 'close-change', { change: second, 'job-status': 'success' });
  expect(succeeded(closed).outputs).toMatchObject({ state: 'closed' });
  expect(await stage.document(second, 'bake')).toMatchObject({ change: second, minutes: 1, samples: 2 });
  const again = await later.step('deploy', 'verify-target-health', { change: 'baking' });
  expect(succeeded(again).outputs).toMatchObject({ outcome: 'nothing-to-do' });
  expect(stage.platform.aws.ungranted()).toEqual([]);
}, 60_000);
