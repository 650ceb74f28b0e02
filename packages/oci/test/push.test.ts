import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { issueToken } from '@tenant-delivery/local-aws/registry/tokens';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { digestOf } from '@tenant-delivery/vault/objects';
import { bytesInMemory } from '../src/byte-source.ts';
import { rootOf } from '../src/layout.ts';
import { platformsOf } from '../src/platforms.ts';
import { attaching } from '../src/registry/attach.ts';
import { registryClient } from '../src/registry/client.ts';
import { pushLayout } from '../src/registry/push.ts';
import type { RegistryAccess } from '../src/registry/session.ts';
import { startBearerFront } from './bearer-front.ts';
import { imageLayout, indexLayout } from './layouts.ts';
import { pushSuite, type RegistryUnderTest } from './push-suite.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';

let aws: LocalAws;
let ecr: RegistryUnderTest;
let front: Awaited<ReturnType<typeof startBearerFront>>;

beforeAll(async () => {
  aws = await startLocalAws();
  aws.addAccount(ACCOUNT);
  for (const name of ['acme/orders', 'acme/other']) seedRepository(aws.world, ACCOUNT, REGION, name);
  registry().blobMounting = 'ENABLED';
  const { password } = issueToken(aws.world, REGION, { account: ACCOUNT, arn: 'test' });
  ecr = {
    url: aws.url,
    credentials: { username: 'AWS', password },
    repository: 'acme/orders',
    other: 'acme/other',
  };
  front = await startBearerFront(aws.url, `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`);
});

afterAll(async () => {
  await front.stop();
  await aws.close();
});

const registry = () => ecrState(aws.world, ACCOUNT, REGION);

pushSuite('a registry that takes a password (ECR)', () => ecr);

pushSuite('a registry that wants a bearer token', () => ({
  ...ecr,
  url: front.url,
  credentials: { username: 'user', password: 'word' },
}));

it('a registry that mounts no blobs, as ECR does unless it is told to, gets them', async () => {
  registry().blobMounting = 'DISABLED';
  const client = registryClient({
    url: ecr.url,
    ...(ecr.credentials ? { credentials: ecr.credentials } : {}),
    fetch,
    clock: { now: () => Date.now(), sleep: async () => {} },
  });
  const layout = await imageLayout('unmounted');
  await pushLayout(client, layout, { repository: 'acme/orders', tag: 'unmounted' });
  const told = await pushLayout(client, layout, {
    repository: 'acme/other',
    tag: 'unmounted',
    mountFrom: [{ repository: 'acme/orders' }],
  });
  expect(told.blobs).toEqual({ present: 0, mounted: 0, uploaded: 2 });
});

describe('a document that is kept beside an image', () => {
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const writer = (options: Partial<RegistryAccess> = {}) =>
    registryClient({
      url: ecr.url,
      ...(ecr.credentials ? { credentials: ecr.credentials } : {}),
      fetch,
      clock,
      ...options,
    });
  const repository = 'acme/orders';

  it('is listed for it by its kind, writes no tag, and any number of them fit an immutable repository', async () => {
    const layout = await imageLayout('with documents');
    const subject = rootOf(layout);
    await pushLayout(writer(), layout, { repository, tag: 'with-documents' });
    const attached = attaching(writer(), repository);
    const first = await attached({
      subject,
      artifactType: 'a/one',
      bytes: Buffer.from('1'),
    });
    const second = await attached({
      subject,
      artifactType: 'a/two',
      bytes: Buffer.from('2'),
    });
    expect(await attached({ subject, artifactType: 'a/one', bytes: Buffer.from('1') })).toBe(first);
    const listed = await writer().referrers(repository, subject.digest);
    expect(listed.map(({ digest, artifactType }) => [digest, artifactType]).sort()).toEqual(
      [
        [first, 'a/one'],
        [second, 'a/two'],
      ].sort(),
    );
    const { tags } = seedRepository(aws.world, ACCOUNT, REGION, repository);
    expect(Object.values(tags)).not.toContain(first);
  });

  it('is not believed to be there while the registry does not list it', async () => {
    const layout = await imageLayout('without a list');
    await pushLayout(writer(), layout, { repository, tag: 'without-a-list' });
    const old: typeof fetch = async (input, init) =>
      String(input).includes('/referrers/') ? new Response('{}', { status: 404 }) : fetch(input, init);
    const document = { subject: rootOf(layout), artifactType: 'a/one', bytes: Buffer.from('1') };
    await expect(attaching(writer({ fetch: old }), repository)(document)).rejects.toMatchObject({
      code: 'PUSH_NOT_CONFIRMED',
    });
  });
});

