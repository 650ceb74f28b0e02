import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { issueToken } from '@tenant-delivery/local-aws/registry/tokens';
import { seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import type { Built, ImageBuilder } from '@tenant-delivery/oci/builder';
import { buildxUnavailable } from '@tenant-delivery/oci/buildx/available';
import { buildxBuilder } from '@tenant-delivery/oci/buildx/builder';
import { loadImage } from '@tenant-delivery/oci/buildx/load';
import { bytesInMemory, joined } from '@tenant-delivery/oci/byte-source';
import { writeLayer } from '@tenant-delivery/oci/layer';
import { createLayout, nameRoot } from '@tenant-delivery/oci/layout';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import { registryClient } from '@tenant-delivery/oci/registry/client';
import { pushLayout } from '@tenant-delivery/oci/registry/push';
import { Rootfs } from '@tenant-delivery/oci/rootfs';
import { MEANT_FOR_THE_BUILDER } from '@tenant-delivery/testkit/builder-variables';
import { describeWith, tool } from '@tenant-delivery/testkit/optional-tool';

// Our builder against Docker buildx: the same Dockerfile gives the same files, owners, modes and configuration.

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const FROM = 'ARG REGISTRY\nFROM ${REGISTRY}/base/rich:1\n';

const DOCKERFILES: Readonly<Record<string, string>> = {
  'a whole context': 'FROM scratch\nCOPY . /\n',
  'files and folders':
    'FROM scratch\nCOPY src /whole\nCOPY src/a.txt /renamed\nCOPY src/a.txt /into/\nCOPY *.txt /all/\nCOPY ["a b.txt", "/blank/"]\nCOPY c.txt /whole\n',
  'several sources and patterns':
    'FROM scratch\nCOPY c.txt d.txt src /m/\nCOPY src/ /s2/\nCOPY src/sub /s2/sub2/\nCOPY s?c/*.txt /glob/\nCOPY */sub /globdir\n',
  links: 'FROM scratch\nCOPY named /followed\nCOPY linkdir /ld\nCOPY src/link /l/\nCOPY linkdir/b.txt /lb\n',
  "the base's folders and links": `${FROM}COPY c.txt /bin/\nCOPY c.txt /tmp/x\nCOPY c.txt /opt/y\nCOPY c.txt rel\nCOPY c.txt ./\nCOPY c.txt /home/app/old\nCOPY src /home/app\n`,
  'owners and modes': `${FROM}COPY --chown=7:8 src /home/app/src\nCOPY --chown=9 c.txt /new/deep/c\nCOPY --chmod=750 c.txt /mode\nCOPY --chown=1:2 src /home\nADD --chown=4:5 --chmod=640 c.txt /c\n`,
  'working directories': `${FROM}WORKDIR sub\nENV X=y\nWORKDIR \${X}/z\nCOPY c.txt .\nCOPY c.txt ../up\n`,
  variables: `${FROM}ARG A=1\nARG B\nENV C=$A D="q $A" E='$A' F=a\\ b G=\${B:-def} H=\${A:+set} I="a\\"b" J="x\\ny"\nENV OLD some  spaced "value"\nENV PATH=/x:$PATH\nLABEL one=1 "two three"="four $A" five=a\\ b\n`,
  'an entry point': `${FROM}ENTRYPOINT ["e"]\n`,
  'a command and a check': `${FROM}ARG P=81\nEXPOSE 80 $P/udp 90-92\nUSER 1:2\nCMD echo "hi  there" $HOME\nHEALTHCHECK --interval=1m30s --timeout=5s --retries=3 --start-period=500ms CMD ["a","b"]\n`,
  'several stages': `ARG REGISTRY\nARG V=1\nFROM \${REGISTRY}/base/rich:1 AS one\nARG V\nCOPY src /s\nENV V=$V\nFROM one AS two\nCOPY c.txt /s/c\nFROM scratch\nCOPY --from=two /s /s\nCOPY --from=0 /home/app/old /o\nCOPY --from=one /s/*.txt /g/\nCOPY --from=one /home /h\nCOPY --from=one --chown=8:9 /home/app /own\nCOPY --from=one /opt/old /link\nCOPY --from=one /tmp /t\n`,
  'slashes and dots':
    'FROM scratch\nCOPY c.txt /x/.\nCOPY src /y/.\nCOPY src/. /z\nCOPY . /all\nCOPY ./src /dot\nCOPY /c.txt /slash\nCOPY empty /e/\n',
  'comments, continued lines, another escape':
    '# escape=`\nfrom scratch\nENV A=a` b `\n  # inside\n  B=2\ncopy c.txt `\n /x\n',
  'an ignore file': 'FROM scratch\nCOPY ign /i\n',
};

const COMMON = ['files and folders', "the base's folders and links", 'owners and modes', 'several stages'];

const FILES: Readonly<Record<string, string>> = {
  'src/a.txt': 'a',
  'src/sub/b.txt': 'b',
  'c.txt': 'c',
  'd.txt': 'd',
  'a b.txt': 'blank',
  'ign/node_modules/x/y': '1',
  'ign/keep/k': 'k',
  'ign/a.log': 'l',
  'ign/keep/b.log': 'm',
  '.git/config': 'token',
  '.dockerignore': 'ign/node_modules\n**/*.log\n!ign/keep/b.log\n',
};

const folder = mkdtempSync(join(tmpdir(), 'td-builders-'));
const unmet = tool('buildx').kind === 'works' ? await buildxUnavailable(process.env, folder) : undefined;

let aws: LocalAws;
let own: ImageBuilder;
let buildx: ImageBuilder;

beforeAll(async () => {
  aws = await startLocalAws();
  aws.addAccount(ACCOUNT);
  seedRepository(aws.world, ACCOUNT, REGION, 'base/rich');
  const { password } = issueToken(aws.world, REGION, { account: ACCOUNT, arn: 'test' });
  const credentials = { username: 'AWS', password };
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const registry = registryClient({ url: aws.url, credentials, fetch, clock });
  await pushLayout(registry, await richBase(), { repository: 'base/rich', tag: '1' });
  own = ownBuilder(registry);
  const login = { host: registry.host, ...credentials };
  buildx = buildxBuilder({ env: process.env, temp: folder, login, say: () => {} });
});

afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** A base with what bases have: a link to a folder, a sticky folder, a home that is not root's. */
async function richBase() {
  const root = { uid: 0, gid: 0 };
  const layout = createLayout(join(folder, 'base'));
  const layer = await writeLayer(
    layout,
    [
      { path: '/bin', kind: 'symlink', target: 'usr/bin', mode: 0o777, ...root },
      { path: '/home', kind: 'directory', mode: 0o755, ...root },
      { path: '/home/app', kind: 'directory', mode: 0o700, uid: 5, gid: 6 },
      {
        path: '/home/app/old',
        kind: 'file',
        content: bytesInMemory(Buffer.from('old')),
        mode: 0o600,
        uid: 5,
        gid: 6,
      },
      { path: '/opt', kind: 'symlink', target: '/home/app', mode: 0o777, ...root },
      { path: '/tmp', kind: 'directory', mode: 0o1777, ...root },
      { path: '/usr', kind: 'directory', mode: 0o755, ...root },
      { path: '/usr/bin', kind: 'directory', mode: 0o755, ...root },
    ],
    1_600_000_000,
  );
  const put = (mediaType: string, content: object) => {
    const bytes = Buffer.from(JSON.stringify(content));
    return { mediaType, digest: layout.writeBlob(bytes), size: bytes.length };
  };
  const config = put('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/bin'],
      Cmd: ['base'],
      User: 'app',
      WorkingDir: '/home/app',
      Labels: { base: '1' },
    },
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
  });
  const { digest, size } = layer;
  const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size }];
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  nameRoot(layout, put(mediaType, { schemaVersion: 2, mediaType, config, layers }));
  return layout;
}

