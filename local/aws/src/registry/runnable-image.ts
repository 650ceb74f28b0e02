import type { ImageConfig, ImageSource, RunnableImage, TaskPlatform } from '../runtimes/image-source.ts';
import { partitionOf } from '../world/partition.ts';
import type { World } from '../world/world.ts';
import { platformDigest, readImage, type StoredConfig } from './image.ts';
import { resolveReference } from './manifest-routes.ts';
import { ecrState, type Repository } from './store.ts';
import { unpackLayers } from './unpack.ts';

const REFERENCE = /^(?<host>[^/]+)\/(?<name>[^@:]+)(?:@(?<digest>sha256:[0-9a-f]{64})|:(?<tag>[^:@/]+))$/;

/** The registry of a world, as tasks pull from it. */
export function imageSource(world: World): ImageSource {
  return {
    resolve: async (account, region, reference, platform) => {
      const found = find(world, account, region, reference);
      if (found === undefined) return 'not-found';
      return runnable(world, found.repository, found.digest, platform) ?? 'no-matching-platform';
    },
  };
}

function find(
  world: World,
  account: string,
  region: string,
  reference: string,
): { readonly repository: Repository; readonly digest: string } | undefined {
  const { host, name = '', digest, tag = '' } = REFERENCE.exec(reference)?.groups ?? {};
  const { repositories } = ecrState(world, account, region);
  const hosts = [new URL(world.url).host, `${account}.dkr.ecr.${region}.${partitionOf(region).suffix}`]; // as templates have it
  if (!hosts.includes(host ?? '') || !Object.hasOwn(repositories, name)) return undefined;
  const repository = repositories[name];
  const resolved = repository && resolveReference(repository, digest ?? tag);
  return repository && resolved !== undefined ? { repository, digest: resolved } : undefined;
}

function runnable(
  world: World,
  repository: Repository,
  digest: string,
  platform: TaskPlatform,
): RunnableImage | undefined {
  const child = platformDigest(repository, digest, platform.architecture);
  const image = child === undefined ? undefined : readImage(world, repository, child);
  if (image === undefined) return undefined;
  const { os = '', architecture = '' } = image.config;
  if (os !== platform.os || architecture !== platform.architecture) return undefined;
  return {
    digest,
    platform: { os, architecture },
    config: configOf(image.config),
    unpack: (into) => unpackLayers(image.layers, into),
    blobs: () => {
      const { mediaType = '', text = '' } = repository.manifests[image.digest] ?? {};
      return { mediaType, manifest: Buffer.from(text), config: image.configBlob, layers: image.layers };
    },
  };
}

function configOf({ config = {} }: StoredConfig): ImageConfig {
  return {
    cmd: config.Cmd ?? [],
    entrypoint: config.Entrypoint ?? [],
    env: Object.fromEntries(
      (config.Env ?? []).map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
    ),
    workdir: config.WorkingDir || '/',
    user: config.User ?? '',
    exposedPorts: Object.keys(config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
  };
}
