import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesInMemory } from '../src/byte-source.ts';
import { type LayerEntry, writeLayer } from '../src/layer.ts';
import { createLayout } from '../src/layout.ts';
import { OCI_LAYER_GZIP } from '../src/media-types.ts';
import { billOfMaterials } from '../src/sbom/cyclonedx.ts';
import { materialsOf } from '../src/sbom/image-files.ts';
import { nameOf } from '../src/sbom/vanished.ts';
import { temporaryFolder } from './layouts.ts';

type Files = Readonly<Record<string, string>>;

/** What the image of these layers is made of, each layer its files by path; `→x` is a link to x. */
async function materials(...layers: readonly Files[]) {
  const layout = createLayout(temporaryFolder('vanished'));
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
  return materialsOf({ layers: descriptors }, layout.openBlob);
}

const vanished = async (...layers: readonly Files[]) => (await materials(...layers)).vanished.map(nameOf);

const paragraph = (name: string, version = '1') =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;
const DEBIAN: Files = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/lib': '→usr/lib',
  '/var/lib/dpkg/status': [paragraph('base-files'), paragraph('zlib1g', '1.2.13')].join('\n'),
  '/var/lib/dpkg/info/base-files.list': '/.\n/etc\n/etc/os-release\n',
  '/var/lib/dpkg/info/zlib1g:amd64.list': '/.\n/lib\n/lib/libz.so.1\n/etc/zlib.conf\n',
  '/usr/lib/libz.so.1': 'code',
  '/etc/zlib.conf': 'settings',
};
const ZLIB = 'pkg:deb/debian/zlib1g@1.2.13?arch=amd64&distro=debian-12';
const ALPINE: Files = {
  '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
  '/lib/apk/db/installed':
    'P:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\nR:ld-musl.so.1\nF:usr/share\n\nP:empty\nV:1\n',
  '/lib/ld-musl.so.1': 'code',
};
const NPM: Files = {
  '/srv/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
  '/srv/node_modules/a/lib/index.js': 'code',
  '/srv/node_modules/a/node_modules/b/package.json': '{"name":"b","version":"2.0.0"}',
  '/srv/node_modules/a/node_modules/b/index.js': 'code',
};
const SITE = '/usr/lib/python3.13/site-packages';
const PYTHON: Files = {
  [`${SITE}/flask-3.0.dist-info/METADATA`]: 'Name: flask\nVersion: 3.0\n',
  [`${SITE}/flask-3.0.dist-info/RECORD`]: 'flask/__init__.py,sha256=x,1\n"a,b.py",,\n../../../bin/flask,,\n',
  [`${SITE}/flask/__init__.py`]: 'code',
};

