import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { MINUTE } from '@tenant-delivery/domain';
import { startLocalAws } from '@tenant-delivery/local-aws';
import { seedBaseImages } from '@tenant-delivery/local-aws/services/ecr';
import { beginRun, succeeded } from '../stage/played-run.ts';
import { acmeWith, changesIn, ORDERS, openStage } from '../stage/stage.ts';

let stage: Stage;

beforeAll(async () => {
  const image = `base/node@${await baseImage()}`;
  const contracts = acmeWith().map((contract) => {
    const { prod } = contract.environments;
    if (contract.id !== 'acme' || !prod) return contract;
    return { ...contract, environments: { ...contract.environments, prod: { ...prod, probe: { image } } } };
  });
  stage = await openStage({ runtime: 'simulated', scale: 120, contracts });
  stage.platform.aws.setAlarm(ORDERS.account, ORDERS.region, 'orders-5xx', 'OK');
}, 60_000);
afterAll(() => stage.platform.close());

/** The digest that a base image has on every machine. */
async function baseImage(): Promise<string> {
  const aws = await startLocalAws({ runtime: 'simulated' });
  const { current } = await seedBaseImages(aws.world, ORDERS.account, ORDERS.region);
  await aws.close();
  return current;
}

/**
 * A delivery whose manifest asks for a probe and a bake of a minute, as far as its run gets without waiting for that.
 * Answers the change, which is open and no failure.
 */
async function untilItBakes(): Promise<string> {
  const run = await beginRun(stage.platform);
  const manifest = await readFile(join(run.workspace, '.delivery/service.yaml'), 'utf8');
  const bake = 'bake: { minutes: 1, samples: 2 }\nalarms: [orders-5xx]\nprobe: { path: /orders }\n';
  await run.write({ '.delivery/service.yaml': `${manifest}${bake}` });
  const change = await run.plan();
  succeeded(await run.approve(change));
  const { report = '' } = succeeded(await run.deploy(change)).outputs;
  const verified = await run.step('deploy', 'verify-target-health', { change, report, 'wait-minutes': '0' });
  expect(succeeded(verified).outputs).toMatchObject({ outcome: 'baking', 'reason-code': 'BAKE_NOT_OVER' });
  expect(verified.outputs).toMatchObject({ probe: 'healthy' });
  expect(changesIn(verified.calls)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask']);
  for (const [job, mode] of [
    ['deploy', 'close'],
    ['settle', 'settle'],
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
  // Asked again by the run that says so: nothing is called healthy on another run's word.
  expect(await stage.document(change, 'health')).toMatchObject({
    probe: { path: '/orders', verdict: 'healthy' },
  });
  const probes = stage.platform.aws.calls.filter(({ operation }) => operation === 'RunTask');
  expect(new Set(probes.map(({ input }) => Reflect.get(Object(input), 'taskDefinition'))).size).toBe(1);
  expect(probes).toHaveLength(2);
  expect(stage.platform.aws.denied()).toEqual([]);
}, 60_000);
