import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { childrenOf } from '../src/ecr/image-children.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const AMD64 = { os: 'linux', architecture: 'amd64' };

const entry = (digest: string, more: object) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest,
  size: 2,
  ...more,
});

/** What lies under a document, and under others that are read by their digest. */
function childrenIn(document: object, others: readonly object[] = []) {
  const texts = [document, ...others].map((each) => JSON.stringify(each));
  const held = new Map(texts.map((text) => [digestOf(text), text]));
  return childrenOf(async (digest) => held.get(digest), digestOf(texts[0] ?? ''));
}

const index = (manifests: readonly object[]) => ({ manifests });
const indexEntry = (document: object) => ({
  mediaType: 'application/vnd.oci.image.index.v1+json',
  digest: digestOf(JSON.stringify(document)),
  size: 2,
});

describe('the children of an image that must be inspected', () => {
  it('are all that a task could run, also one that calls itself an attestation', async () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const manifests = [entry(A, { platform: AMD64, annotations }), entry(B, { platform: AMD64 })];
    expect((await childrenIn({ manifests })).children.map(({ digest }) => digest)).toEqual([A, B]);
  });

  it('include one without a platform, whose configuration decides where it runs', async () => {
    const { children } = await childrenIn({ manifests: [entry(A, {}), entry(B, { platform: AMD64 })] });
    expect(children).toHaveLength(2);
  });

  const UNKNOWN = { os: 'unknown', architecture: 'unknown' };
  const manifestOf = (...types: readonly string[]) => ({
    schemaVersion: 2,
    layers: types.map((mediaType) => ({ mediaType, digest: B, size: 2 })),
  });
  const entryOf = (document: object, more: object) => entry(digestOf(JSON.stringify(document)), more);

  it('leave out what holds in-toto statements alone and names no platform', async () => {
    const attestation = manifestOf('application/vnd.in-toto+json', 'application/vnd.in-toto+json');
    const told = entryOf(attestation, { platform: UNKNOWN });
    const manifests = [entry(A, { platform: AMD64 }), told];
    expect(await childrenIn({ manifests }, [attestation])).toEqual({
      children: [{ platform: 'linux/amd64', digest: A }],
      attestations: [told.digest],
    });
  });

  it.each([
    ['files', manifestOf('application/vnd.oci.image.layer.v1.tar+gzip')],
    [
      'files beside a statement',
      manifestOf('application/vnd.in-toto+json', 'application/vnd.oci.image.layer.v1.tar'),
    ],
    ['nothing', manifestOf()],
  ])('include one of the platform unknown/unknown that holds %s', async (_, document) => {
    const { children } = await childrenIn(index([entryOf(document, { platform: UNKNOWN })]), [document]);
    expect(children).toEqual([{ platform: 'unknown/unknown', digest: digestOf(JSON.stringify(document)) }]);
  });

  it('include one with statements that names half a platform', async () => {
    const document = manifestOf('application/vnd.in-toto+json');
    const platform = { os: 'unknown', architecture: 'amd64' };
    const { children } = await childrenIn(index([entryOf(document, { platform })]), [document]);
    expect(children).toHaveLength(1);
  });

  it('are not known while what is at an unknown platform cannot be read', async () => {
    const document = manifestOf('application/vnd.in-toto+json');
    await expect(childrenIn(index([entryOf(document, { platform: UNKNOWN })]))).rejects.toMatchObject({
      code: 'AWS_EMPTY_REPLY',
    });
  });

  it('are not believed of an index whose members another reader takes for others', async () => {
    const hidden = `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"${A}","size":2,"platform":{"os":"unknown","architecture":"unknown","OS":"linux","Architecture":"amd64"}}]}`;
    await expect(childrenOf(async () => hidden, digestOf(hidden))).rejects.toMatchObject({
      code: 'IMAGE_AMBIGUOUS',
      message: expect.stringContaining('"OS" can be read as "os"'),
    });
  });

  it('are those of an index in the index too; one that lies deeper is not opened, and not believed', async () => {
    const deepest = index([entry(B, { platform: AMD64 })]);
    const inner = index([entry(A, { platform: AMD64 }), indexEntry(deepest)]);
    const { children } = await childrenIn(index([indexEntry(inner)]), [inner, deepest]);
    expect(children).toEqual([
      { platform: 'linux/amd64', digest: A },
      {
        platform: 'no platform named',
        digest: indexEntry(deepest).digest,
        refused: expect.stringContaining('index inside an index'),
      },
    ]);
  });

  it('are told apart by variant and by the version of their system', async () => {
    const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.17763.5329' };
    const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const { children } = await childrenIn(
      index([entry(A, { platform: windows }), entry(B, { platform: arm })]),
    );
    expect(children.map(({ platform }) => platform)).toEqual([
      'windows(10.0.17763.5329)/amd64',
      'linux/arm/v7',
    ]);
  });

  it.each<[string, string]>([
    ['that is not what its digest names', '{"manifests":[]}'],
    ['that is no JSON', 'nonsense'],
    ['that is no object', '7'],
    [
      'with a child that cannot be addressed',
      JSON.stringify({ manifests: [entry(`sha512:${'a'.repeat(128)}`, { platform: AMD64 })] }),
    ],
  ])('are not known from a manifest %s', async (what, manifest) => {
    const digest = what.startsWith('that is not what') ? (A as `sha256:${string}`) : digestOf(manifest);
    const code = what === 'that is no JSON' ? 'IMAGE_AMBIGUOUS' : 'AWS_EMPTY_REPLY';
    await expect(childrenOf(async () => manifest, digest)).rejects.toMatchObject({ code });
  });
});
