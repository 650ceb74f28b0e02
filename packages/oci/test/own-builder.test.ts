import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { BuildRequest, Built } from '../src/builder.ts';
import { bytesInMemory, joined } from '../src/byte-source.ts';
import { parseImageConfig } from '../src/image-config.ts';
import type { LayerEntry } from '../src/layer.ts';
import { parseManifest } from '../src/manifest.ts';
import { ownBuilder } from '../src/own/builder.ts';
import type { RegistryReader } from '../src/registry/port.ts';
import { type FileNode, Rootfs } from '../src/rootfs.ts';
import { baseRegistry, HOST } from './base-registry.ts';
import { temporaryFolder } from './layouts.ts';

const EPOCH = 1_800_000_000;
const root = { uid: 0, gid: 0 };
const BASE: readonly LayerEntry[] = [
  { path: '/bin', kind: 'symlink', target: 'usr/bin', mode: 0o777, ...root },
  { path: '/absolute', kind: 'symlink', target: '/usr/bin', mode: 0o777, ...root },
  { path: '/etc', kind: 'directory', mode: 0o755, ...root },
  {
    path: '/etc/os-release',
    kind: 'file',
    content: bytesInMemory(Buffer.from('ID=debian\n')),
    mode: 0o644,
    ...root,
  },
  { path: '/tmp', kind: 'directory', mode: 0o1777, ...root },
  { path: '/usr/bin', kind: 'directory', mode: 0o755, ...root },
];

let folder: string;
let base: RegistryReader;

beforeEach(async () => {
  folder = temporaryFolder('own');
  base = await baseRegistry(BASE, { Env: ['PATH=/usr/bin'], Cmd: ['node'], WorkingDir: '/', User: 'node' });
});

afterEach(() => rmSync(folder, { recursive: true }));

type Files = Readonly<Record<string, string>>;

function write(files: Files, into: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
}

async function build(
  dockerfile: string,
  files: Files = {},
  change: Partial<BuildRequest> = {},
): Promise<Built> {
  const context = join(folder, 'context');
  write({ Dockerfile: dockerfile, ...files }, context);
  return ownBuilder(base).build({
    context,
    dockerfile: 'Dockerfile',
    platforms: ['linux/amd64'],
    buildArgs: { REGISTRY: HOST },
    base: [],
    labels: {},
    epoch: EPOCH,
    output: join(folder, `out-${Math.random()}`),
    ...change,
  });
}

/** The file system and the configuration of a built image. */
async function look({ layout, root }: Built) {
  const parsed = parseManifest(root.mediaType, layout.readBlob(root.digest));
  if (parsed.kind !== 'image') throw new Error('an index');
  const files = new Rootfs<Buffer>();
  for (const layer of parsed.manifest.layers)
    await files.apply(layout.openBlob(layer.digest), ({ parts }) => joined(parts));
  const image = parseImageConfig(layout.readBlob(parsed.manifest.config.digest));
  const text = (path: string) => {
    const node = files.get(path);
    return node?.kind === 'file' ? node.content.toString() : node?.kind;
  };
  return { files, text, image, config: image.config ?? {}, layers: parsed.manifest.layers.length };
}

