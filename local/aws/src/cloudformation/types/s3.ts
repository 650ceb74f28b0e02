import type { PolicyDocument } from '../../policy/document.ts';
import { exceeded } from '../../policy/quotas.ts';
import { isBucketName } from '../../s3/bucket-name.ts';
import { bucketPolicyMistakes } from '../../s3/policy-grammar.ts';
import { isPublic } from '../../s3/public.ts';
import { type Bucket, bucketsOf, putBucket } from '../../s3/state.ts';
import { partitionOf } from '../../world/partition.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { structure, structures, text } from './values.ts';

const BUCKET = 'AWS::S3::Bucket';

/** Actions that set a property ("Required permissions for Amazon S3 API operations"). */
const EDITS: Readonly<Record<string, string>> = {
  BucketEncryption: 'PutEncryptionConfiguration',
  LifecycleConfiguration: 'PutLifecycleConfiguration',
  ObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  OwnershipControls: 'PutBucketOwnershipControls',
  PublicAccessBlockConfiguration: 'PutBucketPublicAccessBlock',
  ReplicationConfiguration: 'PutReplicationConfiguration',
  Tags: 'PutBucketTagging',
  VersioningConfiguration: 'PutBucketVersioning',
};

const bucket: ResourceType = {
  type: BUCKET,
  create: (world, made) => {
    const name = text(made.properties, 'BucketName') ?? made.newName(63).toLowerCase();
    ask(made, name, 'CreateBucket', ['BucketName', ...Object.keys(made.properties)]);
    if (!isBucketName(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
    const owner = bucketsOf(world)[name]?.account;
    if (owner === made.account)
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        `Your previous request to create the named bucket succeeded and you already own it.`,
        409,
      );
    if (owner !== undefined)
      throw new AwsError('BucketAlreadyExists', `The requested bucket name is not available.`, 409);
    putBucket(world, settings(made, name));
    describe(world, made, BUCKET, name, made.properties);
    return name;
  },
  update: (world, id, made, before) => {
    ask(made, id, undefined, changedNames(before, made.properties));
    const known = found(world, id);
    const wanted = settings(made, id);
    if (known.lock && !wanted.versioned)
      throw new AwsError(
        'InvalidBucketState',
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        409,
      );
    putBucket(world, { ...wanted, ...(known.policy && { policy: known.policy }) });
    describe(world, made, BUCKET, id, made.properties);
  },
  remove: (world, id, made) => {
    ask(made, id, 'DeleteBucket', []);
    if (Object.keys(found(world, id).objects).length > 0)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    delete bucketsOf(world)[id];
    forget(world, made, BUCKET, id);
  },
  read: (world, id, made) => {
    const live = bucketsOf(world)[id];
    return live && { ...describedOf(world, made, BUCKET)[id], ...told(live) };
  },
  attributes: (_world, id, { partition, region }) => {
    const { suffix } = partitionOf(region);
    return {
      Arn: `arn:${partition}:s3:::${id}`,
      DomainName: `${id}.s3.${suffix}`,
      RegionalDomainName: `${id}.s3.${region}.${suffix}`,
      DualStackDomainName: `${id}.s3.dualstack.${region}.${suffix}`,
    };
  },
};

function settings({ account, region, properties }: Making, name: string) {
  const versioned = structure(properties, 'VersioningConfiguration')['Status'] === 'Enabled';
  const retention = structure(
    structure(structure(properties, 'ObjectLockConfiguration'), 'Rule'),
    'DefaultRetention',
  );
  const { Mode, Days } = retention;
  const locked = properties['ObjectLockEnabled'] === true;
  if (Mode !== undefined && !locked)
    throw new AwsError('InvalidRequest', 'Object Lock configuration cannot be enabled on existing buckets');
  if (properties['ReplicationConfiguration'] !== undefined && !versioned && !locked)
    throw new AwsError(
      'InvalidRequest',
      "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    );
  const block = properties['PublicAccessBlockConfiguration'];
  const open = block !== undefined && Object.values(Object(block)).some((value) => value !== true);
  return {
    name,
    account,
    region,
    versioned: versioned || locked,
    ...(Mode !== undefined && {
      lock: {
        mode: Mode === 'COMPLIANCE' ? ('COMPLIANCE' as const) : ('GOVERNANCE' as const),
        days: Number(Days),
      },
    }),
    publicAccess: open ? ('open' as const) : ('blocked' as const),
  };
}

function told({ name, versioned, lock, publicAccess = 'blocked' }: Bucket): Properties {
  const blocked = publicAccess === 'blocked';
  return {
    BucketName: name,
    ...(versioned && { VersioningConfiguration: { Status: 'Enabled' } }),
    ...(lock && {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: lock.mode, Days: lock.days } },
      },
    }),
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: blocked,
      BlockPublicPolicy: blocked,
      IgnorePublicAcls: blocked,
      RestrictPublicBuckets: blocked,
    },
  };
}

const POLICY = 'AWS::S3::BucketPolicy';

const bucketPolicy: ResourceType = {
  type: POLICY,
  create: (world, made) => {
    const name = text(made.properties, 'Bucket') ?? '';
    putPolicy(world, made, name);
    return name;
  },
  update: (world, id, made) => putPolicy(world, made, id),
  remove: (world, id, made) => {
    ask(made, id, 'DeleteBucketPolicy', []);
    const { policy: _gone, ...rest } = found(world, id);
    bucketsOf(world)[id] = rest;
    world.touched();
  },
  read: (world, id) => {
    const policy = bucketsOf(world)[id]?.policy;
    return policy && { Bucket: id, PolicyDocument: policy };
  },
};

function putPolicy(world: World, made: Making, name: string): void {
  ask(made, name, 'PutBucketPolicy', []);
  const known = found(world, name);
  const policy = made.properties['PolicyDocument'] as PolicyDocument; // judged by AWS's schema before
  const [wrong] = bucketPolicyMistakes(world, name, policy);
  if (wrong !== undefined) throw new AwsError('MalformedPolicy', wrong);
  if ((known.publicAccess ?? 'blocked') === 'blocked' && isPublic(policy))
    throw new AwsError(
      'AccessDenied',
      'Public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
      403,
    );
  if (exceeded('bucket policy of', [policy]))
    throw new AwsError(
      'MalformedPolicy',
      'Bucket policy exceeds the maximum allowed document size of 20480 bytes',
    );
  putBucket(world, { ...known, policy });
}

function found(world: World, name: string): Bucket {
  const known = bucketsOf(world)[name];
  if (known) return known;
  throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
}

function ask(made: Making, name: string, action: string | undefined, properties: readonly string[]): void {
  const { partition, account, region } = made;
  const edits = properties.flatMap((one) => EDITS[one] ?? []);
  const actions = [...(action === undefined ? [] : [action]), ...new Set(edits)];
  const tags = Object.fromEntries(
    structures(made.properties, 'Tags').map(({ Key, Value }) => [String(Key), String(Value)]),
  );
  made.ask(
    ...actions.map((one) => ({
      action: `s3:${one}`,
      resource: `arn:${partition}:s3:::${name}`,
      context: {
        's3:ResourceAccount': account,
        's3:authType': 'REST-HEADER',
        's3:signatureversion': 'AWS4-HMAC-SHA256',
        's3:TlsVersion': '1.3',
        's3:locationconstraint': region,
      },
      resourceTags: tags,
      requestTags: tags,
    })),
  );
}

export const s3Types: readonly ResourceType[] = [bucket, bucketPolicy];
