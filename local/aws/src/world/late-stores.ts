/** What AWS says is not read right after it was written. */
export interface LateStore {
  /** The service whose operations write it, as in a credential scope. */
  readonly service: string;
  /** The page that says so. */
  readonly page: string;
  /** Names of its stores in the world. */
  readonly stores: readonly string[];
  /** One store for each account, whatever the region. */
  readonly global?: true;
  /** The longest that a change takes to be seen everywhere, in virtual milliseconds. No page gives a figure but that of ListSecrets. */
  readonly longest: number;
  /** Services whose reads see it late. */
  readonly readers: readonly string[];
  /** The only operations that see it late; all reads when absent. */
  readonly only?: readonly string[];
  /** A change that names what was just made may be told that it does not exist. */
  readonly changesToo?: true;
  /** Operations whose lateness has rules of its own. */
  readonly apart?: readonly string[];
}

/**
 * Objects of S3 are never late ("What is Amazon S3?": strong read-after-write consistency). Elastic Load Balancing, ECR,
 * CloudFormation and CloudWatch say nothing of the kind about their reads, so theirs are not late here.
 */
export const LATE_STORES: readonly LateStore[] = [
  {
    service: 'iam',
    page: 'Troubleshoot IAM: Changes that I make are not always immediately visible',
    stores: ['iam', 'iam-users', 'iam-policies'],
    global: true,
    longest: 10_000,
    readers: ['iam', 'sts'],
    apart: ['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'],
  },
  {
    service: 'ecs',
    page: 'RunTask (Amazon ECS API Reference): the Amazon ECS API follows an eventual consistency model',
    stores: ['ecs', 'ecs-deleted', 'ecs-one-off'],
    longest: 4_000,
    readers: ['ecs'],
  },
  {
    service: 'ec2',
    page: 'Eventual consistency in the Amazon EC2 API',
    stores: ['ec2', 'ec2-vpn'],
    longest: 4_000,
    readers: ['ec2'],
    changesToo: true,
  },
  {
    service: 'kms',
    page: 'AWS KMS eventual consistency',
    stores: ['kms', 'kms-encryption'],
    longest: 5_000,
    readers: ['kms'],
  },
  {
    service: 'secretsmanager',
    page: 'ListSecrets (AWS Secrets Manager API Reference): it might not include changes from the last five minutes',
    stores: ['secretsmanager'],
    longest: 5 * 60_000,
    readers: ['secretsmanager'],
    only: ['ListSecrets'],
  },
];
