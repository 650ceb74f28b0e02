import {
  DescribeServicesCommand,
  ECSClient,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { raiseFargateQuota } from '../src/ecs/room.ts';
import { type ManualClock, manualClock } from '../src/world/manual-clock.ts';
import { ACME, REGION, type Stage, stage } from './acme.ts';

const WHY = "You've reached the limit on the number of vCPUs you can run concurrently";

let clock: ManualClock;
let on: Stage;
let ecs: ECSClient;
beforeAll(async () => {
  clock = manualClock();
  on = await stage({ clock });
  ecs = new ECSClient(on.as(on.acme));
  await clock.advance(60_000);
});
afterAll(() => on.close());

async function orders() {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
  );
  const [found] = services;
  if (!found) throw new Error('acme has orders');
  return found;
}

test('a service of 5,000 tasks has as many as six vCPUs let run, says why, and gets more once AWS has raised that', async () => {
  const quarter = { cluster: 'acme-prod', service: 'orders', desiredCount: 5_000 };
  await ecs.send(new UpdateServiceCommand(quarter));
  await clock.advance(5 * 60_000);
  const bounded = await orders();
  expect([bounded.desiredCount, bounded.runningCount]).toEqual([5_000, 24]);
  expect(bounded.events?.map(({ message }) => message)).toContain(
    `(service orders) was unable to place a task. Reason: ${WHY}`,
  );
  const { taskDefinition, networkConfiguration } = bounded;
  const one = { cluster: 'acme-prod', taskDefinition, networkConfiguration, launchType: 'FARGATE' as const };
  expect(await ecs.send(new RunTaskCommand(one))).toMatchObject({ tasks: [], failures: [{ reason: WHY }] });

  raiseFargateQuota(on.aws.world, ACME, REGION, 7);
  await clock.advance(60_000);
  expect((await orders()).runningCount).toBe(28);
});
