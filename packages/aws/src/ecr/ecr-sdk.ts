/** What we use of the client of Amazon ECR. */
export {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImageReplicationStatusCommand,
  DescribeImageSigningStatusCommand,
  DescribeImagesCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  GetLifecyclePolicyCommand,
  GetSigningConfigurationCommand,
  ListTagsForResourceCommand,
  paginateDescribeImages,
  paginateDescribePullThroughCacheRules,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
