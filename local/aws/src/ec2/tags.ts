import type {
  CreateTagsCommandInput,
  DeleteTagsCommandInput,
  DescribeTagsCommandInput,
  DescribeTagsCommandOutput,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { filtered, page } from './asked.ts';
import { allOf, findAny, KINDS, type Kind } from './kinds.ts';
import type { Tags } from './state.ts';

export const tagOperations: Readonly<Record<string, Handler>> = {
  CreateTags: (input: CreateTagsCommandInput, call) => {
    const tags = keyed(input.Tags ?? []);
    const resources = (input.Resources ?? []).map((id) => findAny(call, id).found);
    for (const resource of resources) resource.tags = within({ ...resource.tags, ...tags });
    call.world.touched();
    return {};
  },
  DeleteTags: (input: DeleteTagsCommandInput, call) => {
    const goes = ([key, value]: readonly [string, string]) =>
      input.Tags === undefined ||
      input.Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    for (const { found } of (input.Resources ?? []).map((id) => findAny(call, id)))
      found.tags = Object.fromEntries(Object.entries(found.tags).filter((tag) => !goes(tag)));
    call.world.touched();
    return {};
  },
  DescribeTags: describeTags,
};

function describeTags(input: DescribeTagsCommandInput, call: Call): Output<DescribeTagsCommandOutput> {
  const kinds = Object.keys(KINDS) as Kind[]; // its own keys
  const all = kinds.flatMap((kind) =>
    Object.values(allOf(call, kind)).flatMap(({ id, tags }: { id: string; tags: Tags }) =>
      Object.entries(tags).map(([key, value]) => ({ kind, id, key, value, tags })),
    ),
  );
  const { items, next } = page(
    filtered(all, input.Filters, {
      'resource-id': ({ id }) => id,
      'resource-type': ({ kind }) => kind,
      key: ({ key }) => key,
      value: ({ value }) => value,
    }),
    input,
  );
  return {
    Tags: items.map(({ kind, id, key, value }) => ({
      ResourceId: id,
      ResourceType: kind,
      Key: key,
      Value: value,
    })),
    ...next,
  };
}

/** The tags with which a resource is to be made. */
export function tagsIn(specifications: readonly TagSpecification[] = []): Tags {
  return keyed(specifications.flatMap(({ Tags = [] }) => Tags));
}

function keyed(tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

const MOST = 50; // tags of a resource

function within(tags: Tags): Tags {
  if (Object.keys(tags).length > MOST)
    throw new AwsError('TagLimitExceeded', 'The maximum number of Tags has been reached.');
  return tags;
}

/** As EC2 describes them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