const meta = (node: FileNode<Buffer> | undefined) => node && [node.mode.toString(8), node.uid, node.gid];

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure, but ${String(thrown)}`);
}

const FROM = 'ARG REGISTRY\nFROM ${REGISTRY}/base/node:24\n';

describe('the same inputs', () => {
  const dockerfile = `${FROM}WORKDIR /srv\nCOPY . ./\nENV A=1\nCMD ["node", "a.mjs"]\n`;
  const files = { 'a.mjs': 'a', 'lib/b.mjs': 'b', 'lib/deep/c.mjs': 'c' };

  it('give the same digest, whenever and wherever they are built', async () => {
    const first = await build(dockerfile, files);
    utimesSync(join(folder, 'context/a.mjs'), 1, 1);
    chmodSync(join(folder, 'context/a.mjs'), 0o600);
    const elsewhere = join(folder, 'elsewhere');
    write({ 'lib/deep/c.mjs': 'c', 'lib/b.mjs': 'b', 'a.mjs': 'a', Dockerfile: dockerfile }, elsewhere);
    expect((await build(dockerfile, files)).root.digest).toBe(first.root.digest);
    expect((await build(dockerfile, {}, { context: elsewhere })).root.digest).toBe(first.root.digest);
  });

  it('give another digest as soon as one of them differs', async () => {
    const first = (await build(dockerfile, files)).root.digest;
    const others = [
      await build(dockerfile, { ...files, 'lib/b.mjs': 'changed' }),
      await build(dockerfile, files, { epoch: EPOCH + 1 }),
      await build(dockerfile.replace('A=1', 'A=2'), files),
    ];
    for (const { root } of others) expect(root.digest).not.toBe(first);
  });
});

describe('several platforms', () => {
  const dockerfile =
    'FROM scratch AS one\nARG TARGETARCH\nCOPY $TARGETARCH /arch\nFROM one AS two\nCOPY amd64 /two\n';
  const files = { amd64: 'x86', arm64: 'arm' };
  const change = {
    platforms: ['linux/amd64', 'linux/arm64'],
    annotations: { 'org.opencontainers.image.version': '1.2.3' },
  };

  it('are one index with a child each, made of what is for it, and the same digest every time', async () => {
    const { layout, root } = await build(dockerfile, files, change);
    const index = JSON.parse(layout.readBlob(root.digest).toString());
    expect(root.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(index.annotations).toEqual(change.annotations);
    const children = await Promise.all(
      index.manifests.map(async (child: Built['root']) => {
        const image = await look({ layout, root: child });
        return [child.platform?.architecture, image.image.architecture, image.text('/arch')];
      }),
    );
    expect(children).toEqual([
      ['amd64', 'amd64', 'x86'],
      ['arm64', 'arm64', 'arm'],
    ]);
    expect((await build(dockerfile, files, change)).root.digest).toBe(root.digest);
  });

  it('each take the base that is theirs, and one that the base lacks is named', async () => {
    const lacking = await failureOf(build(FROM, {}, { platforms: change.platforms }));
    expect([lacking.code, lacking.message]).toEqual([
      'BASE_IMAGE_UNAVAILABLE',
      expect.stringContaining('linux/arm64'),
    ]);
  });

  it('end at the stage that was asked for; one that is not there is refused with those that are', async () => {
    const one = await look(await build(dockerfile, files, { target: 'one' }));
    expect([one.text('/arch'), one.text('/two')]).toEqual(['x86', undefined]);
    const none = await failureOf(build(dockerfile, files, { target: 'three' }));
    expect([none.code, none.message]).toEqual(['DOCKERFILE_INVALID', expect.stringContaining('one, two')]);
  });
});

describe('a Dockerfile without RUN', () => {
  it('becomes an image on its base, with everything that it says', async () => {
    const image = await look(
      await build(
        `${FROM}ARG VERSION=1
ENV VERSION=\${VERSION} \\
  # a comment is no part of it
  GREETING="hello $VERSION" QUOTED='$VERSION'