function contextOf(dockerfile: string): string {
  const context = mkdtempSync(join(folder, 'context-'));
  for (const path of ['src/sub', 'empty', 'ign/node_modules/x', 'ign/keep', '.git']) {
    mkdirSync(join(context, path), { recursive: true });
  }
  for (const [path, text] of Object.entries({ ...FILES, Dockerfile: dockerfile })) {
    writeFileSync(join(context, path), text);
  }
  chmodSync(join(context, 'src/a.txt'), 0o755);
  for (const [link, to] of [
    ['src/link', 'a.txt'],
    ['named', 'c.txt'],
    ['linkdir', 'src/sub'],
  ] as const) {
    symlinkSync(to, join(context, link));
  }
  return context;
}

/** Every path with its kind, mode, owner and content, and the configuration; without what only Docker knows. */
async function look({ layout, root }: Built) {
  const manifest = JSON.parse(layout.readBlob(root.digest).toString());
  const { config } = JSON.parse(layout.readBlob(manifest.config.digest).toString());
  const files = new Rootfs<Buffer>();
  for (const { digest } of manifest.layers)
    await files.apply(layout.openBlob(digest), ({ parts }) => joined(parts));
  const { ArgsEscaped: _, ...said } = config;
  return { files: Object.fromEntries(files.below('/')), config: said };
}

