import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { mistakesOf } from '../rules/rule.ts';
import type { Call } from '../world/service.ts';
import { taskDefinitionRules } from './rules/index.ts';
import { cpuUnits, mebibytes } from './rules/task-size.ts';
import type { TaskDefinitionRecord } from './store.ts';

type Content = TaskDefinitionRecord['content'];

/** A task definition as ECS keeps it: what the caller left out is filled in, sizes are CPU units and MiB. */
export function completeTaskDefinition({ tags: _, ...input }: RegisterTaskDefinitionRequest): Content {
  const [cpu, memory] = [cpuUnits(input.cpu ?? ''), mebibytes(input.memory ?? '')];
  return {
    ...input,
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    containerDefinitions: (input.containerDefinitions ?? []).map((container) => complete(container, input)),
  };
}

/** What could run it: instances, and Fargate where nothing in it is against that. */
export function compatibilitiesOf(
  input: RegisterTaskDefinitionRequest,
  call: Call,
): TaskDefinitionRecord['compatibilities'] {
  const onFargate = { ...input, requiresCompatibilities: ['FARGATE'] };
  const against = mistakesOf(taskDefinitionRules, 'RegisterTaskDefinition', onFargate, call);
  return against.length === 0 ? ['EC2', 'FARGATE'] : ['EC2'];
}

function complete(container: ContainerDefinition, { networkMode }: Content): ContainerDefinition {
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      protocol: mapping.protocol ?? 'tcp',
      ...hostPortOf(mapping, networkMode),
    })),
  };
}

/** With awsvpc it is the port of the container; with a bridge the host chooses one, which is written as 0. */
function hostPortOf({ containerPort, hostPort }: PortMapping, networkMode = 'bridge'): { hostPort?: number } {
  if (containerPort === undefined) return {};
  if (networkMode === 'awsvpc') return { hostPort: containerPort };
  return networkMode === 'bridge' ? { hostPort: hostPort ?? 0 } : {};
}

export function describeTaskDefinition(record: TaskDefinitionRecord): TaskDefinition {
  const { content } = record;
  return {
    ...structuredClone(content),
    taskDefinitionArn: record.arn,
    revision: record.revision,
    status: record.status,
    requiresAttributes: requiredAttributes(content).map((name) => ({ name })),
    compatibilities: [...record.compatibilities],
    registeredAt: new Date(record.registeredAt),
    ...(record.registeredBy === undefined ? {} : { registeredBy: record.registeredBy }),
    ...(record.deregisteredAt === undefined ? {} : { deregisteredAt: new Date(record.deregisteredAt) }),
  };
}

/** What a container instance would have to offer. */
function requiredAttributes(content: Content): readonly string[] {
  const containers = content.containerDefinitions ?? [];
  const logs = containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs');
  const role = content.executionRoleArn !== undefined;
  return [
    ...(logs ? ['com.amazonaws.ecs.capability.logging-driver.awslogs'] : []),
    ...(logs && role ? ['ecs.capability.execution-role-awslogs'] : []),
    ...(role ? ['com.amazonaws.ecs.capability.ecr-auth', 'ecs.capability.execution-role-ecr-pull'] : []),
    ...(content.taskRoleArn === undefined ? [] : ['com.amazonaws.ecs.capability.task-iam-role']),
    ...(content.networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
  ];
}

/** Parts of a task definition that may be registered here but not run: they would be ignored, and ECS does not. */
export function notRunnable(content: Content): readonly string[] {
  const of = (container: ContainerDefinition, member: keyof ContainerDefinition) =>
    `containerDefinitions[${container.name}].${member}`;
  const used = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const members = [
    'environmentFiles',
    'dependsOn',
    'firelensConfiguration',
    'restartPolicy',
    'mountPoints',
    'volumesFrom',
    'links',
  ] as const;
  const containers = content.containerDefinitions ?? [];
  return [
    ...(content.networkMode === 'awsvpc' ? [] : [`networkMode ${content.networkMode ?? 'bridge'}`]),
    ...containers.flatMap((container) =>
      members.filter((one) => used(container[one])).map((one) => of(container, one)),
    ),
    ...containers
      .filter(({ logConfiguration }) => logConfiguration && logConfiguration.logDriver !== 'awslogs')
      .map(
        (container) =>
          `${of(container, 'logConfiguration')} with the log driver ${container.logConfiguration?.logDriver}`,
      ),
  ];
}
