import type { ByteSource } from '../byte-source.ts';
import { bytesInMemory } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import { failures } from '../failures.ts';
import { archiveOf, type LayerEntry } from '../layer.ts';
import type { Layout } from '../layout.ts';
import { parseManifest } from '../manifest.ts';
import { OCI_INDEX } from '../media-types.ts';
import type { BuildxWorld } from './builder.ts';
import { builderEnvironment, dockerConfig } from './environment.ts';
import { withPrivateConfig } from './private-config.ts';
import { runDocker } from './run-docker.ts';

/**
 * Loads the image of one platform into Docker under these names. It is the very image of the layout, in the archive that
 * `docker save` writes: an OCI layout for the containerd image store, and a `manifest.json` for the older one.
 */
export async function loadImage(
  world: Omit<BuildxWorld, 'login'>,
  layout: Layout,
  root: Descriptor,
  names: readonly string[],
): Promise<void> {
  const { env, temp } = world;
  const run = await withPrivateConfig(temp, {}, `${dockerConfig(env)}/cli-plugins`, (home) =>
    runDocker(['load'], builderEnvironment(env, { home }), {
      ...world,
      input: archiveOf(entriesOf(layout, root, names), 0),
    }),
  );
  if (run.code === 'missing') throw failures.notLoaded('there is no docker program');
  if (run.code === 'cancelled') throw failures.notLoaded('the job was cancelled');
  if (run.code !== 0)
    throw failures.notLoaded(run.output.filter((line) => line.trim() !== '').at(-1) ?? 'nothing was said');
}

function entriesOf(layout: Layout, root: Descriptor, names: readonly string[]): readonly LayerEntry[] {
  const parsed = parseManifest(root.mediaType, layout.readBlob(root.digest));
  if (parsed.kind === 'index') throw new TypeError(`${root.digest} is of several platforms`);
  const { config, layers } = parsed.manifest;
  const blobs = new Map(
    [root, config, ...layers].map(({ digest }) => [pathOf(digest), layout.openBlob(digest)]),
  );
  const manifest = [
    { Config: pathOf(config.digest), RepoTags: names, Layers: layers.map(({ digest }) => pathOf(digest)) },
  ];
  const { mediaType, digest, size } = root;
  const manifests = names.map((name) => ({
    mediaType,
    digest,
    size,
    annotations: {
      'io.containerd.image.name': wholeName(name),
      'org.opencontainers.image.ref.name': tagOf(name),
    },
  }));
  return [
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    file('index.json', json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests })),
    file('manifest.json', json(manifest)),
    ...[...blobs].map(([path, bytes]) => file(path, bytes)),
  ];
}

function file(path: string, content: ByteSource): LayerEntry {
  return { kind: 'file', path: `/${path}`, content, mode: 0o644, uid: 0, gid: 0 };
}

function json(content: unknown): ByteSource {
  return bytesInMemory(Buffer.from(JSON.stringify(content)));
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** Rule: a name without a registry is one of Docker Hub, and one without a folder is in its `library`. */
function wholeName(name: string): string {
  const first = name.includes('/') ? (name.split('/')[0] ?? '') : '';
  if (/[.:]/.test(first) || first === 'localhost') return name;
  return name.includes('/') ? `docker.io/${name}` : `docker.io/library/${name}`;
}

function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
