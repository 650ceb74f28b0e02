import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServicesCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { ecsRevisions } from '@tenant-delivery/aws/ecs/revisions';
import { type Exchange, until } from '../../stage/a-double.ts';

const DEFINITION = {
  family: 'orders',
  containerDefinitions: [{ name: 'orders', image: 'orders', memory: 256, cpu: 128, essential: true }],
};
const FARGATE = {
  requiresCompatibilities: ['FARGATE' as const],
  networkMode: 'awsvpc' as const,
  cpu: '256',
  memory: '8192',
};
const service = (given: object) =>
  new CreateServiceCommand({
    cluster: 'acme-prod',
    serviceName: 'orders',
    taskDefinition: 'orders',
    launchType: 'FARGATE',
    desiredCount: 1,
    ...given,
  });

export const TASKS: readonly Exchange[] = [
  [
    'a cluster',
    async ({ ecs }) =>
      (await ecs.send(new CreateClusterCommand({ clusterName: 'acme-prod' }))).cluster?.status,
  ],
  [
    'a task definition',
    async ({ ecs }) => {
      const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(DEFINITION));
      return [taskDefinition?.family, taskDefinition?.revision, taskDefinition?.status];
    },
  ],
  [
    'adapter: the active revisions of a family',
    (double) =>
      until(double, async () => {
        const active = await ecsRevisions(double.session, 'deploy').active('orders');
        return active.length > 0 ? active.map((arn) => arn.split('/').at(-1)) : undefined; // ECS lists it some seconds later
      }),
  ],
  [
    'a task definition without containers',
    ({ ecs }) => ecs.send(new RegisterTaskDefinitionCommand({ family: 'orders', containerDefinitions: [] })),
  ],
  [
    'a Fargate task of a size that there is not',
    ({ ecs }) => ecs.send(new RegisterTaskDefinitionCommand({ ...DEFINITION, ...FARGATE })),
  ],
  [
    'a task definition that is not there',
    ({ ecs }) => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'none' })),
  ],
  [
    'services of a cluster that is not there',
    ({ ecs }) => ecs.send(new ListServicesCommand({ cluster: 'none' })),
  ],
  ['a service of a definition that is not there', ({ ecs }) => ecs.send(service({ taskDefinition: 'none' }))],
  [
    'a service that is not there',
    async ({ ecs }) => {
      const { failures } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'acme-prod', services: ['none'] }),
      );
      return failures?.map(({ reason }) => reason);
    },
  ],
];
