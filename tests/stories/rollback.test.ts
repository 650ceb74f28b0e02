import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { beginRun, type Played, succeeded } from '../stage/played-run.ts';
import { changesIn, ORDERS, openStage } from '../stage/stage.ts';

const SUBNETS = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002'];
const [APP, EDGE] = ['sg-0acme0000000app00', 'sg-0acme000000edge00'];
const SERVICE = { cluster: 'acme-prod', service: 'orders' };

let stage: Stage;
let operator: ECSClient;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
  const { aws, tenants } = stage.platform;
  const credentials = tenants['acme']?.operator;
  if (!credentials) throw new Error('acme is on the stage');
  operator = new ECSClient({ endpoint: aws.url, region: ORDERS.region, credentials });
}, 60_000);
afterAll(async () => {
  operator.destroy();
  await stage.platform.close();
});

async function deliver(version: string): Promise<string> {
  const run = await beginRun(stage.platform);
  await run.write({ VERSION: version });
  const change = await run.plan();
  succeeded(await run.approve(change));
  await run.close(change, succeeded(await run.deploy(change)));
  return change;
}

async function serviceNow() {
  const { services } = await operator.send(
    new DescribeServicesCommand({ cluster: SERVICE.cluster, services: ['orders'] }),
  );
  const [found] = services ?? [];
  return {
    taskDefinition: found?.taskDefinition,
    groups: found?.networkConfiguration?.awsvpcConfiguration?.securityGroups?.toSorted(),
    desired: found?.desiredCount,
  };
}

/** Somebody gives the service's tasks other security groups, beside every delivery. */
async function moveTo(...groups: readonly string[]): Promise<void> {
  const awsvpcConfiguration = { subnets: SUBNETS, securityGroups: [...groups] };
  const { service } = await operator.send(
    new UpdateServiceCommand({ ...SERVICE, networkConfiguration: { awsvpcConfiguration } }),
  );
  const begun = service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id;
  for (;;) {
    const { services } = await operator.send(
      new DescribeServicesCommand({ cluster: SERVICE.cluster, services: ['orders'] }),
    );
    const deployments = services?.[0]?.deployments ?? [];
    const seen = deployments.some(({ id }) => id === begun); // an older reply has the one before, which is through
    if (seen && deployments.every(({ rolloutState }) => rolloutState === 'COMPLETED')) return;
    await stage.platform.aws.clock.sleep(5_000);
  }
}

it('a rollback takes the service back to the revision that was verified, with the network that it was verified in', async () => {
  const first = await deliver('1.1.0\n');
  const good = await serviceNow();
  await deliver('1.2.0\n');
  await moveTo(APP, EDGE);
  const bad = await serviceNow();
  expect([good.groups, bad.groups]).toEqual([[APP], [APP, EDGE].toSorted()]);

  const run = await beginRun(stage.platform, { workflow: '.github/workflows/rollback.yml' });
  const { change = '' } = succeeded(
    await run.step('build', 'open-change', { kind: 'rollback', reason: '1.2.0 answers slowly' }),
  ).outputs;
  const planned = succeeded(await run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' }));
  expect(planned.summary).toContain('networkConfiguration.awsvpcConfiguration.securityGroups');
  const deployed: Played = succeeded(await run.deploy(change));
  await run.close(change, deployed);

  expect(await serviceNow()).toEqual(good);
  expect(changesIn(deployed.calls)).toEqual(['ecs:UpdateService']); // nothing is registered, and one update is all
  const [proposed] = await stage.events(change);
  expect(proposed?.change.reason).toBe('1.2.0 answers slowly');
  expect((await stage.document(change, 'target'))['change']).toBe(first);
}, 60_000);
