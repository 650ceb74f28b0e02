import type { CreateRepositoryCommandInput, DescribeRepositoriesCommandInput } from '@aws-sdk/client-ecr';
import { ecrState } from '../../registry/store.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface OfRepository {
  readonly repositoryName?: string;
  readonly registryId?: string;
}

/** Operations of one repository whose action has their own name. */
const OF_REPOSITORY = [
  'GetDownloadUrlForLayer',
  'DescribeImages',
  'BatchGetImage',
  'UpdateImageStorageClass',
  'DescribeImageReplicationStatus',
  'DescribeImageSigningStatus',
  'PutLifecyclePolicy',
  'GetLifecyclePolicy',
  'StartLifecyclePolicyPreview',
  'GetLifecyclePolicyPreview',
  'StartImageScan',
  'BatchDeleteImage',
] as const;

/** "Actions, resources, and condition keys for Amazon Elastic Container Registry". */
export const ecrAsks: Readonly<Record<string, Asks>> = {
  ...Object.fromEntries(OF_REPOSITORY.map((operation) => [operation, ofRepository(`ecr:${operation}`)])),
  // "ListImageReferrers" (Amazon ECR API reference): needs this permission and has no action of its own
  ListImageReferrers: ofRepository('ecr:BatchGetImage'),
  /** With enhanced scanning ECR asks Inspector in the caller's name ("Retrieving the findings for enhanced scans"). */
  DescribeImageScanFindings: (input: OfRepository, call) => {
    const { scanType } = ecrState(call.world, call.account, call.region).scanning;
    const inspector: Ask = { action: 'inspector2:ListFindings', resource: '*' };
    return [
      ...ofRepository('ecr:DescribeImageScanFindings')(input, call),
      ...(scanType === 'ENHANCED' ? [inspector] : []),
    ];
  },
  DescribeRepositories: ({ repositoryNames, registryId }: DescribeRepositoriesCommandInput, call) =>
    (repositoryNames ?? ['*']).flatMap((repositoryName) =>
      ofRepository('ecr:DescribeRepositories')({ repositoryName, ...(registryId && { registryId }) }, call),
    ),
  BatchGetRepositoryScanningConfiguration: (
    { repositoryNames = [] }: { readonly repositoryNames?: readonly string[] },
    call,
  ) =>
    repositoryNames.flatMap((repositoryName) =>
      ofRepository('ecr:BatchGetRepositoryScanningConfiguration')({ repositoryName }, call),
    ),
  CreateRepository: ({ repositoryName = '', tags = [] }: CreateRepositoryCommandInput, call) => {
    const requestTags = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    const about = (action: string): Ask => ({
      action,
      resource: repositoryArn(call, repositoryName),
      requestTags,
      resourceTags: {},
    });
    return [about('ecr:CreateRepository'), ...(tags.length > 0 ? [about('ecr:TagResource')] : [])];
  },
  ListTagsForResource: ({ resourceArn = '' }: { readonly resourceArn?: string }) => [
    { action: 'ecr:ListTagsForResource', resource: resourceArn },
  ],
  GetAccountSetting: ({ name }: { readonly name?: string }) => [
    { action: 'ecr:GetAccountSetting', resource: '*', context: { 'ecr:AccountSetting': name } },
  ],
};

/** One action on the repository that a request names. */
function ofRepository(action: string): Asks {
  return ({ repositoryName = '', registryId }: OfRepository, call) => [
    {
      action,
      resource: repositoryArn(call, repositoryName, registryId),
      resourceTags:
        ecrState(call.world, call.account, call.region).repositories[repositoryName]?.resourceTags ?? {},
    },
  ];
}

function repositoryArn({ account, region }: Call, name: string, registryId = account): string {
  return `arn:aws:ecr:${region}:${registryId}:repository/${name}`;
}
