import { randomBytes } from 'node:crypto';
import { CONTENTS, Content, digestOf, EMPTY_JSON, type Manifest } from './content.ts';
import { type Answer, type Case, lacks, locationOf, type Repository } from './registry.ts';

type Judged = string | undefined;

/** Plays every case, under the published suite's name for it, in the order of the suite. */
export async function played(one: Repository, two: Repository): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const judge = async (name: string, case_: () => Promise<Judged>) => {
    const why = await case_();
    cases.push(why === undefined ? { name } : { name, why });
    return why === undefined;
  };
  await judge('ping', async () => lacks(await one.ask('GET', '/v2/'), 200));
  await judge('empty/tag list', async () => lacks(await one.ask('GET', 'tags/list'), 200, 404));
  await judge('empty/referrers', () => referrersOf(one, digestOf(Buffer.from('nothing')), []));
  await blobs(judge, one, two);
  for (const [name, make] of Object.entries(CONTENTS)) await content(judge, one, name, make());
  await refused(judge, one);
  return cases;
}

type Judge = (name: string, case_: () => Promise<Judged>) => Promise<boolean>;

/** Pushes, finds, reads and deletes everything of one content. */
async function content(judge: Judge, at: Repository, name: string, { blobs, manifests }: Content) {
  const tagged = manifests.filter(({ tag }) => tag !== undefined);
  const there: Manifest[] = [];
  for (const [digest, bytes] of blobs)
    await judge(`${name}/push/blob-post-put`, () => at.postPut(digest, bytes));
  for (const manifest of manifests) {
    const { descriptor, tag } = manifest;
    if (await judge(`${name}/push/manifest-by-digest`, () => at.put(manifest, descriptor.digest)))
      there.push(manifest);
    if (tag !== undefined) await judge(`${name}/push/manifest-by-tag`, () => at.put(manifest, tag));
  }
  if (there.length < manifests.length) return; // what was not taken can't be read
  await judge(`${name}/tag-list`, () => listed(at, tagged));
  for (const { descriptor, bytes, tag } of there) {
    const { digest, size, mediaType } = descriptor;
    if (tag !== undefined) {
      await judge(`${name}/head/manifest-head-by-tag`, () => at.head(`manifests/${tag}`, size, mediaType));
      await judge(`${name}/pull/manifest-by-tag`, () => at.pull(`manifests/${tag}`, bytes, mediaType));
    }
    await judge(`${name}/head/manifest-head-by-digest`, () =>
      at.head(`manifests/${digest}`, size, mediaType),
    );
    await judge(`${name}/pull/manifest-by-digest`, () => at.pull(`manifests/${digest}`, bytes, mediaType));
  }
  for (const [digest, bytes] of blobs) {
    await judge(`${name}/head/blob-head`, () => at.head(`blobs/${digest}`, bytes.length));
    await judge(`${name}/pull/blob-get`, () => at.pull(`blobs/${digest}`, bytes));
  }
  const subjects = Map.groupBy(there, ({ subject }) => subject);
  for (const [subject, refer] of subjects)
    if (subject !== undefined)
      await judge(`${name}/referrers`, () =>
        referrersOf(
          at,
          subject,
          refer.map(({ descriptor }) => descriptor.digest),
        ),
      );
  await deleted(judge, at, name, { blobs, manifests: there });
}

async function deleted(
  judge: Judge,
  at: Repository,
  name: string,
  { blobs, manifests }: Pick<Content, 'blobs' | 'manifests'>,
) {
  const gone = async (method: string, reference: string): Promise<Judged> =>
    lacks(await at.ask(method, `manifests/${reference}`), 202) ??
    lacks(await at.ask('HEAD', `manifests/${reference}`), 404);
  for (const { tag } of manifests)
    if (tag !== undefined) await judge(`${name}/delete/tag-delete`, () => gone('DELETE', tag));
  for (const { descriptor } of manifests.toReversed())
    await judge(`${name}/delete/manifest-delete`, () => gone('DELETE', descriptor.digest));
  for (const digest of blobs.keys())
    await judge(`${name}/delete/blob-delete`, async () =>
      lacks(await at.ask('DELETE', `blobs/${digest}`), 202),
    );
}

async function listed(at: Repository, tagged: readonly Manifest[]): Promise<Judged> {
  const answer = await at.ask('GET', 'tags/list');
  const wrong = lacks(answer, 200);
  if (wrong !== undefined) return wrong;
  const { name, tags } = JSON.parse(answer.body.toString()) as { name: string; tags: readonly string[] };
  const missing = tagged.flatMap(({ tag }) => (tag === undefined || tags.includes(tag) ? [] : [tag]));
  if (name !== at.name) return `the name is ${name}`;
  return missing.length === 0 ? undefined : `${missing.join(', ')} is not in the list`;
}

