import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MEANT_FOR_THE_BUILDER } from '@tenant-delivery/testkit/builder-variables';
import { extract } from 'tar-stream';
import type { BuildRequest } from '../src/builder.ts';
import { buildxUnavailable, engineUnavailable, loadUnavailable } from '../src/buildx/available.ts';
import { buildxBuilder } from '../src/buildx/builder.ts';
import { loadImage } from '../src/buildx/load.ts';
import { loginsOfJob } from '../src/buildx/logins.ts';
import { madeBuilder } from '../src/buildx/made-builder.ts';
import { rootOf } from '../src/layout.ts';
import { imageLayout, temporaryFolder } from './layouts.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder('buildx');
  for (const name of ['bin', 'temp', 'context']) mkdirSync(join(folder, name));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A program called docker that writes down how it was started, and then does as the test says. */
function fakeDocker(script: string): void {
  const path = join(folder, 'bin/docker');
  writeFileSync(
    path,
    `#!${process.execPath}
const { writeFileSync, readFileSync, readdirSync, statSync, cpSync } = require('node:fs');
const [, , ...args] = process.argv;
const option = (name) => (args.find((one) => one.startsWith('--' + name + '=')) ?? '').slice(name.length + 3);
const record = () => {
  const file = option('file');
  writeFileSync(${JSON.stringify(join(folder, 'seen.json'))}, JSON.stringify({
    args,
    env: process.env,
    config: JSON.parse(readFileSync(process.env.DOCKER_CONFIG + '/config.json', 'utf8')),
    mode: statSync(process.env.DOCKER_CONFIG + '/config.json').mode & 0o777,
    dockerfile: readFileSync(file, 'utf8'),
    ignore: readFileSync(file + '.dockerignore', 'utf8'),
  }));
};
${script}
`,
  );
  chmodSync(path, 0o755);
}

const env = () => ({
  PATH: join(folder, 'bin'),
  HOME: join(folder, 'home'),
  BUILDX_BUILDER: 'maker',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-secret',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'http://oidc',
  AWS_SECRET_ACCESS_KEY: 'aws-secret',
  GITHUB_TOKEN: 'github-secret',
  INPUT_CHANGE: 'chg',
  NODE_OPTIONS: '--require=x',
});

const request = (change: Partial<BuildRequest> = {}): BuildRequest => ({
  context: join(folder, 'context'),
  dockerfile: 'Dockerfile',
  platforms: ['linux/amd64'],
  buildArgs: { REGISTRY: 'registry.example:5000', LEVEL: 'the value' },
  base: [{ reference: 'registry.example:5000/base/node:24', digest: `sha256:${'1'.repeat(64)}` }],
  labels: { 'org.opencontainers.image.revision': 'abc' },
  epoch: 1_800_000_000,
  output: join(folder, 'out'),
  ...change,
});

function builder(said: string[] = [], signal?: AbortSignal) {
  return buildxBuilder({
    env: env(),
    temp: join(folder, 'temp'),
    login: { host: 'registry.example:5000', username: 'AWS', password: 'registry-secret' },
    say: (line) => said.push(line),
    ...(signal ? { signal } : {}),
  });
}

