import type { World } from '../world/world.ts';
import { blobAt } from './digest.ts';
import { type Descriptor, type Index, type Manifest, parseManifest } from './manifest.ts';
import type { Repository } from './store.ts';

/** One platform's image, read from the store. */
export interface StoredImage {
  readonly digest: string;
  readonly config: StoredConfig;
  /** Layer blobs, lowest first. */
  readonly layers: readonly Buffer[];
  readonly configBlob: Buffer;
}

/** The image configuration as far as a runtime needs it ("OCI Image Configuration"). */
export interface StoredConfig {
  readonly os?: string;
  readonly architecture?: string;
  readonly config?: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly User?: string;
    readonly ExposedPorts?: Readonly<Record<string, object>> | null;
    readonly StopSignal?: string;
  };
}

export function manifestOf(repository: Repository, digest: string): Manifest | Index | undefined {
  const stored = repository.manifests[digest];
  return stored === undefined ? undefined : parseManifest(stored.mediaType, stored.text);
}

/** The image behind a manifest's digest; `undefined` for an index, an artifact without image configuration, or nothing. */
export function readImage(world: World, repository: Repository, digest: string): StoredImage | undefined {
  const manifest = manifestOf(repository, digest);
  if (manifest?.kind !== 'image') return undefined;
  const config = blobAt(world, manifest.config.digest);
  const layers = manifest.layers.map((layer) => blobAt(world, layer.digest));
  if (config === undefined || layers.some((layer) => layer === undefined)) return undefined;
  return {
    digest,
    config: JSON.parse(config.toString()) as StoredConfig, // a runtime takes from it what is there
    layers: layers.filter((layer) => layer !== undefined),
    configBlob: config,
  };
}

/** The digest itself for an image; for an index the child of `architecture`, never an attestation's entry. */
export function platformDigest(
  repository: Repository,
  digest: string,
  architecture: string,
): string | undefined {
  const manifest = manifestOf(repository, digest);
  if (manifest?.kind !== 'index') return manifest && digest;
  const fits = ({ platform }: Descriptor) =>
    platform?.os === 'linux' && platform.architecture === architecture;
  return manifest.manifests.find(fits)?.digest;
}