ENV OLD the rest of the line
LABEL a.b="c d" e=f
EXPOSE 8080 9000-9001/udp
WORKDIR /srv
WORKDIR app
COPY --chown=1000:2000 --chmod=750 server.mjs ./
USER 1000
HEALTHCHECK --interval=1m30s --retries=2 CMD curl -f http://localhost/
ENTRYPOINT ["node"]
CMD ["server.mjs"]
`,
        { 'server.mjs': 'serve' },
        { buildArgs: { REGISTRY: HOST, VERSION: '7' }, labels: { revision: 'abc' } },
      ),
    );
    expect(image.config).toMatchObject({
      Env: ['PATH=/usr/bin', 'VERSION=7', 'GREETING=hello 7', 'QUOTED=$VERSION', 'OLD=the rest of the line'],
      Labels: { 'a.b': 'c d', e: 'f', revision: 'abc' },
      ExposedPorts: { '8080/tcp': {}, '9000/udp': {}, '9001/udp': {} },
      WorkingDir: '/srv/app',
      User: '1000',
      Healthcheck: { Test: ['CMD-SHELL', 'curl -f http://localhost/'], Interval: 90e9, Retries: 2 },
      Entrypoint: ['node'],
      Cmd: ['server.mjs'],
    });
    expect(image.text('/srv/app/server.mjs')).toBe('serve');
    expect(meta(image.files.get('/srv/app/server.mjs'))).toEqual(['750', 1000, 2000]);
    expect(image.text('/etc/os-release')).toBe('ID=debian\n');
    expect(image.image).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      created: '2027-01-15T08:00:00Z',
    });
    expect(image.image.rootfs.diff_ids).toHaveLength(image.layers);
  });

  it('is found by a name that is cut and put together as BuildKit does it', async () => {
    const from = 'ARG TAG=v24.1-alpine\nARG MAJOR=${TAG%%.*}\nFROM ${REGISTRY//x/x}/base/node:${MAJOR#v}\n';
    const built = await look(await build(`ARG REGISTRY\n${from}ENV A="${'${PATH/bin/lib}'}"\n`));
    expect(built.text('/etc/os-release')).toBe('ID=debian\n');
    expect(built.config.Env).toContain('A=/usr/lib');
  });

  it('keeps paths as they are written, takes an argument of the stage before, and every form of a port', async () => {
    const { config } = await look(
      await build(
        [
          'FROM scratch AS one',
          'ENV KEPT=image',
          'ARG FROM_ONE=1 KEPT=hidden',
          'ENV SEEN=$KEPT',
          'FROM one',
          'ENV SAID=$FROM_ONE-$KEPT PORTS="82 83/udp"',
          'WORKDIR /a/../b/',
          'EXPOSE $PORTS 8080:80 127.0.0.1:8081:81/TCP 90-91',
          'USER a  b',
          '',
        ].join('\n'),
      ),
    );
    expect(config.Env?.slice(1)).toEqual(['KEPT=image', 'SEEN=hidden', 'SAID=1-image', 'PORTS=82 83/udp']);
    expect([config.WorkingDir, config.User]).toEqual(['/a/../b/', 'a  b']);
    expect(Object.keys(config.ExposedPorts ?? {}).sort()).toEqual([
      '80/tcp',
      '81/tcp',
      '82/tcp',
      '83/udp',
      '90/tcp',
      '91/tcp',
    ]);
    for (const port of ['70000', '90-80', '80/foo', 'a', '"80 81"']) {
      const failure = await failureOf(build(`FROM scratch\nEXPOSE ${port}\n`));
      expect([port, failure.code]).toEqual([port, 'DOCKERFILE_INVALID']);
    }
  });

  it('gives a folder that WORKDIR makes to the user, by number or by the lists of the image', async () => {
    const lists = { passwd: 'root:x:0:0::/:/bin/sh\napp:x:10:20::/:/bin/sh\n', group: 'staff:x:50:\n' };
    const lines =
      'FROM scratch\nWORKDIR /before\nUSER 1:2\nWORKDIR /a/b\nUSER 3\nWORKDIR /c\nWORKDIR /before';
    const named =
      'COPY passwd group /etc/\nUSER app\nWORKDIR /d\nUSER app:staff\nWORKDIR /e\nUSER 7:staff\nWORKDIR /f\nUSER nobody:5\nWORKDIR /g\n';
    const { files } = await look(await build(`${lines}\n${named}`, lists));
    const owners = ['/before', '/a', '/a/b', '/c', '/d', '/e', '/f', '/g'].map((path) => {
      const { uid, gid } = files.get(path) ?? {};
      return `${path} ${uid}:${gid}`;
    });
    expect(owners).toEqual([
      '/before 0:0',
      '/a 1:2',
      '/a/b 1:2',
      '/c 3:3',
      '/d 10:20',
      '/e 10:50',
      '/f 7:50',
      '/g 0:5',
    ]);
  });

  it('copies with --link as if nothing were below it', async () => {
    const lines =
      'FROM scratch\nCOPY --chown=9 a /to/\nCOPY --link b /to/\nCOPY --link=false a /to/c/\nCOPY --link a /to/d\n';
    const { files } = await look(await build(lines, { a: 'a', b: 'b' }));
    expect(files.get('/to')).toMatchObject({ kind: 'directory', uid: 0, gid: 0 });
    expect(files.get('/to/a')).toMatchObject({ kind: 'file', uid: 9 });
    expect(files.get('/to/d')).toMatchObject({ kind: 'file', uid: 0 });
    expect(files.get('/to/b')).toBeDefined();
  });

  it("forgets the base's command when it has an entry point of its own", async () => {
    expect((await look(await build(`${FROM}ENTRYPOINT ["x"]\n`))).config).not.toHaveProperty('Cmd');
    expect((await look(await build(`${FROM}CMD ["y"]\nENTRYPOINT ["x"]\n`))).config.Cmd).toEqual(['y']);
    expect((await look(await build(`${FROM}USER 5\n`))).config.Cmd).toEqual(['node']);
  });

  it("keeps the base's folders and links as they are", async () => {
    const { files, text } = await look(
      await build(`${FROM}COPY tool /bin/\nCOPY tool /tmp/../absolute/again\nCOPY scratch /tmp/scratch\n`, {
        tool: 'tool',
        scratch: 's',
      }),
    );
    expect(files.get('/bin')?.kind).toBe('symlink');
    expect([text('/usr/bin/tool'), text('/usr/bin/again')]).toEqual(['tool', 'tool']);
    expect(meta(files.get('/tmp'))).toEqual(['1777', 0, 0]);
  });

  it('copies files, folders, patterns and links as Docker does', async () => {
    const context = join(folder, 'context');
    write(
      { 'src/a.txt': 'a', 'src/sub/b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd', 'a b.txt': 'blank' },
      context,
    );
    symlinkSync('a.txt', join(context, 'src/link'));
    symlinkSync('c.txt', join(context, 'named'));
    const { text, files } = await look(
      await build(
        `FROM scratch