describe('a builder that is made for one build', () => {
  const IMAGE = `mirror/buildkit@sha256:${'b'.repeat(64)}`;
  const calls = (): string[][] =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const note = (place: string) =>
    `require('node:fs').appendFileSync(${JSON.stringify(join(place, 'calls'))}, JSON.stringify([args[1], process.env.BUILDX_BUILDER, ...args.slice(2)]) + '\\n');`;
  const made = () =>
    madeBuilder({ env: env(), temp: join(folder, 'temp'), login: undefined, say: () => {} }, IMAGE);
  beforeEach(() => writeFileSync(join(folder, 'context/Dockerfile'), 'FROM scratch\n'));

  it('is started from the image given, does the build, and is gone afterwards', async () => {
    const layout = await imageLayout('made');
    const copy = `cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true })`;
    fakeDocker(`${note(folder)} if (args[1] === 'build') ${copy};`);
    await made().build(request());
    const [created, built, removed] = calls();
    const name = created?.[1] ?? '';
    expect(created).toEqual(
      expect.arrayContaining(['create', `--driver-opt=image=${IMAGE}`, `--name=${name}`]),
    );
    expect(built?.slice(0, 2)).toEqual(['build', name]);
    expect(removed).toEqual(['rm', name, '--force', name]);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('that cannot be made says why, and leaves nothing', async () => {
    fakeDocker(
      `${note(folder)} if (args[1] === 'create') { console.error('no such image'); process.exit(1); }`,
    );
    await expect(made().build(request())).rejects.toMatchObject({
      code: 'BUILDER_UNAVAILABLE',
      message: expect.stringContaining('no such image'),
    });
    expect(calls().map(([what]) => what)).toEqual(['create', 'rm']);
  });
});

describe('a build by buildx', () => {
  beforeEach(() => {
    writeFileSync(join(folder, 'context/Dockerfile'), 'FROM scratch\nCOPY a /a\n');
    writeFileSync(join(folder, 'context/a'), 'a');
    writeFileSync(join(folder, 'context/.dockerignore'), '*.log');
  });

  it('takes secrets by file and environment alone, and everything else that it is asked for', async () => {
    const layout = await imageLayout('with everything');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    await builder().build(
      request({
        platforms: ['linux/amd64', 'linux/arm64'],
        target: 'app',
        annotations: { 'org.opencontainers.image.version': '1' },
        contexts: { assets: '/srv/assets' },
        secrets: [
          { id: 'npm', kind: 'value', value: 'npm-secret' },
          { id: 'npmrc', kind: 'file', path: '/srv/.npmrc' },
        ],
        caches: { from: ['type=registry,ref=registry.example:5000/acme/cache:main'], to: ['type=inline'] },
        noCache: ['deps', 'tests'],
        pull: true,
      }),
    );
    const { args, env: seen } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    expect(args).toEqual(
      expect.arrayContaining([
        '--platform=linux/amd64,linux/arm64',
        '--target=app',
        '--annotation=index,manifest:org.opencontainers.image.version=1',
        '--build-context=assets=/srv/assets',
        '--secret=id=npm,type=env,env=TENANT_DELIVERY_SECRET_0',
        '--secret=id=npmrc,type=file,src=/srv/.npmrc',
        '--cache-from=type=registry,ref=registry.example:5000/acme/cache:main',
        '--cache-to=type=inline',
        '--no-cache-filter=deps',
        '--no-cache-filter=tests',
        '--pull',
      ]),
    );
    expect(seen['TENANT_DELIVERY_SECRET_0']).toBe('npm-secret');
    expect(JSON.stringify(args)).not.toContain('npm-secret');
  });

  it('ends in a layout on disk; its process is told nothing secret, and nothing of it is left behind', async () => {
    const layout = await imageLayout('made by buildx');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true }); console.log('#1 done');`,
    );
    const said: string[] = [];
    const built = await builder(said).build(request());
    const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    expect(built.root).toEqual(rootOf(layout));
    expect(said).toEqual(['#1 done']);
    expect(seen.args).toEqual([
      'buildx',
      'build',
      '--progress=plain',
      '--provenance=false',
      '--sbom=false',
      '--platform=linux/amd64',
      `--output=type=oci,tar=false,oci-mediatypes=true,rewrite-timestamp=true,dest=${join(folder, 'out')}`,
      expect.stringMatching(/^--file=.+\/Dockerfile$/),
      '--build-arg=LEVEL=the value',
      '--build-arg=REGISTRY=registry.example:5000',
      `--build-context=registry.example:5000/base/node:24=docker-image://registry.example:5000/base/node@sha256:${'1'.repeat(64)}`,
      '--label=org.opencontainers.image.revision=abc',
      join(folder, 'context'),
    ]);
    expect(seen.env).toEqual({
      PATH: join(folder, 'bin'),
      BUILDX_BUILDER: 'maker',
      HOME: expect.stringContaining(join(folder, 'temp')),
      DOCKER_CONFIG: seen.env.HOME,
      BUILDX_CONFIG: join(folder, 'home/.docker/buildx'),
      BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
      BUILDX_GIT_INFO: 'false',
      SOURCE_DATE_EPOCH: '1800000000',
    });
    expect(seen.config.auths['registry.example:5000'].auth).toBe(
      Buffer.from('AWS:registry-secret').toString('base64'),
    );
    expect(seen.mode).toBe(0o600);
    expect(JSON.stringify([seen.args, seen.env])).not.toMatch(/secret/);
    expect([seen.dockerfile, seen.ignore]).toEqual(['FROM scratch\nCOPY a /a\n', '*.log\n.git\n']);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('has the same environment whatever its arguments are called', async () => {
    const layout = await imageLayout('arguments');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    const environmentWith = async (buildArgs: Readonly<Record<string, string>>) => {
      await builder().build(request({ buildArgs }));
      const { args, env } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
      for (const [name, value] of Object.entries(buildArgs))
        expect(args).toContain(`--build-arg=${name}=${value}`);
      return { ...env, HOME: '', DOCKER_CONFIG: '' };
    };
    expect(await environmentWith(MEANT_FOR_THE_BUILDER)).toEqual(await environmentWith({}));
  });

  it('has the value of an argument that came from a variable in a variable again, with all its lines', async () => {
    const layout = await imageLayout('lines');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    const buildArgs = { LEVEL: '1', NOTES: 'first\n  second\n' };
    await builder().build(request({ buildArgs, argumentsInVariables: ['NOTES'] }));
    const { args, env } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    expect(args).toEqual(expect.arrayContaining(['--build-arg=LEVEL=1', '--build-arg=NOTES']));
    expect(JSON.stringify(args)).not.toContain('second');
    expect(env).toMatchObject({ NOTES: buildArgs.NOTES });
    expect(env).not.toHaveProperty('LEVEL');
  });

  it('that keeps its steps at GitHub has what reaches that cache, and no identity; another build has neither', async () => {
    const layout = await imageLayout('caches');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    const cache = { ACTIONS_RUNTIME_TOKEN: 'cache-secret', ACTIONS_RESULTS_URL: 'http://results' };
    const seenWith = async (from: readonly string[]) => {
      await buildxBuilder({
        env: { ...env(), ...cache },
        temp: join(folder, 'temp'),
        login: undefined,
        say: () => {},
      }).build(request({ caches: { from, to: [] } }));
      return JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    };
    const { args, env: seen } = await seenWith(['type=gha,scope=web']);
    expect(args).toContain('--cache-from=type=gha,scope=web');
    expect(seen).toMatchObject(cache);
    expect(JSON.stringify(seen)).not.toMatch(/oidc|aws-secret|github-secret/);
    expect(JSON.stringify(args)).not.toContain('cache-secret');
    expect(JSON.stringify(await seenWith(['type=registry,ref=a/gha:type=gha']))).not.toContain(
      'cache-secret',
    );
  });

  it('uses the logins that the job made only if it is given them, and none that a program keeps', async () => {
    const layout = await imageLayout('logins');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    mkdirSync(join(folder, 'home/.docker'), { recursive: true });
    const hub = { 'https://index.docker.io/v1/': { auth: 'aHVi' } };
    const write = (text: string) => writeFileSync(join(folder, 'home/.docker/config.json'), text);
    write(JSON.stringify({ auths: { ...hub, 'kept.example': {} }, credsStore: 'desktop' }));
    const world = { env: env(), temp: join(folder, 'temp'), login: undefined, say: () => {} };
    const config = () => JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')).config;
    await buildxBuilder({ ...world, logins: loginsOfJob(env()) }).build(request());
    expect(config()).toEqual({ auths: hub, cliPluginsExtraDirs: expect.anything() });
    await buildxBuilder(world).build(request());
    expect(config().auths).toBeUndefined();
    write('{');
    expect(loginsOfJob(env())).toEqual({});
  });

  it('takes a Dockerfile and its ignore file from a folder beside the context', async () => {
    const layout = await imageLayout('beside');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    mkdirSync(join(folder, 'docker'));
    writeFileSync(join(folder, 'docker/app'), 'FROM scratch\nCOPY b /b\n');
    const seen = async () => {
      await builder().build(request({ dockerfile: 'docker/app', dockerfileFolder: folder }));
      const { dockerfile, ignore } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
      return [dockerfile, ignore];
    };
    expect(await seen()).toEqual(['FROM scratch\nCOPY b /b\n', '*.log\n.git\n']);
    writeFileSync(join(folder, 'docker/app.dockerignore'), '*.tmp');
    expect(await seen()).toEqual(['FROM scratch\nCOPY b /b\n', '*.tmp\n.git\n']);
    symlinkSync('/etc/hostname', join(folder, 'docker/out'));
    await expect(
      builder().build(request({ dockerfile: 'out', dockerfileFolder: join(folder, 'docker') })),
    ).rejects.toMatchObject({ code: 'COPY_OUTSIDE_CONTEXT' });
  });

  it('that fails is told with its last words, and leaves nothing behind', async () => {
    fakeDocker("console.error('ERROR: it broke'); process.exit(3);");
    await expect(builder().build(request())).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(/ended with 3.*ERROR: it broke/),
    });
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('that writes no layout is a failure, not an image', async () => {
    fakeDocker('');
    await expect(builder().build(request())).rejects.toMatchObject({ code: 'BUILD_FAILED' });
  });

  it('ends with the job', async () => {
    fakeDocker("console.log('started'); setInterval(() => {}, 1000);");
    const cancelled = new AbortController();
    const said: string[] = [];
    const building = buildxBuilder({
      env: env(),
      temp: join(folder, 'temp'),
      login: undefined,
      say: (line) => {
        said.push(line);
        cancelled.abort();
      },
      signal: cancelled.signal,
    }).build(request());
    await expect(building).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringContaining('cancelled'),
    });
    expect(said).toEqual(['started']);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('is left to judge links, a .. and what we cannot read, and the log says what we make of it', async () => {
    const layout = await imageLayout('climbing');
    fakeDocker(
      `record(); cpSync(${JSON.stringify(layout.folder)}, /dest=([^,]+)/.exec(option('output'))[1], { recursive: true });`,
    );
    symlinkSync('/etc', join(folder, 'context/etc'));
    const sayingOf = async (dockerfile: string) => {
      writeFileSync(join(folder, 'context/Dockerfile'), dockerfile);
      const said: string[] = [];
      await builder(said).build(request());
      return said;
    };
    expect(await sayingOf('FROM scratch\nCOPY a etc/hostname /y/\n')).toEqual([
      'line 2: COPY etc/hostname: the link leads out of the context, and BuildKit follows it inside of the context alone',
    ]);
    expect(await sayingOf('# syntax=another/frontend\nINCLUDE base\nFROM scratch\n')).toEqual([
      expect.stringMatching(/^Dockerfile cannot be read: line 2: INCLUDE is no instruction/),
    ]);
    expect(await sayingOf('FROM scratch\nCOPY ../a /x\nADD .. /y/\n')).toEqual([
      'line 2: COPY ../a: BuildKit never goes above the context and would copy a of it; write that path',
      'line 3: ADD ..: BuildKit never goes above the context and would copy everything of it; write that path',
    ]);
    expect(existsSync(join(folder, 'seen.json'))).toBe(true);
  });
});

