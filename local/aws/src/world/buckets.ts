/** A token bucket of one account in one region: every request takes one, `sustained` come back each second. */
export interface Bucket {
  readonly name: string;
  readonly service: string;
  readonly operations: readonly string[];
  /** How many it holds. */
  readonly burst: number;
  /** How many come back in a second. */
  readonly sustained: number;
}

/**
 * "Request throttling for the Amazon ECS API" (Amazon ECS API Reference), as far as a deployment asks anything, and what
 * a report of credentials asks. IAM publishes no figures.
 */
export const BUCKETS: readonly Bucket[] = [
  {
    name: 'register task definitions',
    service: 'ecs',
    operations: ['RegisterTaskDefinition', 'DeregisterTaskDefinition'],
    burst: 20,
    sustained: 1,
  },
  {
    name: 'read task definitions',
    service: 'ecs',
    operations: ['DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'],
    burst: 50,
    sustained: 20,
  },
  {
    name: 'delete task definitions',
    service: 'ecs',
    operations: ['DeleteTaskDefinitions'],
    burst: 5,
    sustained: 1,
  },
  {
    name: 'change services',
    service: 'ecs',
    operations: ['CreateService', 'UpdateService', 'DeleteService'],
    burst: 50,
    sustained: 5,
  },
  {
    name: 'read services',
    service: 'ecs',
    operations: ['DescribeServices', 'ListServices'],
    burst: 100,
    sustained: 20,
  },
  {
    name: 'read service deployments',
    service: 'ecs',
    operations: ['DescribeServiceDeployments', 'ListServiceDeployments'],
    burst: 50,
    sustained: 20,
  },
  {
    name: 'read service revisions',
    service: 'ecs',
    operations: ['DescribeServiceRevisions'],
    burst: 50,
    sustained: 20,
  },
  {
    name: 'read tasks',
    service: 'ecs',
    operations: ['DescribeTasks', 'ListTasks', 'DescribeContainerInstances', 'ListContainerInstances'],
    burst: 100,
    sustained: 20,
  },
  {
    name: 'run tasks',
    service: 'ecs',
    operations: ['RunTask', 'StartTask', 'StopTask', 'ExecuteCommand'],
    burst: 100,
    sustained: 40,
  },
  {
    name: 'tag resources',
    service: 'ecs',
    operations: ['TagResource', 'UntagResource'],
    burst: 20,
    sustained: 10,
  },
  // "LookupEvents", AWS CloudTrail API Reference: two a second for each account and region.
  { name: 'look up events', service: 'cloudtrail', operations: ['LookupEvents'], burst: 2, sustained: 2 },
  // "AWS Secrets Manager quotas": for each account and region, by the second.
  {
    name: 'describe secrets and get their values',
    service: 'secretsmanager',
    operations: ['DescribeSecret', 'GetSecretValue'],
    burst: 10_000,
    sustained: 10_000,
  },
  {
    name: 'list secrets',
    service: 'secretsmanager',
    operations: ['ListSecrets'],
    burst: 100,
    sustained: 100,
  },
  {
    name: 'list versions of secrets',
    service: 'secretsmanager',
    operations: ['ListSecretVersionIds'],
    burst: 50,
    sustained: 50,
  },
];

/** The published bucket that a request draws from, if there is one. */
export function bucketOf(service: string, operation: string): Bucket | undefined {
  return BUCKETS.find((bucket) => bucket.service === service && bucket.operations.includes(operation));
}