COPY src /whole
COPY src/a.txt /renamed
COPY src/a.txt /into/
COPY *.txt /all/
COPY ["a b.txt", "/blank/"]
COPY named /followed
COPY c.txt /whole
`,
      ),
    );
    expect(text('/whole/a.txt')).toBe('a');
    expect(text('/whole/sub/b.txt')).toBe('b');
    expect(files.get('/whole/link')).toMatchObject({ kind: 'symlink', target: 'a.txt' });
    expect([text('/renamed'), text('/into/a.txt')]).toEqual(['a', 'a']);
    expect([text('/all/c.txt'), text('/all/d.txt'), text('/all/src')]).toEqual(['c', 'd', undefined]);
    expect([text('/blank/a b.txt'), text('/followed'), text('/whole/c.txt')]).toEqual(['blank', 'c', 'c']);
  });

  it('keeps owners and modes of what it takes from a stage, and gives the context to root', async () => {
    const { files } = await look(
      await build(
        `FROM scratch AS one
COPY --chown=5:6 --chmod=640 tree /tree
FROM scratch
COPY --from=one /tree /kept
COPY --from=one --chown=7 /tree /given
COPY tree /own
`,
        { 'tree/deep/file': 'x' },
      ),
    );
    const seen = ['kept', 'given', 'own'].map((name) =>
      ['', '/deep', '/deep/file'].map((path) => meta(files.get(`/${name}${path}`))?.join(' ')),
    );
    expect(seen).toEqual([
      ['755 0 0', '640 5 6', '640 5 6'],
      ['755 7 7', '640 7 7', '640 7 7'],
      ['755 0 0', '755 0 0', '644 0 0'],
    ]);
  });

  it('gives folders that a COPY makes the mode of --chmod, without its sticky bit', async () => {
    const { files } = await look(
      await build(
        `FROM scratch
