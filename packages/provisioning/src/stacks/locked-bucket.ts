import type { RenderedVault } from '../environment.ts';
import { kept, type Resource, type Tags, tagList } from './template.ts';

/** A bucket in which nothing is overwritten or deleted before its time: a vault, or the copy of one. */
export function lockedBucket(
  name: string,
  { versioning, retention }: Pick<RenderedVault, 'versioning' | 'retention'>,
  tags: Tags,
  more: Readonly<Record<string, unknown>> = {},
): Resource {
  return kept({
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: name,
      VersioningConfiguration: { Status: versioning },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: retention.mode, Days: retention.days } },
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      ...more,
      Tags: tagList(tags),
    },
  });
}