async function referrersOf(at: Repository, subject: string, expected: readonly string[]): Promise<Judged> {
  const answer = await at.ask('GET', `referrers/${subject}`);
  const wrong = lacks(answer, 200);
  if (wrong !== undefined) return wrong;
  const { manifests } = JSON.parse(answer.body.toString()) as { manifests: readonly { digest: string }[] };
  const missing = expected.filter((digest) => !manifests.some((one) => one.digest === digest));
  return missing.length === 0 ? undefined : `${missing.join(', ')} is not among the referrers`;
}

const CHUNK = 1024;

/** Every way to push a blob, and the ways that must fail. */
async function blobs(judge: Judge, one: Repository, two: Repository) {
  const suite = 'sha256 blobs';
  await judge(`${suite}/get-missing`, async () =>
    lacks(await one.ask('GET', `blobs/${digestOf(randomBytes(8))}`), 404),
  );
  const ways: Readonly<Record<string, (bytes: Buffer, digest: string) => Promise<Judged>>> = {
    'post only/blob-post-only': async (bytes, digest) => lacks(await posted(one, digest, bytes), 201),
    'post+put/blob-post-put': (bytes, digest) => one.postPut(digest, bytes),
    'chunked single/blob-patch-chunked': (bytes, digest) => chunked(one, digest, [bytes]),
    'chunked multi/blob-patch-chunked': (bytes, digest) => chunked(one, digest, parts(bytes)),
    'chunked multi and put chunk/blob-patch-chunked': (bytes, digest) =>
      chunked(one, digest, parts(bytes), { lastByPut: true }),
    'chunked out-of-order/blob-patch-chunked': (bytes, digest) =>
      chunked(one, digest, parts(bytes), { outOfOrder: true }),
    'chunked out-of-order and put chunk/blob-patch-chunked': (bytes, digest) =>
      chunked(one, digest, parts(bytes), { outOfOrder: true, lastByPut: true }),
    'stream/blob-patch-stream': (bytes, digest) => streamed(one, digest, bytes),
  };
  for (const [way, push] of Object.entries(ways)) {
    const bytes = randomBytes(CHUNK * 3 - 5);
    await stored(judge, one, `${suite}/${way}`, bytes, () => push(bytes, digestOf(bytes)));
  }
  for (const [name, bytes] of [
    ['empty', Buffer.alloc(0)],
    ['emptyJSON', Buffer.from('{}')],
  ] as const)
    await stored(judge, one, `${suite}/${name}/blob-post-put`, bytes, () =>
      one.postPut(digestOf(bytes), bytes),
    );
  await mounts(judge, one, two);
  await ranges(judge, one);
  for (const [way, push] of Object.entries(ways).filter(([name]) =>
    /only|put|chunked multi|stream/.test(name),
  )) {
    const digest = digestOf(randomBytes(16));
    await judge(`${suite}/bad digest ${way}`, async () =>
      (await push(randomBytes(CHUNK * 3 - 5), digest))?.startsWith('the status is 400')
        ? undefined
        : 'it was taken',
    );
  }
  await judge(`${suite}/post cancel/blob-post-cancel`, async () =>
    lacks(await one.ask('DELETE', (await one.begin()).location), 204),
  );
}

async function stored(
  judge: Judge,
  at: Repository,
  name: string,
  bytes: Buffer,
  push: () => Promise<Judged>,
) {
  const path = `blobs/${digestOf(bytes)}`;
  const way = name.slice(0, name.lastIndexOf('/'));
  await judge(name, push);
  await judge(`${way}/blob-head`, () => at.head(path, bytes.length));
  await judge(`${way}/blob-get`, () => at.pull(path, bytes));
  await judge(`${way}/blob-delete`, async () => lacks(await at.ask('DELETE', path), 202));
}

const posted = (at: Repository, digest: string, bytes: Buffer): Promise<Answer> =>
  at.ask('POST', `blobs/uploads/?digest=${digest}`, {
    body: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });

const parts = (bytes: Buffer): Buffer[] =>
  [0, CHUNK, 2 * CHUNK].map((from) => bytes.subarray(from, from + CHUNK));

