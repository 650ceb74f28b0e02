import type { World } from '../world/world.ts';

/** What a task asks of a registry: the content of one image for one platform. Implemented by the ECR emulator. */
export interface ImageSource {
  /**
   * `reference` is `repositoryUri:tag` or `repositoryUri@digest`, as a container definition names it.
   * Throws never; an image of another account does not exist for this one.
   */
  resolve(
    account: string,
    region: string,
    reference: string,
    platform: TaskPlatform,
  ): Promise<RunnableImage | 'not-found' | 'no-matching-platform'>;
}

/** In the words of an OCI platform: `{ os: 'linux', architecture: 'amd64' }`. */
export interface TaskPlatform {
  readonly os: string;
  readonly architecture: string;
}

export interface RunnableImage {
  /** What the reference named: an index's digest where it named an index. ECS reports this one. */
  readonly digest: string;
  readonly platform: TaskPlatform;
  readonly config: ImageConfig;
  /** Writes the file system of all layers, whiteouts applied, into an existing empty folder. */
  unpack(into: string): Promise<void>;
  /** The platform's image as the registry has it, for an engine that loads it. */
  blobs(): ImageBlobs;
}

export interface ImageBlobs {
  /** Of the manifest. */
  readonly mediaType: string;
  readonly manifest: Buffer;
  readonly config: Buffer;
  /** Lowest first, as they are stored: compressed or not. */
  readonly layers: readonly Buffer[];
}

export interface ImageConfig {
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, inside the image; `/` when the image says nothing. */
  readonly workdir: string;
  readonly user: string;
  readonly exposedPorts: readonly number[];
}

const sources = new WeakMap<World, ImageSource>();

/** Called once, by the owner of this world's registry. */
export function useImageSource(world: World, source: ImageSource): void {
  sources.set(world, source);
}

export function imageSourceOf(world: World): ImageSource | undefined {
  return sources.get(world);
}