describe('a push that the registry refuses', () => {
  const clock = { now: () => Date.now(), sleep: async () => {} };

  it.each([
    ['serves its index as something else', 'with-type', (type: string) => type.replace('oci', 'other')],
    ['lost a child of it', 'lost', undefined],
  ])('or that it %s afterwards, is not confirmed', async (_, tag, change) => {
    const layout = await indexLayout(tag);
    const [child = { digest: '' }] = platformsOf(rootOf(layout), layout.readBlob);
    const lying: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method !== 'GET' || !String(input).includes('/manifests/') || !response.ok) return response;
      if (change === undefined)
        return String(input).endsWith(child.digest) ? new Response('{}', { status: 404 }) : response;
      const type = change(response.headers.get('content-type') ?? '');
      return new Response(await response.arrayBuffer(), { headers: { 'content-type': type } });
    };
    const credentials = ecr.credentials ?? { username: '', password: '' };
    const writer = registryClient({ url: ecr.url, credentials, fetch: lying, clock });
    await expect(pushLayout(writer, layout, { repository: 'acme/orders', tag })).rejects.toMatchObject({
      code: 'PUSH_NOT_CONFIRMED',
    });
  });

  it('says what was refused and why, and never the password', async () => {
    const { url, repository } = ecr;
    const credentials = { username: 'AWS', password: 'wrong-password' };
    const writer = registryClient({ url, credentials, fetch, clock });
    const push = pushLayout(writer, await imageLayout('refused'), { repository, tag: 'refused' });
    const failure = await push.catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining('UNAUTHORIZED'),
      remedy: expect.stringMatching(/^The login is not valid/),
    });
    expect(String(failure)).not.toContain('wrong-password');
  });

  it('names a repository that is not there', async () => {
    const writer = registryClient({
      url: ecr.url,
      credentials: ecr.credentials ?? { username: '', password: '' },
      fetch,
      clock,
    });
    const push = pushLayout(writer, await imageLayout('nowhere'), { repository: 'acme/nowhere', tag: 'x' });
    await expect(push).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining('NAME_UNKNOWN'),
      remedy: expect.stringMatching(/^There is no such repository/),
    });
  });

  it.each<[string, number, string, RegExp]>([
    ['denied', 403, '{"errors":[{"code":"DENIED","message":"not allowed"}]}', /^Allow it to the role/],
    [
      'for a tag that is never moved',
      400,
      '{"errors":[{"code":"TAG_INVALID","message":"The image tag x exists and cannot be overwritten because the tag is immutable."}]}',
      /^The tag belongs to another image/,
    ],
    ['for a reason of its own', 405, '{"errors":[{"code":"UNSUPPORTED"}]}', /^Read what the registry said/],
  ])('%s, gives the advice that fits', async (_, status, body, remedy) => {
    const refusing: typeof fetch = async (input, init) =>
      init?.method === 'PUT' && String(input).includes('/manifests/')
        ? new Response(body, { status })
        : fetch(input, init);
    const credentials = ecr.credentials ?? { username: '', password: '' };
    const writer = registryClient({ url: ecr.url, credentials, fetch: refusing, clock });
    const push = pushLayout(writer, await imageLayout(`refused ${status}`), {
      repository: 'acme/orders',
      tag: `refused-${status}`,
    });
    await expect(push).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      remedy: expect.stringMatching(remedy),
    });
  });

  it('sends the password to the registry alone, also when that sends an upload elsewhere', async () => {
    const sent: { url: string; authorization: string | null }[] = [];
    const elsewhere: typeof fetch = async (input, init) => {
      sent.push({ url: String(input), authorization: new Headers(init?.headers).get('authorization') });
      if (init?.method === 'POST') {
        return new Response(null, {
          status: 202,
          headers: { location: 'http://storage.example/upload?key=1' },
        });
      }
      return new Response(null, { status: 201 });
    };
    const credentials = { username: 'AWS', password: 'registry-secret' };
    const writer = registryClient({ url: ecr.url, credentials, fetch: elsewhere, clock });
    const digest = digestOf('blob');
    await writer.writeBlob('acme/orders', digest, bytesInMemory(Buffer.from('blob')));
    expect(sent).toEqual([
      { url: `${ecr.url}/v2/acme/orders/blobs/uploads/`, authorization: expect.stringMatching(/^Basic /) },
      {
        url: `http://storage.example/upload?key=1&digest=${encodeURIComponent(digest)}`,
        authorization: null,
      },
    ]);
  });

  it('ends after some tries when the registry stays out of reach', async () => {
    const writer = registryClient({ url: 'http://127.0.0.1:1', fetch, clock });
    const push = pushLayout(writer, await imageLayout('away'), { repository: 'acme/orders', tag: 'x' });
    await expect(push).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  it.each([500, 503, 429])(
    'that answers %i is tried again without a build, and not for ever',
    async (status) => {
      const layout = await imageLayout(`busy-${status}`);
      const { url, repository, credentials } = ecr;
      const answering = (times: number) => {
        const asked = new Map<string, number>();
        const busy: typeof fetch = async (input, init) => {
          const key = `${init?.method} ${new URL(String(input)).pathname.replace(/uploads\/.+/, 'uploads')}`;
          asked.set(key, (asked.get(key) ?? 0) + 1);
          return (asked.get(key) ?? 0) > times ? fetch(input, init) : new Response('', { status });
        };
        const writer = registryClient({ url, ...(credentials && { credentials }), fetch: busy, clock });
        return { push: pushLayout(writer, layout, { repository, tag: `busy-${status}` }), asked };
      };
      const never = answering(Number.POSITIVE_INFINITY);
      await expect(never.push).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
        message: expect.stringContaining(`it answered ${status}`),
      });
      expect(Math.max(...never.asked.values())).toBe(5);
      expect((await answering(1).push).digest).toBe(rootOf(layout).digest);
    },
  );
});
