import { describe, expect, it } from '@jest/globals';
import { createLayout } from '../src/layout.ts';
import { holdsStatements, parseManifest } from '../src/manifest.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../src/media-types.ts';
import { platformsOf } from '../src/platforms.ts';
import { readRegistryJson } from '../src/registry-json.ts';
import { putImage, temporaryFolder } from './layouts.ts';

const read = (text: string) => readRegistryJson('The index', text);

describe('a document of a registry', () => {
  it.each([
    ['with the same member twice', '{"manifests":[],"manifests":[]}', 'twice'],
    ['with two members that differ by case', '{"a":[{"platform":{"os":"unknown","OS":"linux"}}]}', '"OS"'],
    [
      'with a member that only Go reads as another',
      '{"Manifests":[],"config":{},"layers":[]}',
      '"Manifests"',
    ],
    ['with two members that differ by case, unknown to us', '{"a":{"new":1,"NEW":2}}', '"NEW"'],
    ['with a member that is folded by Unicode alone', '{"o\u017f":"linux"}', '"os"'],
    ['with a member that is written with escapes', '{"os":"unknown","\\u006f\\u0073":"linux"}', 'twice'],
    ['that is an index and an image at once', '{"manifests":[],"layers":[]}', 'an index and the layers of'],
    ['that is no JSON', '{"manifests":[]', 'line 1'],
    ['with something behind it', '{"manifests":[]}{}', 'line 1'],
  ])('%s is refused', (_, text, said) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'IMAGE_AMBIGUOUS', message: expect.stringContaining(said) }),
    );
  });

  it('may have members that nobody here knows, and annotations, labels, ports and volumes of any names', () => {
    const map = { Name: 'a', name: 'b', os: '', OS: '' };
    const document = {
      new: 1,
      annotations: map,
      config: { Labels: map, ExposedPorts: { '80/tcp': {}, '80/TCP': {} }, Volumes: map, Cmd: ['os', 'OS'] },
    };
    expect(read(JSON.stringify(document))).toEqual(document);
  });

  it('is refused wherever it decides: as a manifest, as an index', () => {
    const twice = (type: string) => () => parseManifest(type, Buffer.from('{"layers":[],"LAYERS":[]}'));
    for (const type of [OCI_MANIFEST, OCI_INDEX])
      expect(twice(type)).toThrow(expect.objectContaining({ code: 'IMAGE_AMBIGUOUS' }));
  });
});

describe('a child that names no platform', () => {
  const layer = (mediaType: string) => ({ mediaType, digest: `sha256:${'1'.repeat(64)}` as const, size: 1 });
  const STATEMENT = layer('application/vnd.in-toto+json');
  const FILES = layer('application/vnd.oci.image.layer.v1.tar+gzip');

  it.each([
    [[STATEMENT], true],
    [[STATEMENT, STATEMENT], true],
    [[STATEMENT, FILES], false],
    [[FILES], false],
    [[], false],
  ])('is an attestation where all of its layers are statements', (layers, is) => {
    expect(holdsStatements({ layers })).toBe(is);
  });

  it('and holds files is a platform of the image, which its configuration names', async () => {
    const layout = createLayout(temporaryFolder('unknown'));
    const hidden = await putImage(layout, 'hidden');
    const platform = { os: 'unknown', architecture: 'unknown' };
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ ...hidden, platform }] }));
    const root = { mediaType: OCI_INDEX, digest: layout.writeBlob(index), size: index.length };
    expect(platformsOf(root, layout.readBlob).map((one) => one.platform)).toEqual(['linux/amd64']);
  });
});
