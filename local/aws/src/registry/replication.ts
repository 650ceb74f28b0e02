import type { World } from '../world/world.ts';
import { copiedSettings } from './creation-templates.ts';
import { manifestOf } from './image.ts';
import { ecrState, type Repository } from './store.ts';

/** Virtual milliseconds from a push to the copy in another region; ECR says that most take less than 30 minutes. */
const REPLICATED_AFTER = 20_000;

/** Where the images of a registry go too: the other regions of the same account. */
export interface Replication {
  readonly regions: string[];
  /** Only repositories whose names begin so are copied; all where absent. */
  readonly prefixes?: readonly string[];
  /** By region: why nothing arrives there. */
  readonly failures: Record<string, string>;
}

export function replicationOf(world: World, account: string, region: string): Replication {
  return world.state<Replication>('ecr-replication', account, region, () => ({ regions: [], failures: {} }));
}

/** Where images of a repository are copied to. */
export function regionsFor(world: World, { name, registryId, region }: Repository): readonly string[] {
  const { regions, prefixes } = replicationOf(world, registryId, region);
  return prefixes === undefined || prefixes.some((prefix) => name.startsWith(prefix)) ? regions : [];
}

/** Starts to copy an image that was pushed, if the registry replicates. */
export function replicate(world: World, repository: Repository, digest: string): void {
  for (const region of regionsFor(world, repository))
    world.clock.after(REPLICATED_AFTER, () => arrive(world, repository, digest, region));
}

function arrive(world: World, from: Repository, digest: string, region: string): void {
  if (replicationOf(world, from.registryId, from.region).failures[region] !== undefined) return;
  const { repositories } = ecrState(world, from.registryId, region);
  repositories[from.name] ??= {
    ...copiedSettings(world, from, region),
    name: from.name,
    registryId: from.registryId,
    region,
    createdAt: world.clock.now(),
    tags: {},
    manifests: {},
    blobs: {},
    scans: {},
  };
  const to = repositories[from.name];
  if (to) copy(world, from, to, digest);
  world.touched();
}

function copy(world: World, from: Repository, to: Repository, digest: string): void {
  const manifest = manifestOf(from, digest);
  const stored = from.manifests[digest];
  if (!manifest || !stored) return;
  if (manifest.kind === 'index') for (const child of manifest.manifests) copy(world, from, to, child.digest);
  else for (const blob of [manifest.config, ...manifest.layers]) to.blobs[blob.digest] = true;
  to.manifests[digest] ??= { ...stored, pushedAt: world.clock.now() };
  for (const [tag, tagged] of Object.entries(from.tags)) if (tagged === digest) to.tags[tag] = digest;
}
