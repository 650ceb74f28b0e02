import { beforeEach, expect, test } from '@jest/globals';
import { balancerStore, findRule } from '../src/balancer/store.ts';
import { seedCodeDeploy } from '../src/ecs/seed-code-deploy.ts';
import { ecsStore } from '../src/ecs/store.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let api: ReturnType<typeof ecsApi>;
let pair: ReturnType<typeof seedCodeDeploy>;
beforeEach(async () => {
  world = manualWorld();
  await withOrders(world);
  pair = seedCodeDeploy(world, ACCOUNT, REGION, { cluster: 'acme-prod', service: 'orders' });
  api = ecsApi(world);
});

const refused = (message: RegExp) => ({
  code: 'InvalidParameterException',
  message: expect.stringMatching(message),
});

/** The move in place, as AWS documents it. */
const move = () => ({
  deploymentController: { type: 'ECS' },
  deploymentConfiguration: {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 1,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  loadBalancers: [
    {
      targetGroupArn: pair.live,
      containerName: 'orders',
      containerPort: 8080,
      advancedConfiguration: {
        alternateTargetGroupArn: pair.other,
        productionListenerRule: pair.rule,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/ecs-load-balancers`,
      },
    },
  ],
});

test('a service of CodeDeploy has a task set and no deployments', async () => {
  const { deploymentController, deployments, taskSets } = await api.service();
  expect({ deploymentController, deployments }).toEqual({
    deploymentController: { type: 'CODE_DEPLOY' },
    deployments: [],
  });
  expect(taskSets).toMatchObject([
    {
      status: 'PRIMARY',
      runningCount: 2,
      stabilityStatus: 'STEADY_STATE',
      loadBalancers: [{ targetGroupArn: pair.live, containerName: 'orders' }],
    },
  ]);
  expect(await api.deployments()).toEqual([]);
});

test.each([
  [
    'a revision',
    { taskDefinition: 'acme-prod-orders:1' },
    /^Unable to update task definition on services with a CODE_DEPLOY/,
  ],
  [
    'a network',
    { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-b'] } } },
    /^Unable to update network parameters on services/,
  ],
  ['a platform', { platformVersion: '1.4.0' }, /^Unable to update platform version on services/],
  ['a target group', { loadBalancers: [] }, /^Unable to update load balancers on services/],
  ['a restart', { forceNewDeployment: true }, /^Cannot force a new deployment on services/],
  [
    'a circuit breaker',
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    /^Deployment circuit breaker feature is only supported with ECS/,
  ],
  [
    'alarms',
    { deploymentConfiguration: { alarms: { alarmNames: ['a'], enable: true, rollback: true } } },
    /^Alarm based rollback feature is only supported with ECS/,
  ],
])('%s is refused while CodeDeploy deploys it', async (_, input, message) => {
  await expect(api.update(input)).rejects.toMatchObject(refused(message));
});

test('the number of tasks and the grace period are not CodeDeploy’s', async () => {
  expect(await api.update({ desiredCount: 3, healthCheckGracePeriodSeconds: 9 })).toMatchObject({
    desiredCount: 3,
    healthCheckGracePeriodSeconds: 9,
    deploymentController: { type: 'CODE_DEPLOY' },
  });
});

test('it moves to ECS in place: the same revision starts in the other target group, and traffic goes there', async () => {
  const { taskDefinition } = await api.service();
  await api.update(move());
  await world.run(300);
  const service = await api.service();
  expect(service).toMatchObject({ deploymentController: { type: 'ECS' }, taskDefinition, runningCount: 2 });
  expect(service.taskSets).toBeUndefined();
  expect(await api.latest()).toMatchObject({ status: 'SUCCESSFUL' });
  await api.release('b');
  await world.run(300);
  expect(await api.latest()).toMatchObject({ status: 'SUCCESSFUL' });
});

test('it may bring a revision on the way', async () => {
  const taskDefinition = await api.register('b');
  await api.update({ ...move(), taskDefinition });
  await world.run(300);
  expect(await api.service()).toMatchObject({ taskDefinition, runningCount: 2 });
});

test('a move to rolling deployments needs no pair', async () => {
  await api.update({ deploymentController: { type: 'ECS' } });
  await world.run(120);
  expect(await api.service()).toMatchObject({ deploymentController: { type: 'ECS' }, runningCount: 2 });
});

test('without a rule that knows both target groups the deployment goes back', async () => {
  forget(pair.rule, pair.other);
  await api.update(move());
  await world.run(300);
  expect(await api.latest()).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: {
      reason: expect.stringMatching(
        /^Service deployment rolled back because of invalid networking configuration\./,
      ),
    },
  });
});

test('its controller does not change during a deployment, and not back', async () => {
  const [deployment] = ecsStore(world, ACCOUNT, REGION).services['acme-prod/orders']?.deployments ?? [];
  if (!deployment) throw new Error('the seed deploys it');
  deployment.rollout = 'IN_PROGRESS'; // as while CodeDeploy deploys it
  await expect(api.update(move())).rejects.toMatchObject(refused(/ongoing deployment/));
  deployment.rollout = 'COMPLETED';
  await api.update(move());
  await world.run(300);
  await expect(api.update({ deploymentController: { type: 'CODE_DEPLOY' } })).rejects.toMatchObject(
    refused(/does not support: deploymentController CODE_DEPLOY/),
  );
});

test.each([
  ['no load balancer', {}, /requires a load balancer/],
  [
    'one task on each instance',
    { schedulingStrategy: 'DAEMON' },
    /not supported for services using the DAEMON/,
  ],
])('CodeDeploy takes no new service with %s', async (_, more, message) => {
  const create = api.call('CreateService', {
    cluster: 'acme-prod',
    serviceName: 'cart',
    taskDefinition: 'acme-prod-orders',
    launchType: 'FARGATE',
    desiredCount: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-1'] } },
    deploymentController: { type: 'CODE_DEPLOY' },
    ...more,
  });
  await expect(create).rejects.toMatchObject({ message: expect.stringMatching(message) });
});

/** Takes a target group out of a rule, as somebody may with ModifyListener. */
function forget(rule: string, targetGroupArn: string): void {
  const found = findRule(balancerStore(world, ACCOUNT, REGION), rule);
  if (found?.action.kind !== 'forward') throw new Error(`${rule} forwards nothing`);
  found.action = {
    ...found.action,
    groups: found.action.groups.filter((each) => each.targetGroupArn !== targetGroupArn),
  };
}
