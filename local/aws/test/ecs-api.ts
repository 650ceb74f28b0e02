import type {
  DescribeServiceDeploymentsCommandOutput,
  DescribeServicesCommandOutput,
  DescribeTasksCommandOutput,
  ListServiceDeploymentsCommandOutput,
  ListTasksCommandOutput,
  RegisterTaskDefinitionCommandOutput,
  Service,
  ServiceDeployment,
  Task,
  UpdateServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import { keepRules } from '../src/rules/rule.ts';
import { ecs } from '../src/services/ecs.ts';
import { ask, EXECUTION_ROLE, image, LOG_GROUP, type ManualWorld, REGION } from './manual-world.ts';

/** The ECS API of a manual world, as a deployer uses it. */
export function ecsApi(world: ManualWorld) {
  const call = async <Output>(operation: string, input: object) => {
    keepRules(ecs.rules ?? [], operation, input, world.call);
    return ask<Output>(ecs.operations[operation], input, world.call);
  };
  const cluster = 'acme-prod';
  const service = async (): Promise<Service> => {
    const { services } = await call<DescribeServicesCommandOutput>('DescribeServices', {
      cluster,
      services: ['orders'],
      include: ['TAGS'],
    });
    return services?.[0] ?? {};
  };
  const register = async (of: string, more: object = {}): Promise<string> => {
    const { taskDefinition } = await call<RegisterTaskDefinitionCommandOutput>('RegisterTaskDefinition', {
      ...taskDefinitionInput(of),
      ...more,
    });
    return taskDefinition?.taskDefinitionArn ?? '';
  };
  const update = async (input: object): Promise<Service> => {
    const answer = await call<UpdateServiceCommandOutput>('UpdateService', {
      cluster,
      service: 'orders',
      ...input,
    });
    return answer.service ?? {};
  };
  return {
    call,
    service,
    register,
    update,
    release: async (of: string) => update({ taskDefinition: await register(of) }),
    deployments: async () => {
      const { serviceDeployments } = await call<ListServiceDeploymentsCommandOutput>(
        'ListServiceDeployments',
        {
          cluster,
          service: 'orders',
        },
      );
      return serviceDeployments ?? [];
    },
    latest: async (): Promise<ServiceDeployment> => {
      const list = await call<ListServiceDeploymentsCommandOutput>('ListServiceDeployments', {
        cluster,
        service: 'orders',
      });
      const { serviceDeployments } = await call<DescribeServiceDeploymentsCommandOutput>(
        'DescribeServiceDeployments',
        {
          serviceDeploymentArns: [list.serviceDeployments?.[0]?.serviceDeploymentArn],
        },
      );
      return serviceDeployments?.[0] ?? {};
    },
    tasks: async (desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'): Promise<Task[]> => {
      const { taskArns } = await call<ListTasksCommandOutput>('ListTasks', {
        cluster,
        serviceName: 'orders',
        desiredStatus,
      });
      if (!taskArns || taskArns.length === 0) return [];
      const { tasks } = await call<DescribeTasksCommandOutput>('DescribeTasks', { cluster, tasks: taskArns });
      return tasks ?? [];
    },
  };
}

export function taskDefinitionInput(of: string) {
  return {
    family: 'acme-prod-orders',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: EXECUTION_ROLE,
    containerDefinitions: [
      {
        name: 'orders',
        image: of.length === 1 ? image(of) : of,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': LOG_GROUP,
            'awslogs-region': REGION,
            'awslogs-stream-prefix': 'orders',
          },
        },
      },
    ],
  };
}