describe('packages whose files are there while no database names them any more', () => {
  it.each<[string, readonly Files[], readonly string[]]>([
    ['the database of dpkg is deleted', [DEBIAN, { '/var/lib/.wh.dpkg': '' }], [ZLIB]],
    ['it is emptied', [DEBIAN, { '/var/lib/dpkg/status': '' }], [ZLIB]],
    ['one package is cut out of it', [DEBIAN, { '/var/lib/dpkg/status': paragraph('base-files') }], [ZLIB]],
    [
      'it is deleted in two layers',
      [DEBIAN, { '/var/lib/dpkg/info/.wh..wh..opq': '' }, { '/var/lib/.wh.dpkg': '' }],
      [ZLIB],
    ],
    [
      'the sums of an image without a package manager are deleted',
      [
        {
          '/var/lib/dpkg/status.d/libc6': 'Package: libc6\nVersion: 2.36\n',
          '/var/lib/dpkg/status.d/libc6.md5sums': `${'0'.repeat(32)}  lib/libc.so.6\n`,
          '/lib/libc.so.6': 'code',
        },
        { '/var/lib/dpkg/.wh.status.d': '' },
      ],
      ['pkg:deb/debian/libc6@2.36'],
    ],
    [
      'the database of apk is deleted',
      [ALPINE, { '/lib/.wh.apk': '' }],
      ['pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1'],
    ],
    [
      "a package.json of npm is deleted, which is its package's database",
      [NPM, { '/srv/node_modules/a/.wh.package.json': '' }],
      ['pkg:npm/a@1.0.0'],
    ],
    [
      'the metadata of a Python package is deleted',
      [PYTHON, { [`${SITE}/.wh.flask-3.0.dist-info`]: '' }],
      ['pkg:pypi/flask@3.0'],
    ],
    [
      'the database of rpm is deleted',
      [{ '/var/lib/rpm/rpmdb.sqlite': 'x' }, { '/var/lib/rpm/.wh.rpmdb.sqlite': '' }],
      ['the packages of rpm@'],
    ],
  ])('are told where %s', async (_, layers, expected) => {
    expect(await vanished(...layers)).toEqual(expected);
  });

  const GONE = { '/usr/lib/.wh.libz.so.1': '', '/var/lib/dpkg/info/.wh.zlib1g:amd64.list': '' };
  it.each<[string, readonly Files[]]>([
    ['nothing was taken away', [DEBIAN, NPM, PYTHON, { '/srv/server.js': 'code' }]],
    ['a package manager removed one', [DEBIAN, { ...GONE, '/var/lib/dpkg/status': paragraph('base-files') }]],
    [
      'one was upgraded',
      [DEBIAN, { '/var/lib/dpkg/status': `${paragraph('base-files')}\n${paragraph('zlib1g', '1.3')}` }],
    ],
    [
      'another package has the file now',
      [
        DEBIAN,
        {
          '/var/lib/dpkg/status': `${paragraph('base-files')}\n${paragraph('zlib2')}`,
          '/var/lib/dpkg/info/zlib2.list': '/usr/lib/libz.so.1\n',
          '/var/lib/dpkg/info/.wh.zlib1g:amd64.list': '',
        },
      ],
    ],
    [
      'the folder of a package of npm went with it',
      [NPM, { '/srv/node_modules/a/.wh.node_modules': '' }, { '/srv/node_modules/.wh.a': '' }],
    ],
    ['only the lists for installing are deleted', [DEBIAN, { '/var/lib/apt/.wh.lists': '' }]],
  ])('are none where %s', async (_, layers) => {
    expect(await vanished(...layers)).toEqual([]);
  });

  it('are in the bill of materials, marked', async () => {
    const image = {
      repositoryUri: 'registry.example/acme/orders',
      digest: `sha256:${'1'.repeat(64)}`,
    } as const;
    const bill = billOfMaterials(image, 'linux/amd64', await materials(DEBIAN, { '/var/lib/.wh.dpkg': '' }));
    const { components } = JSON.parse(bill.toString());
    expect(
      components.map((one: { purl?: string; properties?: object }) => [one.purl, one.properties]),
    ).toEqual([
      [undefined, undefined],
      [ZLIB, [{ name: 'tenant-delivery:vanished', value: 'true' }]],
    ]);
  });

  it('are exactly those that lost their entry and not their files, whatever else happens to others', async () => {
    const fates = ['kept', 'removed', 'hidden', 'upgraded'] as const;
    const packages = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,6}$/), fate: fc.constantFrom(...fates) }),
      {
        selector: ({ name }) => name,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(packages, async (all) => {
        const lower: Record<string, string> = {
          '/var/lib/dpkg/status': all.map(({ name }) => paragraph(name)).join('\n'),
        };
        const upper: Record<string, string> = {
          '/var/lib/dpkg/status': all
            .filter(({ fate }) => fate === 'kept' || fate === 'upgraded')
            .map(({ name, fate }) => paragraph(name, fate === 'kept' ? '1' : '2'))
            .join('\n'),
        };
        for (const { name, fate } of all) {
          lower[`/var/lib/dpkg/info/${name}.list`] = `/usr\n/usr/bin/${name}\n`;
          lower[`/usr/bin/${name}`] = 'code';
          if (fate !== 'removed') continue;
          upper[`/usr/bin/.wh.${name}`] = '';
          upper[`/var/lib/dpkg/info/.wh.${name}.list`] = '';
        }
        const hidden = all.filter(({ fate }) => fate === 'hidden').map(({ name }) => name);
        const found = (await materials(lower, upper)).vanished.map(({ name }) => name);
        expect(found).toEqual(hidden.toSorted());
      }),
      { numRuns: 100 },
    );
  });
});
