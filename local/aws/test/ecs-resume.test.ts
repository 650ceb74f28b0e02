import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { contractOf, REGION } from './acme.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function whole(aws: LocalAws) {
  const credentials = await aws.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
  const ecs = new ECSClient({ endpoint: aws.url, region: REGION, credentials });
  for (;;) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
    );
    if (services?.[0]?.runningCount === 2 && services[0].events?.[0]?.message?.endsWith('steady state.'))
      break;
    await aws.clock.sleep(5_000);
  }
  const stopped = { cluster: 'acme-prod', serviceName: 'orders', desiredStatus: 'STOPPED' } as const;
  const { taskArns } = await ecs.send(new ListTasksCommand(stopped));
  if (!taskArns || taskArns.length === 0) return [];
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: taskArns }));
  return tasks?.map(({ stoppedReason }) => stoppedReason);
}

test('a service found again by a later start runs again, and its new tasks are nobody’s failure', async () => {
  const options = { directory, scale: 300, runtime: 'simulated' } as const;
  const first = await startLocalAws(options);
  expect(await whole(first)).toEqual([]);
  await first.close();
  const second = await startLocalAws(options);
  expect(await whole(second)).toEqual(['local-aws was started again', 'local-aws was started again']);
  const credentials = await second.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
  const elb = new ElasticLoadBalancingV2Client({ endpoint: second.url, region: REGION, credentials });
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['acme-prod-orders'] }));
  const { TargetHealthDescriptions } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }),
  );
  expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
    'healthy',
    'healthy',
  ]);
  await second.close();
});
