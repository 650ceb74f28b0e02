import type {
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
  PutObjectRetentionCommandInput,
} from '@aws-sdk/client-s3';
import type { Rule } from '../rules/rule.ts';
import type { Call } from '../world/service.ts';
import { givenChecksums, isBase64Of, isWellFormed } from './checksum.ts';

const INTEGRITY = 'Checking object integrity for data uploads in Amazon S3 - Amazon Simple Storage Service';
const METADATA = 2_048; // bytes of all names and values

const OF_OBJECTS = [
  'GetObject',
  'HeadObject',
  'PutObject',
  'DeleteObject',
  'GetObjectRetention',
  'PutObjectRetention',
];

export const s3Rules: readonly Rule[] = [
  {
    operations: OF_OBJECTS,
    page: 'Naming Amazon S3 objects - Amazon Simple Storage Service',
    says: 'A key has 1,024 bytes at most.',
    code: 'KeyTooLongError',
    *mistakes({ Key = '' }: GetObjectCommandInput) {
      if (Buffer.byteLength(Key) > 1_024) yield 'Your key is too long';
    },
    shownBy: [{ Key: 'é'.repeat(513) }],
  },
  {
    operations: ['PutObject'],
    page: 'Working with object metadata - Amazon Simple Storage Service',
    says: `The names and values of an object's own metadata have ${METADATA} bytes at most.`,
    code: 'MetadataTooLarge',
    *mistakes({ Metadata = {} }: PutObjectCommandInput) {
      const all = Object.entries(Metadata).flat().join('');
      if (Buffer.byteLength(all) > METADATA)
        yield 'Your metadata headers exceed the maximum allowed metadata size';
    },
    shownBy: [{ Metadata: { note: 'x'.repeat(METADATA) } }],
  },
  {
    operations: ['PutObject'],
    page: INTEGRITY,
    says: 'Content-MD5 is the base64 of 16 bytes.',
    code: 'InvalidDigest',
    *mistakes({ ContentMD5 }: PutObjectCommandInput) {
      if (ContentMD5 !== undefined && !isBase64Of(ContentMD5, 16))
        yield 'The Content-MD5 you specified was invalid.';
    },
    shownBy: [{ ContentMD5: 'AAAA' }],
  },
  {
    operations: ['PutObject'],
    page: INTEGRITY,
    says: 'An object comes with one checksum, which has the length of its algorithm.',
    code: 'InvalidRequest',
    *mistakes(input: PutObjectCommandInput) {
      const given = givenChecksums(input);
      if (given.length > 1)
        yield 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
      for (const one of given)
        if (!isWellFormed(one)) yield `Value for x-amz-checksum-${one.name.toLowerCase()} header is invalid.`;
    },
    shownBy: [{ ChecksumSHA256: 'AAAA' }, { ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' }],
  },
  {
    operations: ['PutObjectRetention'],
    page: 'Configuring S3 Object Lock - Amazon Simple Storage Service',
    says: 'A retention ends in the future.',
    code: 'InvalidArgument',
    *mistakes({ Retention }: PutObjectRetentionCommandInput, { world }: Call) {
      const until = Retention?.RetainUntilDate?.getTime();
      if (until !== undefined && until <= world.clock.now())
        yield 'The retain until date must be in the future!';
    },
    shownBy: [{ Retention: { Mode: 'COMPLIANCE', RetainUntilDate: new Date(0) } }],
  },
  {
    operations: ['ListObjectsV2', 'ListObjectVersions'],
    page: 'ListObjectsV2 - Amazon Simple Storage Service',
    says: 'A page has 0 to 2,147,483,647 keys.',
    code: 'InvalidArgument',
    *mistakes({ MaxKeys = 0 }: ListObjectsV2CommandInput) {
      if (MaxKeys < 0 || MaxKeys > 2_147_483_647)
        yield 'Argument maxKeys must be an integer between 0 and 2147483647';
    },
    shownBy: [{ MaxKeys: 2_147_483_648 }, { MaxKeys: -1 }],
  },
];
