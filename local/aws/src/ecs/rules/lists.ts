import type { CreateClusterRequest } from '@aws-sdk/client-ecs';
import type { Rule } from '../../rules/rule.ts';
import { FARGATE_PROVIDERS } from '../store.ts';

/** How many names one call may ask about, by operation and member. */
const MOST = {
  DescribeServices: ['services', 10],
  DescribeTasks: ['tasks', 100],
  DescribeServiceDeployments: ['serviceDeploymentArns', 20],
  DescribeServiceRevisions: ['serviceRevisionArns', 20],
} as const satisfies Readonly<Record<string, readonly [member: string, most: number]>>;
const MOST_CLUSTERS = 100;

const names = (count: number) => Array.from({ length: count }, (_, at) => `name-${at}`);

export const listRules: readonly Rule[] = [
  ...Object.entries(MOST).map(
    ([operation, [member, most]]): Rule => ({
      operations: [operation],
      page: `${operation} - Amazon Elastic Container Service API Reference`,
      says: `One call describes 1 to ${most} of ${member}.`,
      code: 'InvalidParameterException',
      *mistakes(input: Readonly<Record<string, readonly string[] | undefined>>) {
        const asked = input[member] ?? [];
        if (asked.length === 0) yield `${member} cannot be empty.`;
        if (asked.length > most) yield `${member} cannot have more than ${most} elements.`;
      },
      shownBy: [{ [member]: [] }, { [member]: names(most + 1) }],
    }),
  ),
  {
    operations: ['DescribeClusters'],
    page: 'DescribeClusters - Amazon Elastic Container Service API Reference',
    says: `One call describes up to ${MOST_CLUSTERS} clusters.`,
    code: 'InvalidParameterException',
    *mistakes({ clusters = [] }: { readonly clusters?: readonly string[] }) {
      if (clusters.length > MOST_CLUSTERS) yield `Clusters cannot have more than ${MOST_CLUSTERS} elements.`;
    },
    shownBy: [{ clusters: names(MOST_CLUSTERS + 1) }],
  },
  {
    operations: [
      'ListClusters',
      'ListServices',
      'ListTasks',
      'ListTaskDefinitions',
      'ListTaskDefinitionFamilies',
      'ListServiceDeployments',
    ],
    page: 'ListTasks - Amazon Elastic Container Service API Reference',
    says: 'A page has 1 to 100 results.',
    code: 'InvalidParameterException',
    *mistakes({ maxResults = 100 }: { readonly maxResults?: number }) {
      if (maxResults < 1 || maxResults > 100) yield 'maxResults must be between 1 and 100.';
    },
    shownBy: [{ maxResults: 0 }, { maxResults: 101 }],
  },
  {
    operations: ['ListTasks'],
    page: 'ListTasks - Amazon Elastic Container Service API Reference',
    says: 'Who started tasks is the only filter, where it is one.',
    code: 'InvalidParameterException',
    *mistakes({
      startedBy,
      serviceName,
      family,
      containerInstance,
      launchType,
      daemonName,
    }: Record<string, unknown>) {
      if (
        startedBy !== undefined &&
        (serviceName ?? family ?? containerInstance ?? launchType ?? daemonName) !== undefined
      )
        yield 'startedBy cannot be combined with another filter.';
    },
    shownBy: [{ startedBy: 'ecs-svc/1', serviceName: 'orders' }],
  },
];

/** What its page says of the name and the settings of a cluster. */
export const clusterRules: readonly Rule[] = [
  {
    operations: ['CreateCluster'],
    page: 'CreateCluster - Amazon Elastic Container Service API Reference',
    says: 'A cluster has a name of up to 255 letters, digits, underscores and hyphens.',
    code: 'InvalidParameterException',
    *mistakes({ clusterName = 'default' }: { readonly clusterName?: string }) {
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(clusterName)) yield `Invalid cluster name: ${clusterName}`;
    },
    shownBy: [{ clusterName: 'acme/prod' }, { clusterName: '' }, { clusterName: 'x'.repeat(256) }],
  },
  {
    operations: ['CreateCluster'],
    page: 'CreateCluster - Amazon Elastic Container Service API Reference',
    says: 'Capacity providers of a cluster exist, and its default strategy has only those.',
    code: 'InvalidParameterException',
    *mistakes({ capacityProviders = [], defaultCapacityProviderStrategy = [] }: CreateClusterRequest) {
      for (const name of capacityProviders)
        if (!FARGATE_PROVIDERS.includes(name))
          yield `The specified capacity provider '${name}' was not found.`;
      for (const { capacityProvider = '' } of defaultCapacityProviderStrategy)
        if (!capacityProviders.includes(capacityProvider))
          yield 'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.';
    },
    shownBy: [
      { capacityProviders: ['spare-instances'] },
      {
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }],
      },
    ],
  },
  {
    operations: ['CreateCluster'],
    page: 'ClusterSetting - Amazon Elastic Container Service API Reference',
    says: 'Container Insights is enabled, enhanced or disabled.',
    code: 'InvalidParameterException',
    *mistakes({ settings = [] }: { readonly settings?: readonly { readonly value?: string }[] }) {
      for (const { value = '' } of settings)
        if (!['enabled', 'enhanced', 'disabled'].includes(value))
          yield `Invalid value '${value}' for the cluster setting containerInsights.`;
    },
    shownBy: [{ settings: [{ name: 'containerInsights', value: 'on' }] }],
  },
];
