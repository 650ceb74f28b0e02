import type { World } from '../world/world.ts';
import { BASE_CONFIG, BASE_PACKAGES, baseFiles } from './base-image.ts';
import { digestOf } from './digest.ts';
import { manifestOf } from './image.ts';
import { layerOf } from './layer.ts';
import { machinePrograms } from './machine-programs.ts';
import { OCI_INDEX, OCI_MANIFEST } from './manifest.ts';
import { putManifest } from './put-manifest.ts';
import { ecrState, type Repository, type ScanRule, type ScanType, type TagMutability } from './store.ts';

const ARCHITECTURES = ['amd64', 'arm64'] as const;

/** An ECR repository as a contract demands it: immutable tags, encrypted, scanned on push. One that exists is kept. */
export function seedRepository(
  world: World,
  account: string,
  region: string,
  name: string,
  options: {
    readonly tagMutability?: TagMutability;
    readonly exclusions?: readonly string[];
    readonly encryption?: { readonly type: 'AES256' | 'KMS' | 'KMS_DSSE'; readonly key?: string };
    readonly scanOnPush?: boolean;
  } = {},
): Repository {
  const { repositories } = ecrState(world, account, region);
  const repository: Repository = repositories[name] ?? {
    name,
    registryId: account,
    region,
    createdAt: world.clock.now(),
    tagMutability: options.tagMutability ?? 'IMMUTABLE',
    scanOnPush: options.scanOnPush ?? true,
    ...(options.exclusions ? { exclusions: options.exclusions } : {}),
    encryption: {
      encryptionType: options.encryption?.type ?? 'AES256',
      ...(options.encryption?.key !== undefined && { kmsKey: options.encryption.key }),
    },
    tags: {},
    manifests: {},
    blobs: {},
    scans: {},
  };
  repositories[name] = repository;
  world.touched();
  return repository;
}

/** How a registry scans all its repositories from now on. Scans of the other type are hidden while it does. */
export function seedScanning(
  world: World,
  account: string,
  region: string,
  scanType: ScanType,
  scanFrequency: ScanRule['scanFrequency'],
): void {
  const { scanning } = ecrState(world, account, region);
  scanning.scanType = scanType;
  scanning.rules = [{ scanFrequency, filters: ['*'] }];
  world.touched();
}

/**
 * `base/node:24` and `base/node:24-old`, each an index for amd64 and arm64, with the digests that they have on every
 * machine. Their one program is a placeholder that answers every request. Where an engine runs the tasks, the image of
 * this machine's architecture also has this machine's Node and shell, and so a digest of this machine.
 */
export async function seedBaseImages(
  world: World,
  account: string,
  region: string,
): Promise<{ readonly current: string; readonly old: string }> {
  const repository = seedRepository(world, account, region, 'base/node');
  const seed = async (tag: string, packages: (typeof BASE_PACKAGES)['current' | 'old']) =>
    repository.tags[tag] ?? (await putBaseImage(world, repository, tag, packages));
  return { current: await seed('24', BASE_PACKAGES.current), old: await seed('24-old', BASE_PACKAGES.old) };
}

async function putBaseImage(
  world: World,
  repository: Repository,
  tag: string,
  packages: (typeof BASE_PACKAGES)['current' | 'old'],
): Promise<string> {
  const children = [];
  for (const architecture of ARCHITECTURES) {
    const layers = await layersFor(world, packages, architecture);
    const config = {
      created: '2026-01-01T00:00:00Z',
      architecture,
      os: 'linux',
      config: BASE_CONFIG,
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: 'local-aws base image' })),
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: keep(world, repository, 'application/vnd.oci.image.config.v1+json', JSON.stringify(config)),
      layers: layers.map(({ mediaType, blob }) => keep(world, repository, mediaType, blob)),
    };
    children.push({
      ...put(world, repository, undefined, OCI_MANIFEST, manifest),
      platform: { os: 'linux', architecture },
    });
  }
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: children };
  return put(world, repository, tag, OCI_INDEX, index).digest;
}

async function layersFor(
  world: World,
  packages: (typeof BASE_PACKAGES)['current' | 'old'],
  architecture: string,
) {
  const layer = 'application/vnd.oci.image.layer.v1.tar';
  const files = await layerOf(baseFiles(packages, architecture));
  const programs = world.runtime === 'docker' ? await machinePrograms(architecture) : undefined;
  return [...(programs ? [{ ...programs, mediaType: layer }] : []), { ...files, mediaType: `${layer}+gzip` }];
}

function keep(world: World, repository: Repository, mediaType: string, content: Buffer | string) {
  const bytes = Buffer.from(content);
  world.blobs.put(bytes);
  const digest = digestOf(bytes);
  repository.blobs[digest] = true;
  return { mediaType, digest, size: bytes.length };
}

function put(
  world: World,
  repository: Repository,
  tag: string | undefined,
  mediaType: string,
  content: object,
) {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  putManifest(world, repository, tag ?? digest, mediaType, bytes);
  return { mediaType, digest, size: bytes.length };
}

/** Puts an image that one repository has into another of the same account, so that a service can start from it. */
export function copyImage(
  world: World,
  from: Repository,
  to: Repository,
  digest: string,
  tag?: string,
): string {
  const manifest = manifestOf(from, digest);
  const stored = from.manifests[digest];
  if (manifest === undefined || stored === undefined) throw new Error(`${from.name} has no ${digest}`);
  if (manifest.kind === 'index') {
    for (const child of manifest.manifests) copyImage(world, from, to, child.digest);
  } else {
    for (const blob of [manifest.config, ...manifest.layers]) to.blobs[blob.digest] = true;
  }
  putManifest(world, to, tag ?? digest, stored.mediaType, Buffer.from(stored.text));
  return digest;
}
