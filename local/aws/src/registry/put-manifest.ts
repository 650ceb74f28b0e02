import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { blobAt, digestOf } from './digest.ts';
import { digestInvalid, RegistryError, tagImmutable } from './error.ts';
import { type Index, isDistributable, type Manifest, parseManifest } from './manifest.ts';
import { replicate } from './replication.ts';
import { startScan } from './scans.ts';
import { sign } from './signing.ts';
import { ecrState, mayMove, type Repository, scanFrequencyOf } from './store.ts';

const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/**
 * Stores a manifest under its digest and, when `reference` is a tag, moves the tag.
 * An immutable tag is never moved, not even to the digest that it has already: ECR refuses that too.
 * `pusher` is who the registry signs for, where it signs.
 */
export function putManifest(
  world: World,
  repository: Repository,
  reference: string,
  mediaType: string,
  bytes: Buffer,
  pusher?: Principal,
): { readonly digest: string; readonly subject?: string } {
  const digest = digestOf(bytes);
  const text = bytes.toString();
  const manifest = parseManifest(mediaType, text);
  const tag = reference.includes(':') ? undefined : reference;
  if (tag === undefined && reference !== digest) throw digestInvalid(reference, digest);
  if (tag !== undefined && !TAG.test(tag)) throw new RegistryError('TAG_INVALID', 400, `tag invalid: ${tag}`);
  refuseMissing(world, repository, manifest);
  if (tag !== undefined && Object.hasOwn(repository.tags, tag) && !mayMove(repository, tag)) {
    throw tagImmutable(tag, repository.name);
  }
  refuseMore(world, repository, digest, tag);
  if (repository.manifests[digest] === undefined) {
    const artifactType = manifest.artifactType ?? configTypeOf(manifest);
    repository.manifests[digest] = {
      mediaType,
      text,
      pushedAt: world.clock.now(),
      ...(manifest.subject ? { subject: manifest.subject.digest } : {}),
      ...(artifactType === undefined ? {} : { artifactType }),
    };
    scanOnPush(world, repository, digest, manifest);
    sign(world, repository, digest, manifest, pusher);
    replicate(world, repository, digest);
  }
  if (tag !== undefined) repository.tags[tag] = digest;
  world.touched();
  return { digest, ...(manifest.subject ? { subject: manifest.subject.digest } : {}) };
}

/** The images of a repository and the tags of an image are counted. No page says how a push over HTTP is told. */
function refuseMore(world: World, repository: Repository, digest: string, tag: string | undefined): void {
  const here = { world, account: repository.registryId, region: repository.region };
  const { manifests, tags } = repository;
  const moved = tag !== undefined && tags[tag] !== digest;
  try {
    if (!manifests[digest]) withinQuota(here, 'images', Object.keys(manifests).length);
    if (moved) withinQuota(here, 'imageTags', Object.values(tags).filter((of) => of === digest).length);
  } catch (refused) {
    throw refused instanceof AwsError ? new RegistryError('DENIED', 403, refused.message) : refused;
  }
}

function configTypeOf(manifest: Manifest | Index): string | undefined {
  return manifest.kind === 'image' ? manifest.config.mediaType : undefined;
}

function refuseMissing(world: World, repository: Repository, manifest: Manifest | Index): void {
  if (manifest.kind === 'index') {
    const missing = manifest.manifests.find((child) => repository.manifests[child.digest] === undefined);
    if (missing === undefined) return;
    throw new RegistryError(
      'MANIFEST_BLOB_UNKNOWN',
      404,
      `Images with digests '[${missing.digest}]' do not exist`,
      {
        digest: missing.digest,
      },
    );
  }
  for (const { digest, size } of [manifest.config, ...manifest.layers.filter(isDistributable)]) {
    if (repository.blobs[digest] === undefined) {
      throw new RegistryError(
        'MANIFEST_BLOB_UNKNOWN',
        404,
        `Layers with digests '[${digest}]' do not exist`,
        { digest },
      );
    }
    const stored = blobAt(world, digest)?.length;
    if (stored !== size) {
      throw new RegistryError(
        'MANIFEST_INVALID',
        400,
        `${digest} has ${stored} bytes, the manifest says ${size}`,
      );
    }
  }
}

function scanOnPush(world: World, repository: Repository, digest: string, manifest: Manifest | Index): void {
  if (manifest.kind === 'index' || manifest.subject !== undefined) return;
  const state = ecrState(world, repository.registryId, repository.region);
  if (scanFrequencyOf(state, repository) !== 'MANUAL') startScan(world, repository, digest);
}
