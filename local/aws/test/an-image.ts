import { digestOf } from '../src/registry/digest.ts';
import { layerOf } from '../src/registry/layer.ts';
import { OCI_MANIFEST } from '../src/registry/manifest.ts';
import { putManifest } from '../src/registry/put-manifest.ts';
import { ecrState, seedRepository } from '../src/services/ecr.ts';
import type { World } from '../src/world/world.ts';

/** Where images are pushed to. */
export interface Registry {
  readonly world: World;
  readonly account: string;
  readonly region: string;
}

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Pushes an image to `acme/orders` whose top layer has these files, over an image of `base/node` or over nothing. */
export async function pushImage(
  registry: Registry,
  files: Readonly<Record<string, string>>,
  over?: string,
): Promise<string> {
  return pushLayer(registry, await layerOf(files), GZIP, over);
}

export function pushLayer(
  { world, account, region }: Registry,
  { blob, diffId }: { readonly blob: Buffer; readonly diffId: string },
  mediaType: string,
  over?: string,
): string {
  const repository = seedRepository(world, account, region, 'acme/orders');
  const from = ecrState(world, account, region).repositories['base/node'];
  const below = over ? JSON.parse(from?.manifests[over]?.text ?? '').layers : [];
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [diffId] } }),
  );
  for (const bytes of [blob, config]) world.blobs.put(bytes);
  const describe = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describe('application/vnd.oci.image.config.v1+json', config),
    layers: [...below, describe(mediaType, blob)],
  };
  for (const { digest } of [manifest.config, ...manifest.layers]) repository.blobs[digest] = true;
  const bytes = Buffer.from(JSON.stringify(manifest));
  return putManifest(world, repository, digestOf(bytes), OCI_MANIFEST, bytes).digest;
}

/** Moves the begin of a scan into the past: milliseconds of the service's time pass at once. */
export function ageScan(
  { world, account, region }: Registry,
  digest: string,
  milliseconds: number,
  name = 'acme/orders',
): void {
  const scans = ecrState(world, account, region).repositories[name]?.scans ?? {};
  const scan = scans[digest];
  if (scan === undefined) throw new Error(`${digest} has no scan that could be older`);
  scans[digest] = { ...scan, startedAt: scan.startedAt - milliseconds };
}
