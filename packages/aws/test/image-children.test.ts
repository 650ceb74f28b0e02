import { describe, expect, it } from '@jest/globals';
import { digestOf } from '@tenant-delivery/vault/objects';
import { childrenOf } from '../src/image-children.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const AMD64 = { os: 'linux', architecture: 'amd64' };

const entry = (digest: string, more: object) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest,
  size: 2,
  ...more,
});

function childrenIn(document: object) {
  const manifest = JSON.stringify(document);
  return childrenOf(manifest, digestOf(manifest));
}

describe('the children of an image that must be inspected', () => {
  it('are all that a task could run, also one that calls itself an attestation', () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const manifests = [entry(A, { platform: AMD64, annotations }), entry(B, { platform: AMD64 })];
    expect(childrenIn({ manifests }).map(({ digest }) => digest)).toEqual([A, B]);
  });

  it('include one without a platform, whose configuration decides where it runs', () => {
    expect(childrenIn({ manifests: [entry(A, {}), entry(B, { platform: AMD64 })] })).toHaveLength(2);
  });

  it('leave out what no task can run', () => {
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const manifests = [entry(A, { platform: AMD64 }), entry(B, { platform: unknown })];
    expect(childrenIn({ manifests })).toEqual([{ platform: 'linux/amd64', digest: A }]);
  });

  it.each<[string, string]>([
    ['that is not what its digest names', '{"manifests":[]}'],
    ['that is no JSON', 'nonsense'],
    ['that is no object', '7'],
    [
      'with a child that cannot be addressed',
      JSON.stringify({ manifests: [entry(`sha512:${'a'.repeat(128)}`, { platform: AMD64 })] }),
    ],
  ])('are not known from a manifest %s', (what, manifest) => {
    const digest = what.startsWith('that is not what') ? (A as `sha256:${string}`) : digestOf(manifest);
    expect(() => childrenOf(manifest, digest)).toThrow(expect.objectContaining({ code: 'AWS_EMPTY_REPLY' }));
  });
});