COPY --chmod=1750 a.txt /made/deep/a.txt
COPY --chmod=700 a.txt /made/
`,
        { 'a.txt': 'x' },
      ),
    );
    const seen = ['/made', '/made/deep', '/made/deep/a.txt', '/made/a.txt'].map((path) =>
      meta(files.get(path)),
    );
    expect(seen.map((each) => each?.[0])).toEqual(['750', '750', '1750', '700']);
  });

  it('gives a folder that is there the mode and the owner of one that is copied onto it, and keeps what is in it', async () => {
    const { files, text } = await look(
      await build(
        `FROM scratch
COPY --chmod=750 tree /tree
COPY --chown=1:2 --chmod=644 more /
`,
        { 'tree/deep/a.txt': 'a', 'more/tree/b.txt': 'b' },
      ),
    );
    const seen = ['/tree', '/tree/deep', '/tree/b.txt'].map((path) => meta(files.get(path))?.join(' '));
    expect(seen).toEqual(['644 1 2', '750 0 0', '644 1 2']);
    expect(text('/tree/deep/a.txt')).toBe('a');
  });

  it('takes from earlier stages, by name and by number, and leaves out what no stage needs', async () => {
    const { text } = await look(
      await build(
        `ARG REGISTRY
FROM \${REGISTRY}/base/node:24 AS Build
COPY a /made/a
FROM nowhere/at/all AS unused
RUN false
FROM build AS next
COPY a /next/b
FROM scratch
COPY --from=build /made /from-name
COPY --from=2 /next/b /from-number
COPY --from=next /etc/os-release /release
`,
        { a: 'A' },
      ),
    );
    expect([text('/from-name/a'), text('/from-number'), text('/release')]).toEqual(['A', 'A', 'ID=debian\n']);
    expect([text('/from-name'), text('/made/a')]).toEqual(['directory', undefined]);
  });

  it("takes any file of a base's layers, also several and in any order, and leaves nothing beside the layout", async () => {
    const many = Array.from({ length: 300 }, (_, n) => ({
      path: `/data/${n}`,
      kind: 'file' as const,
      content: bytesInMemory(Buffer.from(`file ${n} `.repeat(n * 10))),
      mode: 0o600,
      ...root,
    }));
    base = await baseRegistry([{ path: '/data', kind: 'directory', mode: 0o755, ...root }, ...many, ...BASE]);
    const output = join(folder, 'outputs', 'layout');
    mkdirSync(dirname(output));
    const { text } = await look(
      await build(
        'ARG REGISTRY\nFROM ${REGISTRY}/base/node:24 AS base\nFROM scratch\nCOPY --from=base /data/299 /a\nCOPY --from=base /data /data\n',
        {},
        { output },
      ),
    );
    for (const n of [0, 1, 7, 299]) expect(text(`/data/${n}`)).toBe(`file ${n} `.repeat(n * 10));
    expect(text('/a')).toBe('file 299 '.repeat(2990));
    expect(readdirSync(dirname(output))).toEqual(['layout']);
  });

  it('leaves out what the ignore file says, and .git always', async () => {
    const { text } = await look(
      await build('FROM scratch\nCOPY . /\n', {
        '.dockerignore': '*.log\n',
        'a.log': 'x',
        '.git/config': 'token',
        b: 'b',
      }),
    );
    expect([text('/b'), text('/a.log'), text('/.git/config'), text('/.git')]).toEqual([
      'b',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a Dockerfile that cannot be built here is refused', () => {
  it('with every line that it would need an engine for', async () => {
    const failure = await failureOf(
      build(
        `${FROM}RUN npm ci && \\
  npm run build
