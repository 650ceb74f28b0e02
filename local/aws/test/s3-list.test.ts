import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addVersion } from '../src/s3/add-version.ts';
import { deleteObject } from '../src/s3/delete.ts';
import { listObjectsV2 } from '../src/s3/list.ts';
import { type Bucket, bucketsOf, currentOf, putBucket } from '../src/s3/state.ts';
import { ACCOUNT, type ManualWorld, manualWorld, REGION } from './manual-world.ts';

const NAME = 'vault';
let world: ManualWorld;
let bucket: Bucket;

beforeEach(() => {
  world = manualWorld();
  bucket = putBucket(world, { name: NAME, account: ACCOUNT, region: REGION, versioned: true });
});

function put(key: string): void {
  const version = { id: `${key}-1`, modified: 0, deleted: false, sha256: '', size: 0, etag: '""' };
  addVersion(bucket, key, { ...version, contentType: '', metadata: {} });
}

const list = (input: Omit<ListObjectsV2CommandInput, 'Bucket'>) =>
  listObjectsV2({ Bucket: NAME, ...input }, world.call);

/** Keys, and prefixes that stand for several keys, of one page. */
const shown = ({
  Contents = [],
  CommonPrefixes = [],
}: Pick<ListObjectsV2CommandOutput, 'Contents' | 'CommonPrefixes'>) =>
  [...Contents.map(({ Key }) => Key ?? ''), ...CommonPrefixes.map(({ Prefix }) => Prefix ?? '')].sort(
    byBytes,
  );

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What S3's documentation says, at the price of looking at every key. */
function naive({ Prefix = '', Delimiter, StartAfter = '' }: Omit<ListObjectsV2CommandInput, 'Bucket'>) {
  const rolledUp = Object.keys(bucket.objects)
    .filter((key) => key.startsWith(Prefix) && currentOf(bucket, key))
    .map((key) => {
      const cut = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
      return cut < 0 ? key : key.slice(0, cut + (Delimiter?.length ?? 0));
    });
  return [...new Set(rolledUp)].filter((one) => byBytes(one, StartAfter) > 0).sort(byBytes);
}

function everyPage(input: Omit<ListObjectsV2CommandInput, 'Bucket'>): readonly (readonly string[])[] {
  const pages: string[][] = [];
  let token: string | undefined;
  do {
    const page = list({ ...input, ContinuationToken: token });
    expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
    expect(page.KeyCount).toBe(shown(page).length);
    pages.push(shown(page));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return pages;
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{ffff}', '\u{1f600}'), maxLength: 5 });
const key = text.filter((one) => one !== '');
const change = fc.record({ kind: fc.constantFrom('put', 'put', 'put', 'mark', 'remove'), key });

test('every page is what a look at every key would give, after any puts and deletions', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 30 }),
      fc.array(change, { maxLength: 10 }),
      fc.record({ Prefix: text, StartAfter: text, Delimiter: fc.constantFrom(undefined, '/', 'é') }),
      fc.integer({ min: 1, max: 4 }),
      (before, after, { Delimiter, ...input }, MaxKeys) => {
        for (const one of Object.keys(bucketsOf(world))) delete bucketsOf(world)[one];
        bucket = putBucket(world, { name: NAME, account: ACCOUNT, region: REGION, versioned: true });
        const asked = { ...input, MaxKeys, ...(Delimiter === undefined ? {} : { Delimiter }) };
        for (const changes of [before, after]) {
          for (const one of changes) apply(one);
          const pages = everyPage(asked);
          expect(pages.flat()).toEqual(naive(asked));
          expect(pages.slice(0, -1).every((page) => page.length === MaxKeys)).toBe(true);
        }
      },
    ),
  );
});

function apply({ kind, key: Key }: { readonly kind: string; readonly key: string }): void {
  if (kind === 'put') put(Key);
  else if (kind === 'mark') deleteObject({ Bucket: NAME, Key }, world.call);
  else {
    for (const { id } of [...(bucket.objects[Key] ?? [])])
      deleteObject({ Bucket: NAME, Key, VersionId: id }, world.call);
  }
}

test('a page looks at what it answers, however many keys come before, after and below', () => {
  let looks = 0;
  const objects = new Proxy<Bucket['objects']>(
    {},
    {
      get: (target, name) => {
        looks += 1;
        return Reflect.get(target, name);
      },
    },
  );
  bucket = { ...bucket, objects };
  bucketsOf(world)[NAME] = bucket;
  for (let group = 0; group < 100; group += 1)
    for (let one = 0; one < 50; one += 1) put(`events/${String(group).padStart(3, '0')}/${one}`);
  list({});
  looks = 0;
  expect(shown(list({ Prefix: 'events/', StartAfter: 'events/050/7', MaxKeys: 10 }))).toHaveLength(10);
  expect(looks).toBeLessThanOrEqual(25);
  looks = 0;
  const groups = list({ Prefix: 'events/', Delimiter: '/', StartAfter: 'events/049/', MaxKeys: 10 });
  expect(shown(groups)[0]).toBe('events/050/');
  expect(looks).toBeLessThanOrEqual(25);
});

test('no keys are asked for, none are answered, and nothing more is to come', () => {
  put('a');
  expect(list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false, Contents: [] });
});
