import type { Call } from '../../world/service.ts';
import { OF_SERVICES, type Requested, requestRules, serviceIn } from './requested.ts';

/** Members that CodeDeploy sets with each of its deployments, as ECS's refusals name them. */
const OF_CODE_DEPLOY = {
  taskDefinition: 'task definition',
  networkConfiguration: 'network parameters',
  platformVersion: 'platform version',
  loadBalancers: 'load balancers',
} as const;

/** Whether CodeDeploy deploys the service, also once the request is done. */
function staysWithCodeDeploy(input: Requested, call: Call): boolean {
  const asked = input.deploymentController?.type;
  const now = serviceIn(input, call)?.settings.controller ?? 'ECS';
  return (asked ?? now) === 'CODE_DEPLOY';
}

const only = (feature: string) =>
  `${feature} feature is only supported with ECS deployment controller. Update to ECS deployment controller and try again.`;

export const controllerRules = [
  ...requestRules('Update Amazon ECS service parameters', [
    {
      operations: ['UpdateService'],
      says: 'A service that CodeDeploy deploys gets its revision, network, platform and target groups from CodeDeploy.',
      *mistakes(input, call) {
        if (!staysWithCodeDeploy(input, call)) return;
        const use =
          'on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.';
        for (const [member, name] of Object.entries(OF_CODE_DEPLOY))
          if (input[member as keyof typeof OF_CODE_DEPLOY] !== undefined)
            yield `Unable to update ${name} ${use}`;
        if (input.forceNewDeployment) yield `Cannot force a new deployment ${use}`;
      },
    },
    {
      operations: ['UpdateService'],
      says: 'The controller of a service does not change during a deployment.',
      *mistakes(input, call) {
        const service = serviceIn(input, call);
        const asked = input.deploymentController?.type;
        if (!service || asked === undefined || asked === service.settings.controller) return;
        if (service.deployments[0]?.rollout === 'IN_PROGRESS')
          yield 'Updating the deployment controller is not supported during an ongoing deployment.';
      },
    },
  ]),
  ...requestRules('Troubleshooting Amazon ECS deployment strategy updates', [
    {
      operations: OF_SERVICES,
      says: 'Circuit breaker and alarms are for deployments of ECS.',
      *mistakes(input, call) {
        if (!staysWithCodeDeploy(input, call)) return;
        const { deploymentCircuitBreaker, alarms } = input.deploymentConfiguration ?? {};
        if (deploymentCircuitBreaker?.enable) yield only('Deployment circuit breaker');
        if (alarms?.enable) yield only('Alarm based rollback');
      },
    },
    {
      operations: ['CreateService'],
      says: 'CodeDeploy deploys services with a load balancer and a number of tasks.',
      *mistakes(input, call) {
        if (!staysWithCodeDeploy(input, call)) return;
        if (input.schedulingStrategy === 'DAEMON')
          yield 'The CODE_DEPLOY deployment controller type is not supported for services using the DAEMON scheduling strategy.';
        if ((input.loadBalancers ?? []).length === 0)
          yield 'The CODE_DEPLOY deployment controller requires a load balancer.';
      },
    },
  ]),
];