COPY --chown=node:node --exclude=x a ./
ADD https://example.com/x /x
ADD --chmod=u+x a /a
COPY --from=other /x /x
COPY <<EOF /x
text
EOF
VOLUME /data
SHELL ["bash"]
`,
        { a: 'a' },
      ),
    );
    expect(failure.code).toBe('DOCKERFILE_UNSUPPORTED');
    expect(failure.details.map((line) => /^line \d+: \S+/.exec(line)?.[0])).toEqual([
      'line 3: RUN',
      'line 5: COPY',
      'line 6: ADD',
      'line 7: --chmod=u+x;',
      'line 8: --from=other',
      'line 9: COPY',
      'line 12: VOLUME',
      'line 13: SHELL',
    ]);
  });

  it('when an ADD would unpack an archive', async () => {
    const gzip = Buffer.from([0x1f, 0x8b, 8, 0]).toString('latin1');
    mkdirSync(join(folder, 'context'));
    writeFileSync(join(folder, 'context/a.tgz'), gzip, 'latin1');
    const failure = await failureOf(build('FROM scratch\nADD a.tgz /\n'));
    expect([failure.code, failure.details[0]]).toEqual([
      'DOCKERFILE_UNSUPPORTED',
      expect.stringContaining('unpack a.tgz'),
    ]);
  });

  it('with the lines that cannot be read', async () => {
    const wrong = {
      'FROM a b\n': 'line 1: FROM takes',
      'COPY a b\nFROM scratch\n': 'line 1: COPY comes before',
      'FROM ${NOTHING}\n': 'line 1: FROM ${NOTHING} names no image',
      'FROM scratch\nENV A=${B?}\n': 'line 2: B: it needs a value, and has none',
      'ARG V\nFROM node:${V:?unknown}\n': 'line 2: V: unknown',
      'FROM scratch\nHEALTHCHECK sometimes\n': 'line 2: HEALTHCHECK takes',
      'FROM scratch\nCOPY a\n': 'line 2: COPY a has no target',
      '# nothing\n': 'it has no FROM',
    };
    for (const [dockerfile, expected] of Object.entries(wrong)) {
      const failure = await failureOf(build(dockerfile));
      expect([failure.code, failure.details[0]]).toEqual([
        'DOCKERFILE_INVALID',
        expect.stringContaining(expected),
      ]);
    }
  });

  it('when it copies what is not there, or what the ignore file leaves out', async () => {
    expect((await failureOf(build('FROM scratch\nCOPY missing /x\n'))).code).toBe('COPY_SOURCE_MISSING');
    const ignored = build('FROM scratch\nCOPY secret /x\n', { secret: 's', '.dockerignore': 'secret' });
    expect((await failureOf(ignored)).code).toBe('COPY_SOURCE_MISSING');
    const stage = build('FROM scratch AS a\nCOPY x /x\nFROM scratch\nCOPY --from=a /y /y\n', { x: 'x' });
    expect((await failureOf(stage)).code).toBe('COPY_SOURCE_MISSING');
  });

  it('when a copy leaves the context: by .., by a variable, by a link on its way, by the Dockerfile itself', async () => {
    const context = join(folder, 'context');
    write({ secret: 's' }, folder);
    mkdirSync(context);
    symlinkSync('..', join(context, 'up'));
    symlinkSync('../secret', join(context, 'linked'));
    const copies = [
      'COPY ../secret /x',
      'COPY a/../../secret /x',
      'ARG U=..\nCOPY $U/secret /x',
      'COPY up/secret /x',
      'COPY linked /x',
    ];
    for (const copy of copies) {
      expect([copy, (await failureOf(build(`FROM scratch\n${copy}\n`))).code]).toEqual([
        copy,
        'COPY_OUTSIDE_CONTEXT',
      ]);
    }
    const climbing = await failureOf(build('FROM scratch\nARG U=../a\nCOPY $U/../secret /x\n'));
    expect(climbing.details).toEqual([
      'line 3: COPY $U/../secret: BuildKit never goes above the context; write the path from its top',
    ]);
    const own = await failureOf(build('FROM scratch\n', {}, { dockerfile: 'linked' }));
    expect(own.code).toBe('COPY_OUTSIDE_CONTEXT');
    const whole = await look(await build('FROM scratch\nCOPY . /\n'));
    expect(whole.files.get('/linked')).toMatchObject({ kind: 'symlink', target: '../secret' });
  });

  it('when a path leads through links round in circles, in the context, in a base and where it copies to', async () => {
    const context = join(folder, 'context');
    mkdirSync(context);
    symlinkSync('round', join(context, 'round'));
    const lines = [
      'FROM scratch\nCOPY round /x\n',
      'FROM scratch AS a\nCOPY . /\nFROM scratch\nCOPY --from=a /round /x\n',
      'FROM scratch\nCOPY . /\nCOPY Dockerfile /round/\n',
      'FROM scratch\nCOPY . /\nWORKDIR /round\n',
    ];
    for (const dockerfile of lines) {
      const failure = await failureOf(build(dockerfile));
      const line = dockerfile.trim().split('\n').length;
      expect([failure.code, failure.message]).toEqual([
        'COPY_SOURCE_MISSING',
        expect.stringMatching(new RegExp(`^line ${line}: /?round/? leads through more than 40 links`)),
      ]);
    }
  });

  it('when a file changes while it is built', async () => {
    const context = join(folder, 'context');
    write({ 'a.txt': 'a' }, context);
    const registry: RegistryReader = {
      ...base,
      streamBlob: async (...args) => {
        write({ 'a.txt': 'longer' }, context);
        await base.streamBlob(...args);
      },
    };
    write({ Dockerfile: `${FROM}COPY a.txt /\n` }, context);
    const failure = await failureOf(
      ownBuilder(registry).build({
        context,
        dockerfile: 'Dockerfile',
        platforms: ['linux/amd64'],
        buildArgs: { REGISTRY: HOST },
        base: [],
        labels: {},
        epoch: EPOCH,
        output: join(folder, 'changed'),
      }),
    );
    expect([failure.code, failure.message]).toEqual([
      'BUILD_FAILED',
      'a.txt changed while the image was built.',
    ]);
  });

  it('when it names contexts that only buildx knows', async () => {
    const named = await failureOf(build('FROM scratch\n', {}, { contexts: { assets: folder } }));
    expect([named.code, named.message]).toEqual([
      'DOCKERFILE_UNSUPPORTED',
      expect.stringContaining('assets'),
    ]);
  });

  it('when its base is no longer what was looked at', async () => {
    const moved = { reference: `${HOST}/base/node:24`, digest: `sha256:${'2'.repeat(64)}` as const };
    expect((await failureOf(build(FROM, {}, { base: [moved] }))).code).toBe('BASE_IMAGE_UNAVAILABLE');
  });

  it('when its base is elsewhere, does not exist, or is made for another platform', async () => {
    const elsewhere = await failureOf(build('FROM docker.io/library/node:24\n'));
    expect([elsewhere.code, elsewhere.message]).toEqual([
      'BASE_IMAGE_UNAVAILABLE',
      expect.stringContaining(HOST),
    ]);
    expect((await failureOf(build(FROM.replace(':24', ':23')))).code).toBe('BASE_IMAGE_UNAVAILABLE');
    const arm = await failureOf(build(FROM, {}, { platforms: ['linux/arm64'] }));
    expect([arm.code, arm.message]).toEqual([
      'BASE_IMAGE_UNAVAILABLE',
      expect.stringContaining('linux/amd64'),
    ]);
  });
});
