import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Definition } from './definition.ts';

const CONTAINER: ContainerDefinition = {
  name: 'orders',
  image: '000011112222.dkr.ecr.eu-west-1.amazonaws.com/orders:1',
};

/** A task definition that ECS takes. A rule is shown by what it refuses of one that differs in one thing. */
export const ON_FARGATE: Definition = {
  family: 'orders',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::000011112222:role/orders-execution',
  containerDefinitions: [CONTAINER],
};

/** Another one, for instances. */
export const ON_EC2: Definition = {
  family: 'orders',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [{ ...CONTAINER, memory: 256 }],
};

export function onFargate(change: Partial<Definition>): Definition {
  return { ...ON_FARGATE, ...change };
}

export function onEc2(change: Partial<Definition>): Definition {
  return { ...ON_EC2, ...change };
}

/** The first container changed, and others beside it. */
export function container(
  change: ContainerDefinition,
  ...others: readonly ContainerDefinition[]
): Definition {
  return onFargate(containers(change, ...others));
}

export function containerOnEc2(
  change: ContainerDefinition,
  ...others: readonly ContainerDefinition[]
): Definition {
  return onEc2(containers({ memory: 256, ...change }, ...others.map((one) => ({ memory: 128, ...one }))));
}

function containers(...changes: readonly ContainerDefinition[]): Pick<Definition, 'containerDefinitions'> {
  const names = ['orders', 'envoy', 'agent'];
  return {
    containerDefinitions: changes.map((change, at) => ({
      ...CONTAINER,
      name: names[at] ?? `more-${at}`,
      ...change,
    })),
  };
}
