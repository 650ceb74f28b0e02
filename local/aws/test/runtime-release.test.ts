import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type ServiceDeployment,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { balancerUrl } from '../src/services/elasticloadbalancing.ts';
import { ACME, contractOf, REGION } from './acme.ts';

let aws: LocalAws;
let ecs: ECSClient;
let elb: ElasticLoadBalancingV2Client;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  aws = await startLocalAws({ scale: 60 });
  const credentials = await aws.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
  const config = { endpoint: aws.url, region: REGION, credentials };
  ecs = new ECSClient(config);
  elb = new ElasticLoadBalancingV2Client(config);
  logs = new CloudWatchLogsClient(config);
  await eventually(async () => (await service()).runningCount === 2);
});
afterAll(() => aws.close());

const target = { cluster: 'acme-prod', service: 'orders' };

async function service() {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }),
  );
  return services?.[0] ?? {};
}

/** Asks every virtual five seconds, as a deployer does; Jest's own limit ends it when it never comes. */
async function eventually(held: () => Promise<boolean>): Promise<void> {
  while (!(await held())) await aws.clock.sleep(5_000);
}

async function release(program: string): Promise<ServiceDeployment> {
  const [image] = (await currentContainers()) ?? [];
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'acme-prod-orders',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${ACME}:role/orders-execution`,
      containerDefinitions: [
        {
          name: 'orders',
          image,
          command: ['node', '-e', program],
          portMappings: [{ containerPort: 8080 }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': '/td/acme/prod/orders',
              'awslogs-region': REGION,
              'awslogs-stream-prefix': 'orders',
            },
          },
        },
      ],
    }),
  );
  await ecs.send(new UpdateServiceCommand({ ...target, taskDefinition: taskDefinition?.taskDefinitionArn }));
  await eventually(
    async () => !['PENDING', 'IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes((await latest()).status ?? ''),
  );
  return latest();
}

async function currentContainers() {
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'acme-prod', serviceName: 'orders' }));
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: taskArns }));
  return tasks?.flatMap(({ containers }) => containers?.map(({ image }) => image) ?? []);
}

async function latest(): Promise<ServiceDeployment> {
  const { serviceDeployments: list } = await ecs.send(new ListServiceDeploymentsCommand(target));
  const { serviceDeployments } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [list?.[0]?.serviceDeploymentArn ?? ''] }),
  );
  return serviceDeployments?.[0] ?? {};
}

const answer = async () =>
  (await fetch(`${balancerUrl(aws.world, ACME, 'acme-prod-internal')}hello?x=1`)).text();

test('a release runs as real processes behind the balancer; one that crashes is rolled back with its last words', async () => {
  const good = `require('http').createServer((q, r) => r.end('two ' + q.url + ' ' + q.headers['x-forwarded-proto'])).listen(process.env.PORT)`;
  expect((await release(good)).status).toBe('SUCCESSFUL');
  expect(await answer()).toBe('two /hello?x=1 http');
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['acme-prod-orders'] }));
  const { TargetHealthDescriptions } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }),
  );
  expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
    'healthy',
    'healthy',
  ]);

  const bad = await release(`console.error('no database'); process.exit(3)`);
  expect(bad).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
  });
  expect(await answer()).toBe('two /hello?x=1 http');
  const { taskArns } = await ecs.send(
    new ListTasksCommand({ cluster: 'acme-prod', serviceName: 'orders', desiredStatus: 'STOPPED' }),
  );
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'acme-prod', tasks: taskArns }));
  const crashed = tasks?.find(({ containers }) => containers?.[0]?.exitCode === 3);
  expect(crashed).toMatchObject({ stopCode: 'EssentialContainerExited' });
  const { events } = await logs.send(
    new GetLogEventsCommand({
      logGroupName: '/td/acme/prod/orders',
      logStreamName: `orders/orders/${crashed?.taskArn?.split('/').at(-1)}`,
    }),
  );
  expect(events?.map(({ message }) => message)).toEqual(['no database']);
}, 60_000);

test('a balancer that does not exist is not found, under any account', async () => {
  const wrong = await fetch(`${balancerUrl(aws.world, '000033334444', 'acme-prod-internal')}`);
  expect(wrong.status).toBe(404);
});
