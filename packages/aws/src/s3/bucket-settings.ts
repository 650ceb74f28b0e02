import type { AccountReader } from '@tenant-delivery/provisioning/doctor/ports';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

type BucketReads = Pick<AccountReader, 'versioning' | 'lock' | 'bucketPolicy' | 'shutToPublic'>;

/** How a bucket of this account is set up, read only. */
export function bucketReads(config: ClientConfig, owner: string): BucketReads {
  const s3 = lazyClient(
    () => import('./s3-sdk.ts'),
    (sdk) => sdk.S3Client,
    config,
  );
  const of = (Bucket: string) => ({ Bucket, ExpectedBucketOwner: owner });
  return {
    versioning: async (bucket) => {
      const sent = s3.send((sdk) => new sdk.GetBucketVersioningCommand(of(bucket)));
      return (await translated('s3:GetBucketVersioning', sent)).Status;
    },
    lock: async (bucket) => {
      const sent = s3.send((sdk) => new sdk.GetObjectLockConfigurationCommand(of(bucket)));
      const none = 'ObjectLockConfigurationNotFoundError';
      const answer = await translated('s3:GetBucketObjectLockConfiguration', sent, [none]);
      if (answer === none) return undefined;
      const kept = answer.ObjectLockConfiguration?.Rule?.DefaultRetention; // none where only single versions are held
      if (kept === undefined) return undefined;
      return {
        mode: required(kept.Mode, 'DefaultRetention.Mode'),
        days: kept.Days ?? required(kept.Years, 'DefaultRetention.Days') * 365,
      };
    },
    bucketPolicy: async (bucket) => {
      const sent = s3.send((sdk) => new sdk.GetBucketPolicyCommand(of(bucket)));
      const answer = await translated('s3:GetBucketPolicy', sent, ['NoSuchBucketPolicy']);
      return answer === 'NoSuchBucketPolicy' ? undefined : JSON.parse(required(answer.Policy, 'Policy')); // S3 stores JSON only
    },
    shutToPublic: async (bucket) => {
      const sent = s3.send((sdk) => new sdk.GetPublicAccessBlockCommand(of(bucket)));
      const none = 'NoSuchPublicAccessBlockConfiguration';
      const answer = await translated('s3:GetBucketPublicAccessBlock', sent, [none]);
      if (answer === none) return false;
      const ways = required(answer.PublicAccessBlockConfiguration, 'PublicAccessBlockConfiguration');
      const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } = ways;
      return [BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets].every(Boolean);
    },
  };
}
