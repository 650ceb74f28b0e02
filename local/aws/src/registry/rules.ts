import type {
  CreateRepositoryRequest,
  ImageIdentifier,
  PutLifecyclePolicyRequest,
} from '@aws-sdk/client-ecr';
import { findEncryptionKey } from '../kms/encryption-keys.ts';
import type { Rule } from '../rules/rule.ts';
import type { Call } from '../world/service.ts';
import { lifecycleMistakes } from './lifecycle-grammar.ts';

const EXCLUSIONS = 5;
const TAGS = 50;
const TAGGING = 'Tagging a private repository in Amazon ECR - Amazon ECR';

const lifecycle = (...rules: readonly object[]) => ({ lifecyclePolicyText: JSON.stringify({ rules }) });
const aged = (rulePriority: number, selection: object = {}) => ({
  rulePriority,
  selection: {
    tagStatus: 'any',
    countType: 'sinceImagePushed',
    countUnit: 'days',
    countNumber: 14,
    ...selection,
  },
  action: { type: 'expire' },
});

/** Operations that list, and the member that names what to describe in place of a page. */
const LISTED = {
  DescribeImages: 'imageIds',
  DescribeRepositories: 'repositoryNames',
  GetLifecyclePolicyPreview: 'imageIds',
} as const;

interface OneImage {
  readonly imageId?: ImageIdentifier;
  readonly imageIds?: readonly ImageIdentifier[];
}

