import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-ecr';
import { partitionOf } from '../../world/partition.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { findRepository } from './lookup.ts';

const ARN = /^arn:([a-z-]+):ecr:([a-z0-9-]+):(\d{12}):repository\/(.+)$/;

export function listTagsForResource(
  input: ListTagsForResourceRequest,
  call: Call,
): ListTagsForResourceResponse {
  const [, partition, region, account, name] = ARN.exec(input.resourceArn ?? '') ?? [];
  if (partition !== partitionOf(call.region).partition || region !== call.region)
    throw new AwsError('InvalidParameterException', "Invalid parameter at 'resourceArn'");
  const { resourceTags = {} } = findRepository(call, name, account);
  return { tags: Object.entries(resourceTags).map(([Key, Value]) => ({ Key, Value })) };
}