describe('loading an image into Docker', () => {
  const load = async (script: string) => {
    fakeDocker(script);
    const layout = await imageLayout('loaded');
    const world = { env: env(), temp: join(folder, 'temp'), say: () => {} };
    return loadImage(world, layout, rootOf(layout), ['shop:test', 'a.example/b:1']);
  };

  it('hands over the archive that `docker save` writes, with names for either image store', async () => {
    await load(
      `if (args[0] === 'load') writeFileSync(${JSON.stringify(join(folder, 'archive'))}, readFileSync(0));`,
    );
    const files = new Map<string, string>();
    const archive = extract();
    archive.end(readFileSync(join(folder, 'archive')));
    for await (const entry of archive) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer); // of a stream of bytes
      files.set(entry.header.name, Buffer.concat(parts).toString('latin1'));
    }
    const [image] = JSON.parse(files.get('manifest.json') ?? '');
    const { manifests } = JSON.parse(files.get('index.json') ?? '');
    expect(image.RepoTags).toEqual(['shop:test', 'a.example/b:1']);
    expect(
      manifests.map(
        (one: { annotations: Record<string, string> }) => one.annotations['io.containerd.image.name'],
      ),
    ).toEqual(['docker.io/library/shop:test', 'a.example/b:1']);
    for (const path of [
      image.Config,
      ...image.Layers,
      manifests[0].digest.replace(':', '/').replace(/^/, 'blobs/'),
    ])
      expect([path, files.has(path)]).toEqual([path, true]);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('fails with the words of Docker, also where it reads nothing', async () => {
    await expect(load("console.error('no space left'); process.exit(1);")).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringContaining('did not load it: no space left'),
    });
  });

  it('is possible where an engine answers', async () => {
    const possible = () => loadUnavailable(env(), join(folder, 'temp'));
    expect(await possible()).toBe('there is no docker program');
    fakeDocker("console.error('no daemon'); process.exit(1);");
    expect(await possible()).toBe('no Docker engine answers: no daemon');
    fakeDocker('');
    expect(await possible()).toBeUndefined();
  });
});

