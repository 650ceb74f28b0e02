import type { Json } from '@tenant-delivery/domain';
import type { Task, TaskDefinitionDocument } from '../../src/observed.ts';

export const OLD_IMAGE = `registry.example/acme/orders@sha256:${'a'.repeat(64)}`;

/** A task definition as ECS describes it: read-only members, empty lists and a sidecar included. */
export function describedTaskDefinition(more: { [member: string]: Json } = {}): TaskDefinitionDocument {
  return {
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7',
    family: 'acme-prod-orders',
    revision: 7,
    status: 'ACTIVE',
    registeredAt: 1_795_000_000.5,
    registeredBy: 'arn:aws:iam::000011112222:role/infrastructure',
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
    compatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::000011112222:role/execution',
    volumes: [],
    placementConstraints: [],
    containerDefinitions: [
      {
        name: 'app',
        image: OLD_IMAGE,
        cpu: 0,
        essential: true,
        portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
        environment: [
          { name: 'MODE', value: 'live' },
          { name: 'EMPTY', value: '' },
        ],
        secrets: [{ name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:db' }],
        mountPoints: [],
        volumesFrom: [],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/td/acme/prod/orders',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'app',
          },
        },
      },
      { name: 'sidecar', image: 'registry.example/acme/proxy:1', cpu: 0, essential: false, environment: [] },
    ],
    ...more,
  };
}

export function stoppedTask(number: number, more: Partial<Task> = {}): Task {
  return {
    arn: `arn:aws:ecs:eu-west-1:000011112222:task/acme-prod/${String(number).padStart(32, '0')}`,
    taskDefinition: 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8',
    startedBy: 'ecs-svc/2',
    lastStatus: 'STOPPED',
    zone: 'eu-west-1a',
    address: `10.20.0.${number}`,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1, reason: undefined, imageDigest: undefined }],
    ...more,
  };
}
