import type {
  ContinueServiceDeploymentCommandInput,
  CreateClusterCommandInput,
  CreateServiceCommandInput,
  DeleteClusterCommandInput,
  DeleteServiceCommandInput,
  DescribeClustersCommandInput,
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceRevisionsCommandInput,
  DescribeServicesCommandInput,
  DescribeTasksCommandInput,
  ListServiceDeploymentsCommandInput,
  ListServicesCommandInput,
  ListTagsForResourceCommandInput,
  ListTasksCommandInput,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  StopServiceDeploymentCommandInput,
  StopTaskCommandInput,
  Tag,
  TagResourceCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { findCluster } from '../../ecs/operations/find.ts';
import { ecsArn, ecsStore, findTaskDefinition } from '../../ecs/store.ts';
import type { Context } from '../../policy/context.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

/** "Actions, resources, and condition keys for Amazon Elastic Container Service". Roles that tasks get are passed. */
export const ecsAsks: Readonly<Record<string, Asks>> = {
  DescribeClusters: ({ clusters = ['default'] }: DescribeClustersCommandInput, call) =>
    clusters.map((one) => about('ecs:DescribeClusters', clusterArn(call, one), call)),
  DescribeServices: ({ cluster, services = [] }: DescribeServicesCommandInput, call) =>
    services.map((one) => inCluster('ecs:DescribeServices', serviceArn(call, cluster, one), cluster, call)),
  ListServices: ({ cluster }: ListServicesCommandInput, call) => [
    { action: 'ecs:ListServices', resource: '*', context: { 'ecs:cluster': clusterArn(call, cluster) } },
  ],
  CreateCluster: ({ clusterName = 'default', tags }: CreateClusterCommandInput, call) =>
    createdCluster(ecsArn(call.account, call.region, `cluster/${clusterName}`), tagsIn(tags)),
  DeleteCluster: ({ cluster }: DeleteClusterCommandInput, call) => [
    about('ecs:DeleteCluster', clusterArn(call, cluster), call),
  ],
  CreateService: (input: CreateServiceCommandInput, call) => {
    const { serviceName: service = '', tags } = input;
    const [ask] = updateService({ ...input, service }, call);
    const requestTags = tagsIn(tags);
    return [
      ...(ask ? [{ ...ask, action: 'ecs:CreateService', requestTags, resourceTags: requestTags }] : []),
      ...tagged('CreateService', serviceArn(call, input.cluster, service), requestTags),
    ];
  },
  UpdateService: updateService,
  DeleteService: ({ cluster, service = '' }: DeleteServiceCommandInput, call) => [
    inCluster('ecs:DeleteService', serviceArn(call, cluster, service), cluster, call),
  ],
  ListServiceDeployments: ({ cluster, service = '' }: ListServiceDeploymentsCommandInput, call) => [
    inCluster('ecs:ListServiceDeployments', serviceArn(call, cluster, service), cluster, call),
  ],
  DescribeServiceDeployments: (
    { serviceDeploymentArns = [] }: DescribeServiceDeploymentsCommandInput,
    call,
  ) => serviceDeploymentArns.flatMap((arn) => partsOfService('ecs:DescribeServiceDeployments', arn, call)),
  DescribeServiceRevisions: ({ serviceRevisionArns = [] }: DescribeServiceRevisionsCommandInput, call) =>
    serviceRevisionArns.flatMap((arn) => partsOfService('ecs:DescribeServiceRevisions', arn, call)),
  StopServiceDeployment: ({ serviceDeploymentArn = '' }: StopServiceDeploymentCommandInput, call) =>
    partsOfService('ecs:StopServiceDeployment', serviceDeploymentArn, call),
  ContinueServiceDeployment: ({ serviceDeploymentArn = '' }: ContinueServiceDeploymentCommandInput, call) =>
    partsOfService('ecs:ContinueServiceDeployment', serviceDeploymentArn, call),
  RegisterTaskDefinition: registerTaskDefinition,
  RunTask: runTask,
  StopTask: ({ cluster, task = '' }: StopTaskCommandInput, call) => [
    inCluster('ecs:StopTask', taskArn(call, cluster, task), cluster, call),
  ],
  // asked about the container instances of the cluster, on Fargate too
  ListTasks: ({ cluster }: ListTasksCommandInput, call) => [
    inCluster(
      'ecs:ListTasks',
      `${clusterArn(call, cluster).replace(':cluster/', ':container-instance/')}/*`,
      cluster,
      call,
    ),
  ],
  DescribeTasks: ({ cluster, tasks = [] }: DescribeTasksCommandInput, call) =>
    tasks.map((one) => inCluster('ecs:DescribeTasks', taskArn(call, cluster, one), cluster, call)),
  TagResource: ({ resourceArn = '', tags }: TagResourceCommandInput, call) => [
    {
      ...about('ecs:TagResource', resourceArn, call),
      context: { 'ecs:CreateAction': undefined },
      requestTags: tagsIn(tags),
    },
  ],
  ListTagsForResource: ({ resourceArn = '' }: ListTagsForResourceCommandInput, call) => [
    about('ecs:ListTagsForResource', resourceArn, call),
  ],
};

function createdCluster(resource: string, requestTags: Readonly<Record<string, string>>): readonly Ask[] {
  const context = { 'ecs:capacity-provider': undefined, 'ecs:fargate-ephemeral-storage-kms-key': undefined };
  const create: Ask = {
    action: 'ecs:CreateCluster',
    resource,
    context,
    requestTags,
    resourceTags: requestTags,
  };
  return [create, ...tagged('CreateCluster', resource, requestTags)];
}

function updateService(input: UpdateServiceCommandInput, call: Call): readonly Ask[] {
  const { cluster, service = '', taskDefinition, networkConfiguration } = input;
  const network = networkConfiguration?.awsvpcConfiguration;
  const definition = taskDefinition === undefined ? undefined : definitionOf(call, taskDefinition);
  const ask = inCluster('ecs:UpdateService', serviceArn(call, cluster, service), cluster, call);
  return [
    {
      ...ask,
      context: {
        ...ask.context,
        ...sizeOf(definition?.content),
        'ecs:task-definition': definition?.arn,
        'ecs:subnet': network?.subnets,
        'ecs:auto-assign-public-ip': network && String(network.assignPublicIp === 'ENABLED'),
        'ecs:enable-execute-command': flag(input.enableExecuteCommand),
        'ecs:enable-ecs-managed-tags': flag(input.enableECSManagedTags),
        'ecs:propagate-tags': input.propagateTags,
        'ecs:capacity-provider': providersIn(input.capacityProviderStrategy),
        'ecs:enable-service-connect': flag(input.serviceConnectConfiguration?.enabled),
        'ecs:namespace': input.serviceConnectConfiguration?.namespace,
        'ecs:enable-ebs-volumes': input.volumeConfigurations && 'true',
        'ecs:enable-vpc-lattice': input.vpcLatticeConfigurations && 'true',
      },
    },
  ];
}

function registerTaskDefinition(input: RegisterTaskDefinitionCommandInput, call: Call): readonly Ask[] {
  const { family = '', containerDefinitions = [], tags, taskRoleArn, executionRoleArn } = input;
  const resource = ecsArn(call.account, call.region, `task-definition/${family}:*`); // its number is not known yet
  const requestTags = tagsIn(tags);
  const context = {
    ...sizeOf(input),
    'ecs:privileged': containerDefinitions.some(({ privileged }) => privileged) ? 'enabled' : 'disabled',
    'ecs:compute-compatibility': input.requiresCompatibilities,
  };
  return [
    { action: 'ecs:RegisterTaskDefinition', resource, context, requestTags, resourceTags: {} },
    ...tagged('RegisterTaskDefinition', resource, requestTags),
    ...passed(taskRoleArn, executionRoleArn),
  ];
}

function runTask(input: RunTaskCommandInput, call: Call): readonly Ask[] {
  const { cluster, taskDefinition = '', overrides, tags } = input;
  const definition = definitionOf(call, taskDefinition);
  if (!definition) return []; // ECS says that it does not exist
  const requestTags = tagsIn(tags);
  const ask = inCluster('ecs:RunTask', definition.arn, cluster, call);
  const { taskRoleArn, executionRoleArn } = definition.content;
  return [
    {
      ...ask,
      context: {
        ...ask.context,
        ...sizeOf(definition.content),
        'ecs:enable-execute-command': flag(input.enableExecuteCommand),
        'ecs:capacity-provider': providersIn(input.capacityProviderStrategy),
        'ecs:enable-ebs-volumes': input.volumeConfigurations && 'true',
      },
      requestTags,
    },
    ...tagged('RunTask', taskArn(call, cluster, '*'), requestTags),
    ...passed(overrides?.taskRoleArn ?? taskRoleArn, overrides?.executionRoleArn ?? executionRoleArn),
  ];
}

/** "Grant permission to tag resources on creation": a caller who makes something with tags must be allowed to tag it. */
function tagged(by: string, resource: string, tags: Readonly<Record<string, string>>): readonly Ask[] {
  if (Object.keys(tags).length === 0) return [];
  const context = { 'ecs:CreateAction': by };
  return [{ action: 'ecs:TagResource', resource, context, requestTags: tags, resourceTags: {} }];
}

/** "Grant a user permissions to pass a role to an AWS service". */
function passed(...roles: readonly (string | undefined)[]): readonly Ask[] {
  const named = roles.filter((role) => role?.includes(':role/')); // ECS says of any other ARN that it is no role
  return [...new Set(named)].map((resource = '') => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com', 'iam:AssociatedResourceArn': undefined },
  }));
}

