import { expect, it } from '@jest/globals';
import type { Digest } from '@tenant-delivery/domain';
import { bytesInMemory } from '../src/byte-source.ts';
import { type LayerEntry, writeLayer } from '../src/layer.ts';
import { createLayout } from '../src/layout.ts';
import { OCI_LAYER_GZIP } from '../src/media-types.ts';
import { billOfMaterials } from '../src/sbom/cyclonedx.ts';
import { materialsOf } from '../src/sbom/image-files.ts';
import { temporaryFolder } from './layouts.ts';

const IMAGE = { repositoryUri: 'registry.example/acme/orders', digest: `sha256:${'1'.repeat(64)}` as Digest };
const DEBIAN = 'ID=debian\nVERSION_ID="12"\n';
const STATUS = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.2.13.dfsg-1+b1

Package: gone
Status: deinstall ok config-files
Version: 1
`;

type Files = Readonly<Record<string, string>>;

/** The purls of an image of these layers, with the rest of its bill. */
async function bill(...layers: readonly Files[]) {
  const layout = createLayout(temporaryFolder('bill'));
  const descriptors = [];
  for (const files of layers) {
    const entries = Object.entries(files).map(
      ([path, text]): LayerEntry => ({
        path,
        mode: 0o644,
        uid: 0,
        gid: 0,
        ...(text.startsWith('→')
          ? { kind: 'symlink', target: text.slice(1) }
          : { kind: 'file', content: bytesInMemory(Buffer.from(text)) }),
      }),
    );
    const { digest, size } = await writeLayer(layout, entries, 0);
    descriptors.push({ mediaType: OCI_LAYER_GZIP, digest, size });
  }
  const materials = await materialsOf({ layers: descriptors }, layout.openBlob);
  const bytes = billOfMaterials(IMAGE, 'linux/amd64', materials);
  const document = JSON.parse(bytes.toString());
  const named = document.components.map((one: { purl?: string; 'bom-ref': string }) => one['bom-ref']);
  return { bytes, document, named };
}

const json = JSON.stringify;

it.each<[string, Files, readonly string[]]>([
  [
    'dpkg, without what was removed, through a link to the release file',
    {
      '/etc/os-release': '→../usr/lib/os-release',
      '/usr/lib/os-release': DEBIAN,
      '/var/lib/dpkg/status': STATUS,
    },
    ['operating-system:debian@12', 'pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1%2Bb1?arch=amd64&distro=debian-12'],
  ],
  [
    'dpkg of an image without a package manager',
    {
      '/var/lib/dpkg/status.d/base': 'Package: base\nVersion: 1\n',
      '/var/lib/dpkg/status.d/base.md5sums': 'x',
    },
    ['pkg:deb/debian/base@1'],
  ],
  [
    'apk',
    {
      '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
      '/lib/apk/db/installed': 'C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:zlib\nV:1.3-r1\nA:x86_64\n',
    },
    [
      'operating-system:alpine@3.20.1',
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1',
      'pkg:apk/alpine/zlib@1.3-r1?arch=x86_64&distro=alpine-3.20.1',
    ],
  ],
  [
    'node_modules, whatever the lockfile beside it or inside a package says',
    {
      '/srv/package-lock.json': json({ packages: { 'node_modules/jest': { version: '30.0.0' } } }),
      '/srv/node_modules/@a/b/package.json': json({ name: '@a/b', version: '2.0.0' }),
      '/srv/node_modules/@a/b/lib/node_modules/c/package.json': json({ name: 'c', version: '3.0.0' }),
      '/srv/node_modules/@a/b/yarn.lock': 'x@1:\n  version "1.0.0"\n',
      '/srv/node_modules/e/esm/package.json': json({ type: 'module' }),
    },
    ['pkg:npm/%40a/b@2.0.0', 'pkg:npm/c@3.0.0'],
  ],
  [
    'a package-lock.json alone, without what only development needs',
    {
      '/app/package-lock.json': json({
        packages: {
          '': { name: 'app', version: '1.0.0' },
          'node_modules/a': { version: '1.0.0' },
          'node_modules/a/node_modules/@s/b': { version: '2.0.0' },
          'node_modules/alias': { name: 'real', version: '4.0.0' },
          'node_modules/jest': { version: '3.0.0', dev: true },
          'node_modules/w': { link: true },
        },
      }),
    },
    ['pkg:npm/%40s/b@2.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/real@4.0.0'],
  ],
  [
    'both forms of yarn.lock',
    {
      '/one/yarn.lock':
        '# yarn lockfile v1\n\n\n"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.0"\n  resolved "x"\n\nb@2:\n  version "2.0.1"\n',
      '/two/yarn.lock':
        '__metadata:\n  version: 8\n\n"c@npm:^3.0.0":\n  version: 3.1.0\n  resolution: "c@npm:3.1.0"\n\n"w@workspace:.":\n  version: 0.0.0-use.local\n',
    },
    ['pkg:npm/%40s/a@1.2.0', 'pkg:npm/b@2.0.1', 'pkg:npm/c@3.1.0'],
  ],
  [
    'both forms of pnpm-lock.yaml',
    {
      '/one/pnpm-lock.yaml':
        "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {integrity: x}\n\n  b@2.0.0(peer@1.0.0):\n    engines: {node: '>=1'}\n\nsnapshots:\n\n  z@9.0.0: {}\n",
      '/two/pnpm-lock.yaml': 'packages:\n\n  /c@3.0.0:\n    resolution: {}\n',
    },
    ['pkg:npm/%40s/a@1.0.0', 'pkg:npm/b@2.0.0', 'pkg:npm/c@3.0.0'],
  ],
  [
    'Python, of pip and of Debian, and not what only describes one',
    {
      '/usr/local/lib/python3.13/site-packages/Flask_SQL.Alchemy-3.1.dist-info/METADATA':
        'Metadata-Version: 2.1\r\nName: Flask_SQL.Alchemy\r\nVersion: 3.1\r\n\r\nName: other\r\nVersion: 9\r\n',
      '/usr/lib/python3/dist-packages/six-1.16.0.egg-info': 'Name: six\nVersion: 1.16.0\n',
      '/srv/docs/x.dist-info/METADATA': 'Name: x\nVersion: 1\n',
      '/srv/requirements.txt': 'flask==1.0\n',
    },
    ['pkg:pypi/flask-sql-alchemy@3.1', 'pkg:pypi/six@1.16.0'],
  ],
  [
    'files that are not what they are called',
    { '/a/package-lock.json': '{', '/node_modules/x/package.json': '[]' },
    [],
  ],
])('a bill of materials names the packages of %s', async (_, files, expected) => {
  expect((await bill(files)).named).toEqual(expected);
});

it('is about the image as it is: what a later layer removed or replaced is not in it', async () => {
  const lower = {
    '/srv/node_modules/a/package.json': json({ name: 'a', version: '1.0.0' }),
    '/srv/node_modules/b/package.json': json({ name: 'b', version: '1.0.0' }),
  };
  const upper = {
    '/srv/node_modules/.wh.b': '',
    '/srv/node_modules/a/package.json': json({ name: 'a', version: '1.0.1' }),
  };
  expect((await bill(lower, upper)).named).toEqual(['pkg:npm/a@1.0.1']);
});

it('is the same bytes for the same image, carries no time, and says where each package was seen', async () => {
  const files = {
    '/a/node_modules/x/package.json': json({ name: 'x', version: '1.0.0' }),
    '/b/node_modules/x/package.json': json({ name: 'x', version: '1.0.0' }),
  };
  const { bytes, document } = await bill(files);
  expect((await bill(files)).bytes).toEqual(bytes);
  expect(bytes.toString()).not.toContain('timestamp');
  expect(document).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: expect.stringMatching(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    metadata: { component: { type: 'container', name: 'acme/orders', version: IMAGE.digest } },
    compositions: [{ aggregate: 'unknown' }],
  });
  expect(document.components[0].evidence.occurrences).toEqual([
    { location: '/a/node_modules/x/package.json' },
    { location: '/b/node_modules/x/package.json' },
  ]);
});

it('does not claim to be whole where a database is in the image that it cannot read', async () => {
  const { document } = await bill({ '/var/lib/rpm/rpmdb.sqlite': 'x' });
  expect(document.compositions[0].aggregate).toBe('incomplete');
});