describe('buildx is used only where it can export a layout', () => {
  const asked = () => buildxUnavailable(env(), join(folder, 'temp'));

  it.each([
    ['docker-container', '[]', undefined],
    ['docker', '[["driver-type","io.containerd.snapshotter.v1"]]', undefined],
    ['docker', '[["Backing Filesystem","extfs"]]', expect.stringContaining('containerd image store')],
  ])('driver %s, store %s', async (driver, status, expected) => {
    fakeDocker(
      `if (args[0] === 'info') console.log('${status}'); else console.log('Name: x\\nDriver: ${driver}');`,
    );
    expect(await asked()).toEqual(expected);
  });

  it('and has a builder made for it where buildx starts and an engine answers', async () => {
    const possible = () => engineUnavailable(env(), join(folder, 'temp'));
    expect(await possible()).toBe('there is no docker program');
    fakeDocker("if (args[0] === 'info') { console.error('no daemon'); process.exit(1); }");
    expect(await possible()).toBe('no Docker engine answers: no daemon');
    fakeDocker("if (args[0] === 'buildx') { console.error('no such plugin'); process.exit(1); }");
    expect(await possible()).toBe('docker buildx does not start: no such plugin');
    fakeDocker('');
    expect(await possible()).toBeUndefined();
  });

  it('and not where there is no docker, or it does not answer', async () => {
    expect(await asked()).toBe('there is no docker program');
    fakeDocker("console.error('no daemon'); process.exit(1);");
    expect(await asked()).toContain('no daemon');
  });
});