export const ecrRules: readonly Rule[] = [
  ...Object.entries(LISTED).map(
    ([operation, member]): Rule => ({
      operations: [operation],
      page: `${operation} - Amazon Elastic Container Registry`,
      says: `A page has no size and no token where ${member} are given.`,
      code: 'InvalidParameterException',
      *mistakes(input: Readonly<Record<string, unknown>>) {
        if (input[member] === undefined) return;
        for (const option of ['maxResults', 'nextToken'])
          if (input[option] !== undefined)
            yield `Invalid parameter at '${option}': it cannot be used with '${member}'`;
      },
      shownBy: [
        { [member]: ['a'], maxResults: 5 },
        { [member]: ['a'], nextToken: 'b' },
      ],
    }),
  ),
  {
    operations: [
      'DescribeImages',
      'StartImageScan',
      'DescribeImageScanFindings',
      'DescribeImageReplicationStatus',
    ],
    page: 'ImageIdentifier - Amazon Elastic Container Registry',
    says: 'An image is named by its digest or by a tag.',
    code: 'InvalidParameterException',
    *mistakes({ imageId, imageIds = [] }: OneImage) {
      for (const { imageDigest, imageTag } of [...(imageId ? [imageId] : []), ...imageIds])
        if ((imageDigest ?? imageTag) === undefined)
          yield "Invalid parameter at 'imageId': both tag and digest cannot be null";
    },
    shownBy: [{ imageId: {} }, { imageIds: [{ imageTag: 'a' }, {}] }],
  },
  {
    operations: ['CreateRepository'],
    page: 'Preventing image tags from being overwritten in Amazon ECR - Amazon ECR',
    says: 'Exclusion filters go with a mutability that has exclusions; there are five at most, each with two wildcards at most.',
    code: 'InvalidParameterException',
    *mistakes({
      imageTagMutability = 'MUTABLE',
      imageTagMutabilityExclusionFilters = [],
    }: CreateRepositoryRequest) {
      const filters = imageTagMutabilityExclusionFilters.map(({ filter = '' }) => filter);
      const wanted = imageTagMutability.endsWith('_WITH_EXCLUSION');
      const good = (filter: string) => /^[\w.*-]{1,128}$/.test(filter) && filter.split('*').length <= 3;
      if (wanted !== filters.length > 0 || filters.length > EXCLUSIONS || !filters.every(good))
        yield "Invalid parameter at 'imageTagMutabilityExclusionFilters'";
    },
    shownBy: [
      { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
      { imageTagMutability: 'IMMUTABLE', imageTagMutabilityExclusionFilters: [{ filter: 'dev-*' }] },
      {
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filter: '*a*b*' }],
      },
    ],
  },
  {
    operations: ['CreateRepository'],
    page: 'Encryption at rest - Amazon ECR',
    says: 'A key is named only where KMS encrypts.',
    code: 'InvalidParameterException',
    *mistakes({ encryptionConfiguration }: CreateRepositoryRequest) {
      const { encryptionType, kmsKey } = encryptionConfiguration ?? {};
      if (encryptionType === 'AES256' && kmsKey !== undefined)
        yield "Invalid parameter at 'encryptionConfiguration'";
    },
    shownBy: [{ encryptionConfiguration: { encryptionType: 'AES256', kmsKey: 'alias/registry' } }],
  },
  {
    operations: ['CreateRepository'],
    page: 'Encryption at rest - Amazon ECR',
    says: 'The key is in the account and the Region of the repository, and is enabled.',
    code: 'KmsException',
    *mistakes({ encryptionConfiguration }: CreateRepositoryRequest, { world, account, region }: Call) {
      const { kmsKey, encryptionType } = encryptionConfiguration ?? {};
      if (kmsKey === undefined || encryptionType === 'AES256') return;
      if (findEncryptionKey(world, account, region, kmsKey)?.state !== 'Enabled')
        yield `The operation failed due to a KMS exception: Key '${kmsKey}' does not exist`;
    },
    shownBy: [{ encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/nothing' } }],
  },
  {
    operations: ['CreateRepository'],
    page: TAGGING,
    says: 'A tag key has 1 to 128 characters and a value up to 256; no key is given twice, and none begins with aws:.',
    code: 'InvalidTagParameterException',
    *mistakes({ tags = [] }: CreateRepositoryRequest) {
      const keys = tags.map(({ Key = '' }) => Key);
      if (tags.some(({ Key = '', Value = '' }) => Key === '' || Key.length > 128 || Value.length > 256))
        yield "Invalid parameter at 'tags': a key has 1 to 128 characters, a value up to 256";
      if (new Set(keys).size < keys.length) yield "Invalid parameter at 'tags': duplicate tag keys";
      if (keys.some((key) => /^aws:/i.test(key)))
        yield "Invalid parameter at 'tags': aws: prefixed tag key names are not allowed for external use.";
    },
    shownBy: [
      { tags: [{ Key: 'aws:a', Value: '' }] },
      { tags: [{ Key: 'x'.repeat(129), Value: '' }] },
      { tags: [{ Key: 'a', Value: 'x'.repeat(257) }] },
      {
        tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    ],
  },
  {
    operations: ['CreateRepository'],
    page: TAGGING,
    says: `A repository has ${TAGS} tags at most.`,
    code: 'TooManyTagsException',
    *mistakes({ tags = [] }: CreateRepositoryRequest) {
      if (tags.length > TAGS) yield `Invalid parameter at 'tags': at most ${TAGS} tags are allowed`;
    },
    shownBy: [{ tags: Array.from({ length: TAGS + 1 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }],
  },
  {
    operations: ['PutLifecyclePolicy', 'StartLifecyclePolicyPreview'],
    page: 'Lifecycle policy properties in Amazon ECR - Amazon ECR',
    says: 'Rules have priorities of their own, any comes last, tags go with tagged, days with ages.',
    code: 'InvalidParameterException',
    *mistakes({ lifecyclePolicyText }: PutLifecyclePolicyRequest) {
      if (lifecyclePolicyText === undefined) return;
      for (const wrong of lifecycleMistakes(lifecyclePolicyText))
        yield `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${wrong}'`;
    },
    shownBy: [
      { lifecyclePolicyText: '{' },
      lifecycle(),
      lifecycle(aged(0)),
      lifecycle(aged(1), aged(1)),
      lifecycle(aged(1), aged(2, { tagStatus: 'untagged' })),
      lifecycle(aged(1, { tagStatus: 'untagged' }), aged(2, { tagStatus: 'untagged' })),
      lifecycle(aged(1, { tagStatus: 'tagged' })),
      lifecycle(aged(1, { tagPrefixList: ['v'] })),
      lifecycle(aged(1, { tagStatus: 'tagged', tagPrefixList: ['v'], tagPatternList: ['v*'] })),
      lifecycle(aged(1, { tagStatus: 'tagged', tagPatternList: ['*a*b*c*d*'] })),
      lifecycle(aged(1, { countUnit: 'hours' })),
      lifecycle(aged(1, { countType: 'imageCountMoreThan' })),
      lifecycle(aged(1, { countType: 'sinceImageDeleted' })),
      lifecycle(aged(1, { countNumber: 0 })),
      lifecycle({ ...aged(1), action: { type: 'delete' } }),
      lifecycle({ ...aged(1), name: 'old' }),
    ],
  },
];
