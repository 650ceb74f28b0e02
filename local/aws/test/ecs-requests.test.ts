import type {
  CreateServiceCommandOutput,
  RegisterTaskDefinitionCommandOutput,
  RunTaskCommandOutput,
} from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it, test } from '@jest/globals';
import { ecsStore } from '../src/ecs/store.ts';
import { ec2Of } from '../src/services/ec2.ts';
import { ecsApi, taskDefinitionInput } from './ecs-api.ts';
import { ACCOUNT, image, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
let targetGroupArn: string;
beforeEach(async () => {
  world = manualWorld();
  ({ targetGroupArn } = await withOrders(world));
  api = ecsApi(world);
});

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] } };
const CART = {
  cluster: 'acme-prod',
  serviceName: 'cart',
  taskDefinition: 'acme-prod-orders',
  launchType: 'FARGATE',
  desiredCount: 1,
  networkConfiguration: NETWORK,
};
const create = (more: object = {}) =>
  api.call<CreateServiceCommandOutput>('CreateService', { ...CART, ...more });
const run = (more: object = {}) =>
  api.call<RunTaskCommandOutput>('RunTask', {
    cluster: 'acme-prod',
    taskDefinition: 'acme-prod-orders',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    ...more,
  });
const refused = (message: RegExp, code = 'InvalidParameterException') => ({
  code,
  message: expect.stringMatching(message),
});

/** A task definition that differs from the one that runs. */
async function define(more: object, container: object = {}): Promise<string> {
  const { containerDefinitions, ...rest } = taskDefinitionInput('b');
  const { taskDefinition } = await api.call<RegisterTaskDefinitionCommandOutput>('RegisterTaskDefinition', {
    ...rest,
    family: 'other',
    containerDefinitions: containerDefinitions.map((one) => ({ ...one, ...container })),
    ...more,
  });
  return taskDefinition?.taskDefinitionArn ?? '';
}

const onInstances = () =>
  define({
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [{ name: 'orders', image: image('b'), memory: 128 }],
  });

describe('a service that ECS takes', () => {
  it('is made, and made once by the same request', async () => {
    const { service } = await create({ clientToken: 'token-1' });
    expect(service?.serviceName).toBe('cart');
    expect((await create({ clientToken: 'token-1' })).service?.serviceArn).toBe(service?.serviceArn);
    expect((await create()).service?.deployments).toHaveLength(1);
    await expect(create({ desiredCount: 2 })).rejects.toMatchObject(refused(/was not idempotent/));
  });

  it('has a grace period with a load balancer, or with containers that are checked', async () => {
    const loadBalancers = [{ targetGroupArn, containerName: 'orders', containerPort: 8080 }];
    await create({ loadBalancers, healthCheckGracePeriodSeconds: 30 });
    const taskDefinition = await define({}, { healthCheck: { command: ['CMD', 'true'] } });
    await create({ serviceName: 'checked', taskDefinition, healthCheckGracePeriodSeconds: 30 });
    await expect(create({ serviceName: 'bare', healthCheckGracePeriodSeconds: 30 })).rejects.toMatchObject(
      refused(/^Health check grace period is only valid/),
    );
  });
});

describe('a network', () => {
  it('is given for awsvpc, and for no other mode', async () => {
    const without = { networkConfiguration: undefined };
    await expect(create(without)).rejects.toMatchObject(refused(/^Network Configuration must be provided/));
    await expect(run(without)).rejects.toMatchObject(refused(/^Network Configuration must be provided/));
    const other = { taskDefinition: await onInstances(), launchType: 'EC2' };
    await expect(run(other)).rejects.toMatchObject(refused(/^Network Configuration is not valid/));
  });

  it('is in one VPC, its groups too', async () => {
    const { subnets, securityGroups } = ec2Of(world, ACCOUNT, REGION);
    const subnet = (id: string, vpc: string) => {
      subnets[id] = {
        id,
        vpc,
        cidr: '10.9.0.0/24',
        zone: 'eu-west-1a',
        zoneId: 'euw1-az1',
        heldByOthers: 0,
        tags: {},
      };
    };
    subnet('subnet-x', 'vpc-x');
    subnet('subnet-y', 'vpc-y');
    securityGroups['sg-y'] = { id: 'sg-y', vpc: 'vpc-y', name: 'y', tags: {} };
    const within = (ids: string[], groups: string[] = []) => ({
      networkConfiguration: { awsvpcConfiguration: { subnets: ids, securityGroups: groups } },
    });
    await expect(create(within(['subnet-x', 'subnet-y']))).rejects.toMatchObject(refused(/same VPC/));
    await expect(run(within(['subnet-x'], ['sg-y']))).rejects.toMatchObject(
      refused(/^Security group sg-y does not/),
    );
    await expect(api.update(within(['subnet-x'], ['sg-z']))).rejects.toMatchObject(
      refused(/'sg-z' does not exist/),
    );
    await expect(create(within(['subnet-y'], ['sg-y']))).resolves.toBeDefined();
  });
});