/** A deployment or a revision, and the service that it is of: the reference says that both are needed. */
function partsOfService(action: string, arn: string, call: Call): readonly Ask[] {
  const [, prefix = '', cluster = '', service = ''] =
    /^(arn:[^:]+:ecs:[^:]*:[^:]*):service-(?:deployment|revision)\/([^/]+)\/([^/]+)\/.+$/.exec(arn) ?? [];
  if (prefix === '') return []; // ECS says that it is no ARN of one
  const of = `${prefix}:service/${cluster}/${service}`;
  return [of, arn].map((resource) => ({
    ...about(action, resource, call),
    context: { 'ecs:cluster': `${prefix}:cluster/${cluster}`, 'ecs:service': of },
  }));
}

function inCluster(action: string, resource: string, cluster: string | undefined, call: Call): Ask {
  return { ...about(action, resource, call), context: { 'ecs:cluster': clusterArn(call, cluster) } };
}

function about(action: string, resource: string, { world, account, region }: Call): Ask {
  return { action, resource, resourceTags: ecsStore(world, account, region).tags[resource] ?? {} };
}

function clusterArn(call: Call, reference = 'default'): string {
  if (reference.startsWith('arn:')) return reference;
  return findCluster(call, reference)?.arn ?? ecsArn(call.account, call.region, `cluster/${reference}`);
}

function serviceArn(call: Call, cluster: string | undefined, service: string): string {
  if (service.startsWith('arn:')) return service;
  return `${clusterArn(call, cluster).replace(':cluster/', ':service/')}/${service}`;
}

function taskArn(call: Call, cluster: string | undefined, task: string): string {
  if (task.startsWith('arn:')) return task;
  return `${clusterArn(call, cluster).replace(':cluster/', ':task/')}/${task}`;
}

function definitionOf({ world, account, region }: Call, reference: string) {
  return findTaskDefinition(ecsStore(world, account, region), reference);
}

function sizeOf(
  of: { readonly cpu?: string | undefined; readonly memory?: string | undefined } | undefined,
): Context {
  return { 'ecs:task-cpu': of?.cpu, 'ecs:task-memory': of?.memory };
}

function tagsIn(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ key = '', value = '' }) => [key, value]));
}

function providersIn(
  strategy: readonly { readonly capacityProvider: string | undefined }[] | undefined,
): readonly string[] | undefined {
  return strategy?.flatMap(({ capacityProvider }) => capacityProvider ?? []);
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : String(value));