async function chunked(
  at: Repository,
  digest: string,
  chunks: readonly Buffer[],
  how: { readonly lastByPut?: true; readonly outOfOrder?: true } = {},
): Promise<Judged> {
  const begun = await at.begin();
  let { location } = begun;
  let from = 0;
  const last = how.lastByPut ? chunks.at(-1) : undefined;
  for (const chunk of last ? chunks.slice(0, -1) : chunks) {
    if (how.outOfOrder && from === CHUNK) {
      const early = lacks(await at.patch(location, chunk, from + CHUNK), 416);
      if (early !== undefined) return early;
    }
    const answer = await at.patch(location, chunk, from);
    from += chunk.length;
    const wrong =
      lacks(answer, 202) ?? (answer.headers.get('range') === `0-${from - 1}` ? undefined : 'Range is wrong');
    if (wrong !== undefined) return wrong;
    location = locationOf(answer);
  }
  const range = last ? { 'content-range': `${from}-${from + last.length - 1}` } : {};
  return lacks(begun, 202) ?? lacks(await at.close(location, digest, last, range), 201);
}

async function streamed(at: Repository, digest: string, bytes: Buffer): Promise<Judged> {
  const answer = await at.stream((await at.begin()).location, bytes);
  return lacks(answer, 202) ?? lacks(await at.close(locationOf(answer), digest), 201);
}

async function mounts(judge: Judge, one: Repository, two: Repository) {
  const bytes = randomBytes(512);
  const digest = digestOf(bytes);
  const mount = (of: string, from = `&from=${one.name}`) => two.begin(`?mount=${of}${from}`);
  await one.postPut(digest, bytes);
  await stored(judge, two, 'sha256 blobs/mount/blob-mount', bytes, async () =>
    lacks(await mount(digest), 201),
  );
  await judge('sha256 blobs/mount missing/blob-mount', async () =>
    lacks(await mount(digestOf(randomBytes(16))), 202),
  );
  await judge('sha256 blobs/mount anonymous/blob-mount-anonymous', async () =>
    lacks(await mount(digest, ''), 201),
  );
}

async function ranges(judge: Judge, at: Repository) {
  const bytes = randomBytes(4096);
  await at.postPut(digestOf(bytes), bytes);
  const read = (range: string) =>
    at.ask('GET', `blobs/${digestOf(bytes)}`, { headers: { range: `bytes=${range}` } });
  const part = async (range: string, from: number, to?: number): Promise<Judged> => {
    const answer = await read(range);
    return lacks(answer, 206) ?? (answer.body.equals(bytes.subarray(from, to)) ? undefined : 'other bytes');
  };
  const name = 'sha256 blobs/range requests/range';
  await judge(`${name} 500-1499`, () => part('500-1499', 500, 1500));
  await judge(`${name} 500-`, () => part('500-', 500));
  await judge(`${name} -500`, () => part('-500', 3596));
  await judge(`${name} 2000-5000`, () => part('2000-5000', 2000));
  await judge(`${name} 500-0`, async () => lacks(await read('500-0'), 200, 416));
  await judge(`${name} 5000-10000`, async () => lacks(await read('5000-10000'), 416));
}

/** What a registry may not take, and what it does not have. */
async function refused(judge: Judge, at: Repository) {
  const image = new Content();
  image.image();
  const [manifest] = image.manifests;
  if (!manifest) throw new Error('an image has a manifest');
  for (const [digest, bytes] of image.blobs)
    await judge('invalid-digest-format/blob-post-put', () => at.postPut(digest, bytes));
  const bad = 'manifests/sha256:baddigeststring';
  const body = { body: manifest.bytes, headers: { 'content-type': manifest.descriptor.mediaType } };
  await judge('invalid-digest-format/manifest-put', async () => lacks(await at.ask('PUT', bad, body), 400));
  await judge('invalid-digest-format/manifest-get', async () => lacks(await at.ask('GET', bad), 400, 404));
  const changed = { ...body, body: Buffer.concat([manifest.bytes, Buffer.from('  ')]) };
  await judge('bad-digest-image/push/manifest-by-digest', async () =>
    lacks(await at.ask('PUT', `manifests/${manifest.descriptor.digest}`, changed), 400),
  );
  const accept = { headers: { accept: `${manifest.descriptor.mediaType}, ${EMPTY_JSON}` } };
  await judge('missing-manifest/by-tag', async () =>
    lacks(await at.ask('GET', 'manifests/missing', accept), 404),
  );
  await judge('missing-manifest/by-digest', async () =>
    lacks(await at.ask('GET', `manifests/${digestOf(randomBytes(16))}`, accept), 404),
  );
}
