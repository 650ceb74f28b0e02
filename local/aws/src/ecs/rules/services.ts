import type { Call } from '../../world/service.ts';
import { findCluster, storeOf } from '../operations/find.ts';
import { definitionIn, OF_SERVICES, type Requested, requestRules, serviceIn } from './requested.ts';

const MOST_TASKS = 5_000;
const MOST_SERVICES = 5_000;

/** Whether the service has a target group once the request is done. Assumes ecs-grace-needs-a-check. */
function balanced({ loadBalancers, ...input }: Requested, call: Call): boolean {
  return (loadBalancers ?? serviceIn(input, call)?.settings.loadBalancers ?? []).length > 0;
}

const rebalanced = (more: Requested): Requested => ({ availabilityZoneRebalancing: 'ENABLED', ...more });
const deploying = (minimumHealthyPercent?: number, maximumPercent?: number): Requested => ({
  deploymentConfiguration: { minimumHealthyPercent, maximumPercent },
});

export const serviceRules = [
  ...requestRules('CreateService - Amazon Elastic Container Service API Reference', [
    {
      operations: ['CreateService'],
      says: 'A service has a name of up to 255 letters, digits, underscores and hyphens.',
      *mistakes({ serviceName = '' }) {
        if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName)) yield `Invalid service name: ${serviceName}`;
      },
      shownBy: [{ serviceName: 'a/b' }, { serviceName: '' }, { serviceName: 'x'.repeat(256) }],
    },
    {
      operations: ['CreateService'],
      says: 'The task definition and the number of tasks are given.',
      *mistakes({ taskDefinition = '', desiredCount, schedulingStrategy }) {
        if (taskDefinition === '') yield 'TaskDefinition can not be blank.';
        if (desiredCount === undefined && schedulingStrategy !== 'DAEMON')
          yield 'desiredCount should not be null.';
      },
      shownBy: [{ desiredCount: 1 }, { taskDefinition: 'orders' }],
    },
    {
      operations: ['CreateService'],
      says: 'A client token has up to 36 printable ASCII characters.',
      *mistakes({ clientToken }) {
        if (clientToken !== undefined && !/^[\x21-\x7e]{1,36}$/.test(clientToken))
          yield 'clientToken is at most 36 printable ASCII characters.';
      },
      shownBy: [{ clientToken: 'x'.repeat(37) }, { clientToken: 'two words' }],
    },
    {
      operations: ['CreateService'],
      says: 'A role is for a load balancer, and awsvpc has the one of ECS.',
      *mistakes(input, call) {
        if (input.role === undefined) return;
        if ((input.loadBalancers ?? []).length === 0)
          yield 'IAM roles are only valid for services configured to use load balancers.';
        if (definitionIn(input, call)?.content.networkMode === 'awsvpc')
          yield 'You cannot specify an IAM role for services that require a service linked role.';
      },
      shownBy: [{ role: 'ecsServiceRole' }],
    },
    {
      operations: OF_SERVICES,
      says: 'A grace period is for what has checks: a load balancer or containers.',
      *mistakes(input, call) {
        if ((input.healthCheckGracePeriodSeconds ?? 0) === 0 || balanced(input, call)) return;
        const containers = definitionIn(input, call)?.content.containerDefinitions ?? [];
        if (!containers.some(({ healthCheck }) => healthCheck))
          yield 'Health check grace period is only valid for services configured to use load balancers';
      },
    },
    {
      operations: OF_SERVICES,
      says: 'A shell in tasks needs a task role.',
      *mistakes(input, call) {
        const definition = definitionIn(input, call);
        if (input.enableExecuteCommand && definition && definition.content.taskRoleArn === undefined) {
          const done = input.service === undefined ? 'created' : 'updated';
          yield `The service couldn't be ${done} because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.`;
        }
      },
    },
    {
      operations: OF_SERVICES,
      says: 'A grace period is at most 2,147,483,647 seconds.',
      *mistakes({ healthCheckGracePeriodSeconds: seconds = 0 }) {
        if (seconds < 0 || seconds > 2_147_483_647)
          yield 'healthCheckGracePeriodSeconds must be between 0 and 2147483647.';
      },
      shownBy: [{ healthCheckGracePeriodSeconds: -1 }, { healthCheckGracePeriodSeconds: 2_147_483_648 }],
    },
  ]),
  ...requestRules('DeploymentConfiguration - Amazon Elastic Container Service API Reference', [
    {
      operations: OF_SERVICES,
      says: 'At most 100 per cent must stay healthy, at least 100 may run, and a deployment has room to move.',
      *mistakes({ deploymentConfiguration }) {
        if (!deploymentConfiguration) return;
        const { minimumHealthyPercent: least = 100, maximumPercent: most = 200 } = deploymentConfiguration;
        if (least < 0) yield 'minimumHealthyPercent must be at least 0.';
        if (least > 100) yield 'minimumHealthyPercent must be at most 100.';
        if (most < 100) yield 'maximumPercent must be at least 100.';
        if (least === 100 && most === 100)
          yield 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.';
      },
      shownBy: [
        deploying(-1),
        deploying(101),
        deploying(50, 99),
        deploying(100, 100),
        deploying(undefined, 100),
      ],
    },
  ]),
  ...requestRules('Balancing an Amazon ECS service across Availability Zones', [
    {
      operations: OF_SERVICES,
      says: 'Rebalancing needs room for another task, spreads over zones first, and is for no DAEMON and no Classic Load Balancer.',
      *mistakes({ availabilityZoneRebalancing, ...input }, call) {
        if (availabilityZoneRebalancing !== 'ENABLED') return;
        const most =
          input.deploymentConfiguration?.maximumPercent ??
          serviceIn(input, call)?.settings.maximumPercent ??
          200;
        const [first] = input.placementStrategy ?? [];
        if (most <= 100)
          yield 'The service does not support availabilityZoneRebalancing with a maximumPercent of 100 or less.';
        if (first && first.field !== 'attribute:ecs.availability-zone')
          yield 'The first placement strategy must be a spread over Availability Zones to use availabilityZoneRebalancing.';
        if (input.schedulingStrategy === 'DAEMON')
          yield 'The DAEMON scheduling strategy does not support availabilityZoneRebalancing.';
        if ((input.loadBalancers ?? []).some(({ loadBalancerName }) => loadBalancerName !== undefined))
          yield 'A service with a Classic Load Balancer does not support availabilityZoneRebalancing.';
      },
      shownBy: [
        rebalanced({ deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 } }),
        rebalanced({ placementStrategy: [{ type: 'binpack', field: 'cpu' }] }),
        rebalanced({ schedulingStrategy: 'DAEMON' }),
        rebalanced({ loadBalancers: [{ loadBalancerName: 'orders' }] }),
      ],
    },
  ]),
  ...requestRules('Amazon ECS endpoints and quotas', [
    {
      operations: OF_SERVICES,
      says: 'A service has at most 5,000 tasks.',
      *mistakes({ desiredCount = 0 }) {
        if (desiredCount > MOST_TASKS) yield `The desired count of a service can be at most ${MOST_TASKS}.`;
      },
      shownBy: [{ desiredCount: 5_001 }],
    },
    {
      operations: ['CreateService'],
      says: 'A cluster has at most 5,000 services.',
      *mistakes({ cluster = 'default' }, call) {
        const found = findCluster(call, cluster);
        const services = Object.values(storeOf(call).services).filter((one) => one.cluster === found?.name);
        if (services.length >= MOST_SERVICES) yield `A cluster can have at most ${MOST_SERVICES} services.`;
      },
    },
  ]),
];
