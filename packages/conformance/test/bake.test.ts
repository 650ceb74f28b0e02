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
 * A delivery whose manifest asks for a bake of a minute, as far as its run gets without waiting for that.
 * Answers the change, which is open and no failure.
 */
async function untilItBakes(): Promise<string> {
  const run = await beginRun(stage.platform);
  const manifest = await readFile(join(run.workspace, '.delivery/service.yaml'), 'utf8');
  const bake = 'bake: { minutes: 1, samples: 2 }\nalarms: [orders-5xx]\n';
  await run.write({ '.delivery/service.yaml': `${manifest}${bake}` });
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

/** An SRE starts verify.yml from the operations repository, for whatever bakes. */
async function conclude() {
  const { service, tenant, environment, account, region } = ORDERS;
  return stage.run({
    repository: stage.platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/verify.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment, account, region, service, change: 'baking' },
    actor: 'sre-kim',
  });
}

it('a bake that outlives its run is concluded by a later one, from another repository and from the record alone', async () => {
  const change = await untilItBakes();
  await stage.platform.aws.clock.sleep(MINUTE);
  const concluded = await conclude();
  expect(concluded).toMatchObject({ change, outcome: 'verified', result: { conclusion: 'success' } });
  expect((await stage.events(change)).map(({ transition }) => transition.to).slice(-2)).toEqual([
    'verified',
    'closed',
  ]);
  expect(await stage.document(change, 'bake')).toMatchObject({ change, minutes: 1, samples: 2 });
  expect(stage.platform.aws.ungranted()).toEqual([]);
}, 60_000);
