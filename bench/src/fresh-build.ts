import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { bytesInMemory } from '@tenant-delivery/oci/byte-source';
import { writeLayer } from '@tenant-delivery/oci/layer';
import { createLayout, nameRoot } from '@tenant-delivery/oci/layout';
import type { RegistryWriter } from '@tenant-delivery/oci/registry/port';
import { pushLayout } from '@tenant-delivery/oci/registry/push';
import { bundle } from '@tenant-delivery/release/build';
import { type Figure, median, round } from './figure.ts';
import { type LocalRegistry, startRegistry } from './local-registry.ts';
import type { OwnBuild } from './own-build.ts';
import { timeCommand } from './spawned.ts';

const RUNS = 3;
const MEGABYTE = 1_000_000;
const BASE = 40; // MB of the image that are there already
const FILES = 2_000; // the other 20 MB
const CHUNKS = join(root, 'dist/chunks');
const PLUGINS = ['/usr/libexec/docker', '/usr/lib/docker', '/usr/local/lib/docker'];

/** An image of 60 MB of which 40 are the base: by our builder, and by buildx, each built and pushed. */
export async function freshBuild(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-build-'));
  const local = await startRegistry(['base/large', 'acme/own', 'acme/buildx']);
  try {
    const source = sourceIn(folder, local.writer);
    const own = await ownBuild(folder, source, local);
    const buildx = buildxBuild(folder, source, local);
    await source.takeNewBase();
    const without = await whyNot(buildx, source.change);
    if (without !== undefined) {
      console.log(`The ratio of our builder to buildx is left out: ${without}\n`);
      return [];
    }
    const compare = async (place: string, before: () => Promise<void>): Promise<Figure> => {
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (let run = 0; run < RUNS; run += 1) {
        await before();
        source.change();
        ours.push(await own());
        theirs.push(await buildx());
      }
      const [seconds, buildxSeconds] = [ours, theirs].map((times) => round(median(times) / 1000));
      console.log(`60 MB image, base ${place}: ${seconds} s without a daemon, ${buildxSeconds} s by buildx`);
      return {
        bench: 'builds',
        figure: `60 MB image built and pushed without a daemon / by buildx, base ${place}`,
        value: round(median(ours) / median(theirs)),
        unit: 'ratio',
        target: 0.5,
      };
    };
    return [
      await compare('in the registry alone, as a fresh runner has it', source.takeNewBase),
      await compare('unpacked in the engine already', async () => {}),
    ];
  } finally {
    await local.close();
    rmSync(folder, { recursive: true });
  }
}

/** What is built: a context whose base and content can change. */
function sourceIn(folder: string, registry: RegistryWriter) {
  const context = contextIn(folder);
  let [bases, built] = [0, 0];
  return {
    context,
    /** Of the last change. */
    tag: () => String(built),
    takeNewBase: async () => {
      bases += 1;
      const tag = String(bases);
      const layout = await largeBase(join(folder, `base-${tag}`));
      await pushLayout(registry, layout, { repository: 'base/large', tag });
      writeFileSync(
        join(context, 'Dockerfile'),
        `ARG REGISTRY\nFROM $REGISTRY/base/large:${tag}\nCOPY . /srv/\n`,
      );
    },
    change: () => {
      built += 1;
      writeFileSync(join(context, 'version.txt'), String(built));
    },
  };
}

type Source = ReturnType<typeof sourceIn>;

/** Builds and pushes with our builder, packed as a shipped action is. Answers milliseconds. */
async function ownBuild(
  folder: string,
  { context, tag }: Source,
  { aws, credentials }: LocalRegistry,
): Promise<() => Promise<number>> {
  await bundle({ own: join(import.meta.dirname, 'own-build.ts') }, join(folder, 'bundle'));
  for (const lazy of readdirSync(CHUNKS).filter((name) => name.endsWith('.cjs')))
    copyFileSync(join(CHUNKS, lazy), join(folder, 'bundle', lazy)); // what a shipped action loads when it needs it
  return () => {
    const order: OwnBuild = {
      url: aws.url,
      credentials,
      context,
      output: join(folder, `layout-${tag()}`),
      repository: 'acme/own',
      tag: tag(),
      mountFrom: ['base/large'],
    };
    const file = join(folder, 'order.json');
    writeFileSync(file, JSON.stringify(order));
    return timeCommand(process.execPath, [join(folder, 'bundle', 'own.mjs'), file], folder);
  };
}

/** The same with Docker buildx. */
function buildxBuild(
  folder: string,
  { context, tag }: Source,
  { aws, credentials }: LocalRegistry,
): () => Promise<number> {
  const config = dockerConfig(folder, aws.registry, credentials);
  const build = ['--config', config, 'buildx', 'build', '--push', '--provenance=false', '--progress=plain'];
  return () => {
    const image = ['--tag', `${aws.registry}/acme/buildx:${tag()}`, context];
    return timeCommand('docker', [...build, '--build-arg', `REGISTRY=${aws.registry}`, ...image], folder);
  };
}

/** Why buildx cannot be measured, or `undefined`. */
async function whyNot(buildx: () => Promise<number>, change: () => void): Promise<string | undefined> {
  change();
  try {
    await buildx();
    return undefined;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    return said.trim().split('\n').at(-1);
  }
}

async function largeBase(folder: string) {
  const root = { uid: 0, gid: 0, mode: 0o644 };
  const content = bytesInMemory(text(BASE * MEGABYTE));
  const layout = createLayout(folder);
  const layer = await writeLayer(layout, [{ path: '/base', kind: 'file', content, ...root }], 0);
  const put = (mediaType: string, given: object) => {
    const bytes = Buffer.from(JSON.stringify(given));
    return { mediaType, digest: layout.writeBlob(bytes), size: bytes.length };
  };
  const config = put('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const { digest, size } = layer;
  const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size }];
  nameRoot(layout, put(mediaType, { schemaVersion: 2, mediaType, config, layers }));
  return layout;
}

function contextIn(folder: string): string {
  const context = join(folder, 'context');
  const size = ((60 - BASE) * MEGABYTE) / FILES;
  for (let file = 0; file < FILES; file += 1) {
    const place = join(context, 'node_modules', `package-${file % 100}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `file-${file}.js`), text(size));
  }
  return context;
}

/** As compressible as text is. */
function text(bytes: number): Buffer {
  return Buffer.from(randomBytes(bytes / 2).toString('hex'));
}

function dockerConfig(
  folder: string,
  host: string,
  { username, password }: { readonly username: string; readonly password: string },
): string {
  const config = join(folder, 'docker');
  mkdirSync(config);
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const cliPluginsExtraDirs = PLUGINS.map((place) => `${place}/cli-plugins`);
  writeFileSync(
    join(config, 'config.json'),
    JSON.stringify({ auths: { [host]: { auth } }, cliPluginsExtraDirs }),
  );
  return config;
}
