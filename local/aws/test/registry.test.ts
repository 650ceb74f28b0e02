import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../src/registry/manifest.ts';
import { issueToken } from '../src/registry/tokens.ts';
import { ecrState, imageSource, seedBaseImages, seedRepository } from '../src/services/ecr.ts';

const REGION = 'eu-west-1';
const ACME = '000011112222';
const GLOBEX = '000033334444';

let aws: LocalAws;
let mine: string;
let theirs: string;

beforeAll(async () => {
  aws = await startLocalAws();
  for (const account of [ACME, GLOBEX]) aws.addAccount(account);
  seedRepository(aws.world, ACME, REGION, 'acme/orders');
  seedRepository(aws.world, ACME, REGION, 'acme/loose', { tagMutability: 'MUTABLE' });
  seedRepository(aws.world, GLOBEX, REGION, 'globex/orders');
  const basic = (account: string) =>
    `Basic ${Buffer.from(`AWS:${issueToken(aws.world, REGION, { account, arn: 'arn' }).password}`).toString('base64')}`;
  mine = basic(ACME);
  theirs = basic(GLOBEX);
});

afterAll(() => aws.close());

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
}

async function ask(
  method: string,
  path: string,
  options: { body?: Buffer | string; headers?: Record<string, string>; as?: string } = {},
): Promise<Said> {
  const response = await fetch(`${aws.url}${path}`, {
    method,
    headers: { authorization: options.as ?? mine, ...options.headers },
    ...(options.body === undefined ? {} : { body: new Uint8Array(Buffer.from(options.body)) }),
  });
  const text = await response.text();
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1];
  return { status: response.status, headers: response.headers, text, code };
}

const sha = (content: Buffer | string) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function putBlob(
  content: string,
  repository = 'acme/orders',
): Promise<{ digest: string; size: number }> {
  const digest = sha(content);
  const said = await ask('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content });
  expect(said.status).toBe(201);
  return { digest, size: Buffer.byteLength(content) };
}

async function image(seed: string, repository = 'acme/orders', extra: object = {}): Promise<string> {
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...(await putBlob(`{"seed":"${seed}"}`, repository)),
  };
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    ...(await putBlob(`layer ${seed}`, repository)),
  };
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer], ...extra });
}

const put = (path: string, body: string, mediaType = OCI_MANIFEST) =>
  ask('PUT', path, { body, headers: { 'content-type': mediaType } });

