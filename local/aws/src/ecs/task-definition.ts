import type { ContainerDefinition, RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { AwsError } from '../world/service.ts';
import type { TaskDefinitionRecord } from './store.ts';

type Content = TaskDefinitionRecord['content'];

/** A task definition as ECS keeps it: what the caller left out is filled in. Throws what ECS would refuse. */
export function completeTaskDefinition({ tags: _, ...input }: RegisterTaskDefinitionRequest): Content {
  refuse(input);
  return {
    ...input,
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    containerDefinitions: (input.containerDefinitions ?? []).map((container) => complete(container, input)),
  };
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
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      protocol: mapping.protocol ?? 'tcp',
      ...(networkMode === 'awsvpc' ? { hostPort: mapping.hostPort ?? mapping.containerPort } : {}),
    })),
  };
}

function refuse(input: Content): void {
  const containers = input.containerDefinitions ?? [];
  const names = containers.map(({ name }) => name ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const fargate = input.requiresCompatibilities?.includes('FARGATE') ?? false;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(input.family ?? '')) {
    throw client('Family should be up to 255 letters, numbers, hyphens and underscores.');
  }
  if (containers.length === 0) throw client('Container list cannot be empty.');
  for (const { name, image } of containers) {
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name ?? '')) {
      throw client(
        `Invalid container name '${name ?? ''}': up to 255 letters, numbers, hyphens and underscores.`,
      );
    }
    if (image === undefined || image === '')
      throw client(`Container.image should not be null or empty (${name}).`);
  }
  if (twice !== undefined) throw client(`Container name '${twice}' is used more than once.`);
  if (containers.every(({ essential }) => essential === false)) {
    throw client('At least one container must be essential.');
  }
  if (!fargate) return;
  if (input.networkMode !== 'awsvpc') {
    throw client("Fargate only supports network mode 'awsvpc'.");
  }
  if (input.cpu === undefined) throw client("Fargate requires that 'cpu' be defined at the task level.");
  if (input.memory === undefined)
    throw client("Fargate requires that 'memory' be defined at the task level.");
  if (!fits(Number(input.cpu), Number(input.memory))) {
    throw client(
      `No Fargate configuration exists for given values: ${input.cpu} CPU, ${input.memory} memory.`,
    );
  }
}

/** CPU units to the memory (MiB) that Fargate offers with them ("Task definition parameters for Fargate"). */
function fits(cpu: number, memory: number): boolean {
  const offered: Record<number, readonly [from: number, to: number, step: number]> = {
    256: [512, 2_048, 512],
    512: [1_024, 4_096, 1_024],
    1024: [2_048, 8_192, 1_024],
    2048: [4_096, 16_384, 1_024],
    4096: [8_192, 30_720, 1_024],
    8192: [16_384, 61_440, 4_096],
    16384: [32_768, 122_880, 8_192],
  };
  const range = offered[cpu];
  if (!range) return false;
  const [from, to, step] = range;
  if (cpu === 256 && memory === 1_536) return false;
  return memory >= from && memory <= to && (memory - from) % step === 0;
}

export function describeTaskDefinition(record: TaskDefinitionRecord): TaskDefinition {
  const { content } = record;
  const fargate =
    content.networkMode === 'awsvpc' && content.cpu !== undefined && content.memory !== undefined;
  return {
    ...structuredClone(content),
    taskDefinitionArn: record.arn,
    revision: record.revision,
    status: record.status,
    requiresAttributes: requiredAttributes(content).map((name) => ({ name })),
    compatibilities: fargate ? ['EC2', 'FARGATE'] : ['EC2'],
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

const client = (message: string) => new AwsError('ClientException', message);