const requestFor = (context: string) => ({
  context,
  dockerfile: 'Dockerfile',
  platforms: ['linux/amd64'],
  buildArgs: { REGISTRY: aws.registry, B: 'given' },
  base: [],
  labels: { revision: 'abc' },
  epoch: 1_700_000_000,
  output: join(mkdtempSync(join(folder, 'out-')), 'layout'),
});

/** `npm test` compares what most Dockerfiles have, and `npm run proof` all of it: each costs buildx a build of its own. */
const compared = Object.entries(DOCKERFILES).filter(
  ([name]) => process.env['PROOF'] === 'full' || COMMON.includes(name),
);

const comparison = () => {
  it.each(compared)('%s', async (_, dockerfile) => {
    const context = contextOf(dockerfile);
    const request = () => requestFor(context);
    const [theirs, ours] = [
      await look(await buildx.build(request())),
      await look(await own.build(request())),
    ];
    expect(ours).toEqual(theirs);
  });
};

const repetition = () => {
  it.each(['buildx', 'own'] as const)('%s, also when every file is newer', async (name) => {
    const context = contextOf('FROM scratch\nCOPY . /\n');
    const digest = async () => {
      const output = join(mkdtempSync(join(folder, 'out-')), 'layout');
      const builder = name === 'own' ? own : buildx;
      return (await builder.build({ ...requestFor(context), output })).root.digest;
    };
    const first = await digest();
    utimesSync(join(context, 'c.txt'), 1_600_000_000, 1_600_000_000);
    expect(await digest()).toBe(first);
  });
};

/** The Dockerfile uses one of them, so that the builder is known to have it: as what the Dockerfile says. */
const steering = () => {
  const build = (buildArgs: Readonly<Record<string, string>>) => {
    const context = contextOf(
      'ARG REGISTRY\nFROM ${REGISTRY}/base/rich:1\nARG KUBECONFIG=none\nENV SAID=$KUBECONFIG\nCOPY c.txt /c\n',
    );
    const request = requestFor(context);
    return buildx.build({ ...request, buildArgs: { ...request.buildArgs, ...buildArgs } });
  };

  it("given as build arguments are the Dockerfile's alone: none stops the build, or changes another byte of it", async () => {
    const steered = await look(await build(MEANT_FOR_THE_BUILDER));
    const plain = await look(await build({ KUBECONFIG: '/srv/kubeconfig' }));
    expect(steered).toEqual(plain);
    expect(steered.config.Env).toContain('SAID=/srv/kubeconfig');
  });
};

/** Into whatever image store the engine has: the containerd one reads the layout, the older one Docker's own manifest. */
const loading = () => {
  it('under each of its names, as the image that was built', async () => {
    const context = contextOf(`${FROM}COPY src /s\nENV LOADED=yes\n`);
    const built = await own.build(requestFor(context));
    const names = [`td-loaded:${randomUUID()}`, `registry.example/td/loaded:${randomUUID()}`];
    await loadImage({ env: process.env, temp: folder, say: () => {} }, built.layout, built.root, names);
    try {
      const docker = (...args: readonly string[]) => execFileSync('docker', args, { encoding: 'utf8' });
      const [seen] = JSON.parse(docker('image', 'inspect', names[0] ?? ''));
      expect([...seen.RepoTags].sort()).toEqual([...names].sort());
      expect(seen.Config.Env).toContain('LOADED=yes');
      const manifest = JSON.parse(built.layout.readBlob(built.root.digest).toString());
      expect([built.root.digest, manifest.config.digest]).toContain(seen.Id);
    } finally {
      execFileSync('docker', ['image', 'rm', '--force', ...names]);
    }
  });
};

describeWith('docker', 'an image is loaded into Docker', loading);

describeWith('buildx', 'the variables that steer a builder,', steering, unmet);

describeWith('buildx', 'the same inputs give the same digest twice, by', repetition, unmet);

describeWith('buildx', 'our builder makes what Docker buildx makes, for', comparison, unmet);
