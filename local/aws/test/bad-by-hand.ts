/** One input, and AWS's code for it. */
export type Bad = readonly [input: object, code: string];

const UUID = '00000000-0000-4000-8000-000000000000';
const VAULT = 'arn:aws:backup:eu-west-1:000011112222:backup-vault:nobody';
const NOT_THERE = 'ResourceNotFoundException';
const INVALID = 'InvalidParameterValueException';
const VALUE = 'InvalidParameterValue';

/** Ids that nothing has, in a path. */
function nobody(member: string, more: object = {}): readonly Bad[] {
  return [UUID, 'acme', 'x'.repeat(300)].map((id) => [{ [member]: id, ...more }, NOT_THERE]);
}

function described(absent: object, code: string): readonly Bad[] {
  return [
    [{ Filters: [{ Name: 'colour', Values: ['red'] }] }, VALUE],
    [{ Filters: [{ Name: 'tag-key' }] }, VALUE],
    [absent, code],
  ];
}

const descriptions: readonly Bad[] = [
  [{ SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: 'sgr-1' }] }, 'MissingParameter'],
  [
    { GroupId: 'sg-00000000000000000', SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: 'sgr-1' }] },
    'InvalidGroup.NotFound',
  ],
  [
    { GroupId: 'app', SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: 'sgr-1' }] },
    'InvalidGroupId.Malformed',
  ],
];
const object: readonly Bad[] = [
  [{ Bucket: 'acme-nobody', Key: 'x' }, 'NoSuchBucket'],
  [{ Bucket: 'Acme_Vault', Key: 'x' }, 'InvalidBucketName'],
  [{ Bucket: 'acme-nobody', Key: 'x'.repeat(1_025) }, 'KeyTooLongError'],
];
const bucket: readonly Bad[] = [
  [{ Bucket: 'acme-nobody' }, 'NoSuchBucket'],
  [{ Bucket: 'Acme_Vault' }, 'InvalidBucketName'],
  [{ Bucket: 'ab' }, 'InvalidBucketName'],
];
const list: readonly Bad[] = [
  [{ MaxResults: 0 }, INVALID],
  [{ MaxResults: 1_001 }, INVALID],
  [{ MaxResults: 1.5 }, INVALID],
];

/**
 * What AWS refuses of operations of which a model says next to nothing: a path, a header or a text may be anything there. What is wrong
 * with them is on their pages, or that nothing has such a name.
 */
export const BY_HAND: Readonly<Record<string, readonly Bad[]>> = {
  'backup:DeleteBackupPlan': nobody('BackupPlanId'),
  'backup:GetBackupPlan': nobody('BackupPlanId'),
  'backup:ListBackupPlans': list,
  'backup:DeleteBackupSelection': nobody('BackupPlanId', { SelectionId: UUID }),
  'backup:GetBackupSelection': nobody('BackupPlanId', { SelectionId: UUID }),
  'backup:ListBackupSelections': nobody('BackupPlanId'),
  'backup:DeleteBackupVault': nobody('BackupVaultName'),
  'backup:DescribeBackupVault': nobody('BackupVaultName'),
  'backup:ListBackupVaults': list,
  'backup:DescribeBackupJob': nobody('BackupJobId'),
  'backup:UpdateRegionSettings': [
    [{ ResourceTypeOptInPreference: { Bucket: true } }, INVALID],
    [{ ResourceTypeOptInPreference: { S3: 'yes' } }, 'SerializationException'],
    [{ ResourceTypeOptInPreference: ['S3'] }, 'SerializationException'],
  ],
  'backup:ListTags': [
    [{ ResourceArn: 'vault' }, INVALID],
    [{ ResourceArn: VAULT }, NOT_THERE],
    [{ ResourceArn: VAULT, MaxResults: 0 }, INVALID],
  ],
  'cloudformation:DescribeStackResources': [
    [{}, 'ValidationError'],
    [{ StackName: 'nobody' }, 'ValidationError'],
    [{ StackName: 'acme', PhysicalResourceId: 'vpc-1' }, 'ValidationError'],
  ],
  'ec2:ReleaseAddress': [
    [{}, 'MissingParameter'],
    [{ AllocationId: 'eipalloc-00000000000000000' }, 'InvalidAllocationID.NotFound'],
    [{ AllocationId: 'mine' }, 'InvalidAllocationID.NotFound'],
  ],
  'ec2:DeleteSecurityGroup': [
    [{}, 'MissingParameter'],
    [{ GroupId: 'sg-00000000000000000' }, 'InvalidGroup.NotFound'],
    [{ GroupId: 'app' }, 'InvalidGroupId.Malformed'],
  ],
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': descriptions,
  'ec2:UpdateSecurityGroupRuleDescriptionsEgress': descriptions,
  'ec2:DescribeAddresses': described({ AllocationIds: ['eipalloc-1'] }, 'InvalidAllocationID.NotFound'),
  'ec2:DescribeVpnConnections': described({ VpnConnectionIds: ['vpn-1'] }, 'InvalidVpnConnectionID.NotFound'),
  'ec2:DescribeCustomerGateways': described(
    { CustomerGatewayIds: ['cgw-00000000'] },
    'InvalidCustomerGatewayID.NotFound',
  ),
  'ec2:DescribeVpnGateways': described({ VpnGatewayIds: ['vgw-1'] }, 'InvalidVpnGatewayID.NotFound'),
  'ec2:DescribeAvailabilityZones': described({ ZoneNames: ['us-east-1a'] }, VALUE),
  'ecr:GetAuthorizationToken': [
    [{ registryIds: [] }, 'InvalidParameterException'],
    [{ registryIds: ['1'] }, 'InvalidParameterException'],
    [{ registryIds: Array.from({ length: 11 }, () => '000011112222') }, 'InvalidParameterException'],
  ],
  's3:GetObject': object,
  's3:HeadObject': object,
  's3:PutObject': object,
  's3:DeleteObject': object,
  's3:GetObjectRetention': object,
  's3:PutObjectRetention': object,
  's3:GetObjectLockConfiguration': bucket,
  's3:HeadBucket': bucket,
  's3:GetBucketVersioning': bucket,
  's3:GetBucketPolicy': bucket,
  's3:GetPublicAccessBlock': bucket,
  's3:ListObjectsV2': bucket,
  's3:ListObjectVersions': bucket,
  's3:ListBuckets': [
    [{ MaxBuckets: 0 }, 'InvalidArgument'],
    [{ MaxBuckets: 10_001 }, 'InvalidArgument'],
    [{ MaxBuckets: -1 }, 'InvalidArgument'],
  ],
  'sns:ListTopics': [
    [{ NextToken: 'x' }, 'InvalidParameter'],
    [{ NextToken: '' }, 'InvalidParameter'],
    [{ NextToken: '1' }, 'InvalidParameter'],
  ],
};
