/** What one page of AWS's documentation says of a service's rates, for each account and region. */
export interface PublishedRates {
  /** The page's title. */
  readonly page: string;
  readonly service: string;
  /** The code of the refusal where it is not the protocol's own, and the sentence where it is not "Rate exceeded". */
  readonly code?: string;
  readonly says?: string;
  /** Name of the bucket, how many requests it holds, how many come back in a second, and what draws from it. */
  readonly buckets: readonly (readonly [
    name: string,
    burst: number,
    sustained: number,
    operations: string,
  ])[];
  /** A second bucket, from which every operation of the service draws as well. */
  readonly account?: readonly [burst: number, sustained: number];
}

/** IAM, CloudFormation, Backup, Inspector and Application Auto Scaling publish no figures; S3 publishes only what it serves at least. */
export const PUBLISHED_RATES: readonly PublishedRates[] = [
  {
    page: 'Request throttling for the Amazon ECS API',
    service: 'ecs',
    buckets: [
      [
        'Cluster modify actions',
        20,
        1,
        'CreateCluster DeleteCluster PutClusterCapacityProviders UpdateCluster UpdateClusterSettings',
      ],
      ['Cluster read actions', 50, 20, 'DescribeClusters ListClusters'],
      ['Task definition modify actions', 20, 1, 'RegisterTaskDefinition DeregisterTaskDefinition'],
      [
        'Task definition read actions',
        50,
        20,
        'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies',
      ],
      ['Task definition deletion actions', 5, 1, 'DeleteTaskDefinitions'],
      ['Capacity provider read actions', 50, 20, 'DescribeCapacityProviders'],
      ['Tag modify actions', 20, 10, 'TagResource UntagResource'],
      ['Tag read actions', 50, 20, 'ListTagsForResource'],
      ['Setting modify actions', 10, 1, 'DeleteAccountSetting PutAccountSetting PutAccountSettingDefault'],
      ['Setting read actions', 50, 20, 'ListAccountSettings'],
      ['Cluster resource modify actions', 100, 40, 'RunTask StartTask StopTask ExecuteCommand'],
      [
        'Cluster resource read actions',
        100,
        20,
        'DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances',
      ],
      ['Service modify actions', 50, 5, 'CreateService UpdateService DeleteService'],
      ['Service read actions', 100, 20, 'DescribeServices ListServices'],
      ['Service deployment actions', 50, 20, 'DescribeServiceDeployments ListServiceDeployments'],
      ['Service revision actions', 50, 20, 'DescribeServiceRevisions'],
    ],
  },
  {
    page: 'Request throttling for the Elastic Load Balancing API',
    service: 'elasticloadbalancing',
    code: 'ThrottlingException',
    account: [40, 10],
    buckets: [
      ['Resource-intensive', 10, 0.2, 'CreateLoadBalancer SetSubnets'],
      ['Registration', 20, 4, 'RegisterTargets DeregisterTargets'],
      ['Non-mutating', 40, 10, 'Describe*'],
      ['Mutating', 20, 3, '*'],
    ],
  },
  {
    page: 'Request quotas (AWS KMS)',
    service: 'kms',
    says: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    buckets: [
      ['Cryptographic operations (ECC and SM2) request rate', 1_000, 1_000, 'Sign Verify'],
      [
        'Cryptographic operations (symmetric) request rate',
        10_000,
        10_000,
        'Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncrypt',
      ],
      ...[
        'DescribeKey GetPublicKey ListResourceTags=2000',
        'GetKeyPolicy GetKeyRotationStatus=1000',
        'ListAliases ListKeys=500',
        'ListGrants ListKeyPolicies=100',
        'CreateGrant RetireGrant RevokeGrant=50',
        'DeleteAlias EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion=15',
        'TagResource=10',
        'CancelKeyDeletion CreateAlias CreateKey DisableKey DisableKeyRotation EnableKey UntagResource UpdateAlias UpdateKeyDescription=5',
      ].flatMap(eachItsOwn),
    ],
  },
  {
    page: 'AWS Secrets Manager quotas',
    service: 'secretsmanager',
    buckets: [
      [
        'Combined rate of DescribeSecret and GetSecretValue API requests',
        10_000,
        10_000,
        'DescribeSecret GetSecretValue',
      ],
      [
        'Combined rate of PutSecretValue, UpdateSecret, and UpdateSecretVersionStage API requests',
        50,
        50,
        'PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegion StopReplicationToReplica UpdateSecret UpdateSecretVersionStage',
      ],
      [
        'Combined rate of resource policy API requests',
        50,
        50,
        'DeleteResourcePolicy GetResourcePolicy PutResourcePolicy ValidateResourcePolicy',
      ],
      [
        'Combined rate of RotateSecret and CancelRotateSecret API requests',
        50,
        50,
        'RotateSecret CancelRotateSecret',
      ],
      ['Combined rate of TagResource and UntagResource API requests', 50, 50, 'TagResource UntagResource'],
      ...[
        'BatchGetSecretValue ListSecrets=100',
        'CreateSecret DeleteSecret GetRandomPassword ListSecretVersionIds RestoreSecret=50',
      ].flatMap(eachItsOwn),
    ],
  },
  {
    page: 'Amazon ECR service quotas',
    service: 'ecr',
    buckets: [
      'GetDownloadUrlForLayer=3000',
      'BatchGetImage=2000',
      'BatchCheckLayerAvailability=1000',
      'GetAuthorizationToken UploadLayerPart=500',
      'InitiateLayerUpload CompleteLayerUpload=100',
      'PutImage=10',
    ].flatMap(eachItsOwn),
  },
  {
    page: 'CloudWatch service quotas',
    service: 'monitoring',
    buckets: [
      'GetMetricData=500',
      'GetMetricStatistics=400',
      'ListMetrics=25',
      'ListTagsForResource=10',
      'DescribeAlarms DescribeAlarmsForMetric=9',
      'PutMetricAlarm DeleteAlarms SetAlarmState EnableAlarmActions DisableAlarmActions=3',
      'TagResource UntagResource=20',
    ].flatMap(eachItsOwn),
  },
  {
    page: 'CloudWatch Logs quotas',
    service: 'logs',
    buckets: [
      'PutLogEvents=5000',
      'CreateLogStream=50',
      'DescribeLogStreams=25',
      'CreateLogGroup DeleteLogGroup DescribeLogGroups FilterLogEvents GetLogEvents=10',
      'AssociateKmsKey DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource=5',
    ].flatMap(eachItsOwn),
  },
  {
    page: 'IAM and AWS STS quotas',
    service: 'sts',
    buckets: [
      ['STS requests', 600, 600, 'AssumeRole DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity'],
    ],
  },
  {
    page: 'AWS Systems Manager endpoints and quotas',
    service: 'ssm',
    buckets: [['Transactions per second', 40, 40, 'GetParameter GetParameters GetParametersByPath']],
  },
  {
    page: 'LookupEvents (AWS CloudTrail API Reference)',
    service: 'cloudtrail',
    buckets: [['LookupEvents', 2, 2, 'LookupEvents']],
  },
];

/** `First Second=10`: each of them has ten requests a second to itself. */
function eachItsOwn(row: string): PublishedRates['buckets'][number][] {
  const [operations = '', rate] = row.split('=');
  return operations.split(' ').map((name) => [`Rate of ${name} requests`, Number(rate), Number(rate), name]);
}