describe('Fargate', () => {
  it('runs no task definition of instances', async () => {
    const taskDefinition = await onInstances();
    const message = refused(/^Task definition does not support launch_type FARGATE/);
    await expect(create({ taskDefinition })).rejects.toMatchObject(message);
    await expect(run({ taskDefinition })).rejects.toMatchObject(message);
    await expect(api.update({ taskDefinition })).rejects.toMatchObject(message);
  });

  it('runs on an older platform only what that has', async () => {
    const taskDefinition = await define({ ephemeralStorage: { sizeInGiB: 30 } });
    const code = 'PlatformTaskDefinitionIncompatibilityException';
    await expect(run({ taskDefinition, platformVersion: '1.3.0' })).rejects.toMatchObject(
      refused(/capabilities/, code),
    );
    await expect(run({ taskDefinition, platformVersion: '1.4.0' })).resolves.toMatchObject({ failures: [] });
  });

  it('has a size for what is overridden, too', async () => {
    await expect(run({ overrides: { cpu: '256', memory: '4096' } })).rejects.toMatchObject(
      refused(/^No Fargate configuration exists for given values: 256 CPU, 4096 memory/),
    );
    await expect(run({ overrides: { cpu: '1 core' } })).rejects.toMatchObject(
      refused(/^Invalid 'cpu' setting/),
    );
    await expect(run({ overrides: { cpu: '.5 vCPU', memory: '2 GB' } })).resolves.toMatchObject({
      failures: [],
    });
  });
});

describe('a role', () => {
  it('of the account is none for awsvpc, which has ECS’s own', async () => {
    const loadBalancers = [{ targetGroupArn, containerName: 'orders', containerPort: 8080 }];
    await expect(create({ role: 'ecsServiceRole', loadBalancers })).rejects.toMatchObject(
      refused(/^You cannot specify an IAM role/),
    );
  });

  it('of the task opens a shell; without one nobody does', async () => {
    const taskDefinition = await define({ taskRoleArn: undefined });
    const shell = { taskDefinition, enableExecuteCommand: true };
    await expect(create(shell)).rejects.toMatchObject(refused(/^The service couldn't be created because/));
    await expect(api.update(shell)).rejects.toMatchObject(
      refused(/^The service couldn't be updated because/),
    );
    await expect(run(shell)).rejects.toMatchObject(refused(/^The task couldn't be started because/));
  });
});

describe('a load balancer', () => {
  it('finds one mapping for its port', async () => {
    const taskDefinition = await define(
      {},
      {
        portMappings: [
          { containerPort: 8080, protocol: 'tcp' },
          { containerPort: 8080, protocol: 'udp' },
        ],
      },
    );
    const loadBalancers = [{ targetGroupArn, containerName: 'orders', containerPort: 8080 }];
    await expect(create({ taskDefinition, loadBalancers })).rejects.toMatchObject(
      refused(/^Container port 8080 is used in more than one port mapping for container orders/),
    );
  });

  it('of the old kind serves no task with an address of its own', async () => {
    const loadBalancers = [{ loadBalancerName: 'classic', containerName: 'orders', containerPort: 8080 }];
    await expect(create({ loadBalancers })).rejects.toMatchObject(refused(/^Classic Load Balancers are not/));
  });
});

test('a cluster has no more services than its quota', async () => {
  const { services } = ecsStore(world, ACCOUNT, REGION);
  const [one] = Object.values(services);
  if (!one) throw new Error('orders runs');
  for (let at = 1; at < 5_000; at += 1) services[`acme-prod/more-${at}`] = { ...one, name: `more-${at}` };
  await expect(create()).rejects.toMatchObject(refused(/at most 5000 services/));
});

describe('a revision that was deregistered', () => {
  it('starts no task and no service', async () => {
    const taskDefinition = await define({});
    await api.call('DeregisterTaskDefinition', { taskDefinition });
    await expect(run({ taskDefinition })).rejects.toMatchObject(refused(/^TaskDefinition is inactive/));
    await expect(create({ taskDefinition })).rejects.toMatchObject(
      refused(/^TaskDefinition is inactive/, 'ClientException'),
    );
  });
});

describe('a cluster', () => {
  it('with tasks is not deleted', async () => {
    await api.call('CreateCluster', { clusterName: 'once' });
    const zone = { zone: 'eu-west-1a', zoneId: 'euw1-az1' };
    const subnet = { id: 'subnet-z', vpc: 'vpc-z', cidr: '10.9.0.0/24', ...zone, heldByOthers: 0, tags: {} };
    ec2Of(world, ACCOUNT, REGION).subnets['subnet-z'] = subnet;
    await run({ cluster: 'once', networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-z'] } } });
    await expect(api.call('DeleteCluster', { cluster: 'once' })).rejects.toMatchObject({
      code: 'ClusterContainsTasksException',
    });
  });
});