describe('a login', () => {
  it('is asked for with the challenge of ECR, and its absence told in the words of the specification', async () => {
    const said = await fetch(`${aws.url}/v2/`);
    expect(said.status).toBe(401);
    expect(said.headers.get('www-authenticate')).toMatch(/^Basic realm="http/);
    expect(await said.json()).toMatchObject({ errors: [{ code: 'UNAUTHORIZED' }] });
  });

  it('counts for twelve hours', async () => {
    const issued = issueToken(aws.world, REGION, { account: ACME, arn: 'arn' });
    expect(issued.expiresAt - aws.world.clock.now()).toBeGreaterThan(11.9 * 3_600_000);
    const token = aws.world.state<Record<string, object>>('ecr-tokens', '', '', () => ({}))[issued.password];
    const as = `Basic ${Buffer.from(`AWS:${issued.password}`).toString('base64')}`;
    expect((await ask('GET', '/v2/', { as })).status).toBe(200);
    Object.assign(token ?? {}, { expiresAt: aws.world.clock.now() - 1 });
    expect((await ask('GET', '/v2/', { as })).status).toBe(401);
  });

  it('opens the repositories of its own account alone', async () => {
    const blob = await putBlob('private');
    for (const path of ['manifests/any', `blobs/${blob.digest}`, 'tags/list']) {
      const said = await ask('GET', `/v2/acme/orders/${path}`, { as: theirs });
      expect([path, said.status, said.code]).toEqual([path, 404, 'NAME_UNKNOWN']);
    }
    const mount = await ask(
      'POST',
      `/v2/globex/orders/blobs/uploads/?mount=${blob.digest}&from=acme/orders`,
      {
        as: theirs,
      },
    );
    expect(mount.status).toBe(202);
  });
});

describe('a blob', () => {
  it('is taken whole, and is served with its digest, in parts too', async () => {
    const { digest } = await putBlob('0123456789');
    expect((await ask('HEAD', `/v2/acme/orders/blobs/${digest}`)).status).toBe(200);
    const part = async (range: string) => {
      const got = await ask('GET', `/v2/acme/orders/blobs/${digest}`, { headers: { range } });
      return [got.status, got.text, got.headers.get('content-range')];
    };
    expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await part('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await part('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
    expect((await part('bytes=10-'))[0]).toBe(416);
  });

  it('is taken in chunks, each where the last ended', async () => {
    const begun = await ask('POST', '/v2/acme/orders/blobs/uploads/');
    const at = begun.headers.get('location') ?? '';
    await ask('PATCH', at, { body: 'abc', headers: { 'content-range': '0-2' } });
    const gap = await ask('PATCH', at, { body: 'xyz', headers: { 'content-range': '7-9' } });
    expect([gap.status, gap.code]).toEqual([416, 'BLOB_UPLOAD_INVALID']);
    const next = await ask('PATCH', at, { body: 'def', headers: { 'content-range': '3-5' } });
    expect(next.headers.get('range')).toBe('0-5');
    expect((await ask('PUT', `${at}?digest=${sha('abcdef')}`)).status).toBe(201);
  });

  it('that is not what its digest says is refused and not kept', async () => {
    const wrong = sha('something else');
    const said = await ask('POST', `/v2/acme/orders/blobs/uploads/?digest=${wrong}`, { body: 'content' });
    expect([said.status, said.code]).toEqual([400, 'DIGEST_INVALID']);
    expect((await ask('HEAD', `/v2/acme/orders/blobs/${wrong}`)).status).toBe(404);
  });

  it('of another repository is not served until it is mounted, where the registry mounts', async () => {
    const { digest } = await putBlob('shared', 'acme/loose');
    expect((await ask('GET', `/v2/acme/orders/blobs/${digest}`)).code).toBe('BLOB_UNKNOWN');
    const mount = `/v2/acme/orders/blobs/uploads/?mount=${digest}&from=acme/loose`;
    expect((await ask('POST', mount)).status).toBe(202); // it begins an upload instead
    expect((await ask('GET', `/v2/acme/orders/blobs/${digest}`)).code).toBe('BLOB_UNKNOWN');
    const registry = ecrState(aws.world, ACME, REGION);
    registry.blobMounting = 'ENABLED';
    expect((await ask('POST', mount)).status).toBe(201);
    expect((await ask('GET', `/v2/acme/orders/blobs/${digest}`)).text).toBe('shared');
    registry.blobMounting = 'DISABLED';
  });

  it('is not mounted from a repository that is encrypted in another way', async () => {
    const { digest } = await putBlob('shared by two keys', 'acme/loose');
    const registry = ecrState(aws.world, ACME, REGION);
    const orders = registry.repositories['acme/orders'];
    if (!orders) throw new Error('acme/orders is missing');
    const { encryption } = orders;
    registry.blobMounting = 'ENABLED';
    orders.encryption = { encryptionType: 'KMS', kmsKey: 'alias/orders' };
    const mount = `/v2/acme/orders/blobs/uploads/?mount=${digest}&from=acme/loose`;
    expect((await ask('POST', mount)).status).toBe(202);
    orders.encryption = encryption;
    expect((await ask('POST', mount)).status).toBe(201);
    registry.blobMounting = 'DISABLED';
  });
});

describe('an image', () => {
  it('is found by tag and by digest, byte for byte as it was pushed', async () => {
    const manifest = await image('one');
    const pushed = await put('/v2/acme/orders/manifests/v1', manifest);
    expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([201, sha(manifest)]);
    for (const reference of ['v1', sha(manifest)]) {
      const got = await ask('GET', `/v2/acme/orders/manifests/${reference}`);
      expect([got.text, got.headers.get('content-type')]).toEqual([manifest, OCI_MANIFEST]);
    }
  });

  it('is refused under a digest that is not its own, and while a blob or a child is missing', async () => {
    const manifest = await image('two');
    expect((await put(`/v2/acme/orders/manifests/${sha('x')}`, manifest)).code).toBe('DIGEST_INVALID');
    const missing = manifest.replace(/sha256:[0-9a-f]{64}/, sha('never pushed'));
    expect((await put('/v2/acme/orders/manifests/two', missing)).code).toBe('MANIFEST_BLOB_UNKNOWN');
    const child = { mediaType: OCI_MANIFEST, digest: sha('no child'), size: 2 };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] });
    expect((await put('/v2/acme/orders/manifests/two', index, OCI_INDEX)).code).toBe('MANIFEST_BLOB_UNKNOWN');
    expect((await put('/v2/acme/orders/manifests/two', '{}')).code).toBe('MANIFEST_INVALID');
    expect((await ask('GET', '/v2/acme/orders/manifests/two')).code).toBe('MANIFEST_UNKNOWN');
  });

  it.each([
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 201],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 201],
    ['application/vnd.oci.image.layer.v1.tar+gzip', 404],
  ])('with a layer of type %s that nobody pushed is answered with %d', async (mediaType, status) => {
    const manifest = JSON.parse(await image('windows')) as { layers: unknown[] };
    const layer = { mediaType, digest: sha('never pushed'), size: 9, urls: ['https://example.com/layer'] };
    const body = JSON.stringify({ ...manifest, layers: [...manifest.layers, layer] });
    expect((await put(`/v2/acme/orders/manifests/${sha(body)}`, body)).status).toBe(status);
  });

  it('keeps an immutable tag, even against itself; a mutable one moves', async () => {
    const [first, second] = [await image('three'), await image('four')];
    await put('/v2/acme/orders/manifests/kept', first);
    for (const again of [first, second]) {
      const said = await put('/v2/acme/orders/manifests/kept', again);
      expect([said.status, said.code]).toEqual([400, 'TAG_INVALID']);
      expect(said.text).toContain('cannot be overwritten because the tag is immutable');
    }
    const loose = [await image('three', 'acme/loose'), await image('four', 'acme/loose')];
    for (const next of loose) {
      expect((await put('/v2/acme/loose/manifests/latest', next)).status).toBe(201);
    }
    expect((await ask('GET', '/v2/acme/loose/manifests/latest')).text).toBe(loose[1]);
  });

  it('lists its tags in pages', async () => {
    const manifest = await image('tags', 'acme/loose');
    for (const tag of ['a', 'b', 'c']) await put(`/v2/acme/loose/manifests/${tag}`, manifest);
    const page = await ask('GET', '/v2/acme/loose/tags/list?n=2');
    expect(JSON.parse(page.text)).toEqual({ name: 'acme/loose', tags: ['a', 'b'] });
    const next = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    expect(JSON.parse((await ask('GET', next)).text).tags).toContain('c');
  });

  it('lists what refers to it, by kind', async () => {
    const subject = await image('subject');
    await put('/v2/acme/orders/manifests/subject', subject);
    const descriptor = { mediaType: OCI_MANIFEST, digest: sha(subject), size: subject.length };
    for (const artifactType of ['application/vnd.a', 'application/vnd.b']) {
      const referrer = await image(artifactType, 'acme/orders', { subject: descriptor, artifactType });
      const pushed = await put(`/v2/acme/orders/manifests/${sha(referrer)}`, referrer);
      expect(pushed.headers.get('oci-subject')).toBe(sha(subject));
    }
    const all = JSON.parse((await ask('GET', `/v2/acme/orders/referrers/${sha(subject)}`)).text);
    expect(all.manifests).toHaveLength(2);
    const one = await ask('GET', `/v2/acme/orders/referrers/${sha(subject)}?artifactType=application/vnd.b`);
    expect(one.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(JSON.parse(one.text).manifests).toMatchObject([{ artifactType: 'application/vnd.b' }]);
  });
});

it('answers an unknown repository with NAME_UNKNOWN and what it does not know with a body of the specification', async () => {
  expect((await ask('POST', '/v2/acme/nothing/blobs/uploads/')).code).toBe('NAME_UNKNOWN');
  expect((await ask('GET', '/v2/_catalog')).code).toBe('UNSUPPORTED');
  expect((await ask('DELETE', '/v2/acme/orders/tags/list')).status).toBe(405);
});

it('still has its images, and their bytes, after it was started again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'td-registry-'));
  const first = await startLocalAws({ directory });
  first.addAccount(ACME);
  const { current } = await seedBaseImages(first.world, ACME, REGION);
  await first.close();
  const second = await startLocalAws({ directory });
  const image = await imageSource(second.world).resolve(
    ACME,
    REGION,
    `${second.registry}/base/node@${current}`,
    {
      os: 'linux',
      architecture: 'arm64',
    },
  );
  if (typeof image === 'string') throw new Error(image);
  await image.unpack(join(directory, 'blobs'));
  expect(existsSync(join(directory, 'blobs/srv/placeholder.mjs'))).toBe(true);
  await second.close();
  rmSync(directory, { recursive: true });
});
