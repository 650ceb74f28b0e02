import { decideBy } from '../authorization/decide.ts';
import { lookupFor } from '../authorization/request-context.ts';
import type { Role } from '../iam/state.ts';
import type { Bucket } from '../s3/state.ts';
import type { Call, Principal } from '../world/service.ts';

/** What AWS Backup does with a bucket, in the role that it was given ("Managed policies for AWS Backup", Amazon S3 backup policy). */
const OF_THE_BUCKET = [
  'GetBucketAcl',
  'GetBucketLocation',
  'GetBucketNotification',
  'GetBucketTagging',
  'GetBucketVersioning',
  'GetInventoryConfiguration',
  'ListBucket',
  'ListBucketVersions',
  'PutBucketNotification',
  'PutInventoryConfiguration',
];
const OF_OBJECTS = [
  'GetObject',
  'GetObjectAcl',
  'GetObjectTagging',
  'GetObjectVersion',
  'GetObjectVersionAcl',
  'GetObjectVersionTagging',
];

/**
 * The actions that a role lacks to back up a bucket, by its own policies and the bucket's. Policies that AWS writes are not
 * here, and none of those that a role for backups usually has is about buckets.
 */
export function lackedForBackup(
  role: Role,
  { name, policy, account }: Bucket,
  call: Pick<Call, 'world' | 'account' | 'region'>,
): readonly string[] {
  const identity = { everything: false, policies: Object.values(role.policies) };
  const principal: Principal = {
    account: call.account,
    arn: `arn:aws:sts::${call.account}:assumed-role/${role.name}/AWSBackup`,
    roleArn: role.arn,
  };
  const may = (action: string, resource: string) => {
    const ask = { action, resource, context: {} };
    const context = lookupFor(call.world, principal, call.region, ask);
    return decideBy(identity, { document: policy, account, alone: false }, principal, ask, context).allowed;
  };
  const asked = [
    ...OF_THE_BUCKET.map((action) => [`s3:${action}`, `arn:aws:s3:::${name}`] as const),
    ...OF_OBJECTS.map((action) => [`s3:${action}`, `arn:aws:s3:::${name}/any`] as const),
  ];
  return asked.filter(([action, resource]) => !may(action, resource)).map(([action]) => action);
}
