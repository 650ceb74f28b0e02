import type { ImageScanFinding } from '@aws-sdk/client-ecr';
import { type Finding, findingsIn } from '../advisories/index.ts';
import type { World } from '../world/world.ts';
import { readImage } from './image.ts';
import { operatingSystemOf } from './packages.ts';
import type { Repository } from './store.ts';

/** What a finished scan says of an image. */
export type ScanReport =
  | { readonly status: 'COMPLETE'; readonly findings: readonly ImageScanFinding[] }
  | { readonly status: 'FAILED'; readonly description: string };

const UNSUPPORTED = 'UnsupportedImageError: The operating system and/or package manager are not supported.';

const reports = new WeakMap<World, Map<string, Promise<ScanReport>>>();

/** Layers never change under a digest, so each image is looked into once. */
export function scanReport(world: World, repository: Repository, digest: string): Promise<ScanReport> {
  const ofWorld = reports.get(world) ?? new Map<string, Promise<ScanReport>>();
  reports.set(world, ofWorld);
  const known = ofWorld.get(digest) ?? inspect(world, repository, digest);
  ofWorld.set(digest, known);
  return known;
}

async function inspect(world: World, repository: Repository, digest: string): Promise<ScanReport> {
  const image = readImage(world, repository, digest);
  // A signature or another artifact has layers that are no archives, and a scanner can read nothing in it.
  const system = image && (await operatingSystemOf(image.layers).catch(() => undefined));
  if (system === undefined) return { status: 'FAILED', description: UNSUPPORTED };
  return { status: 'COMPLETE', findings: findingsIn(system).map(asBasicFinding) };
}

function asBasicFinding({ advisory, package: installed }: Finding): ImageScanFinding {
  const { id, severity, description, score, vector } = advisory;
  return {
    name: id,
    description,
    uri: `https://security-tracker.debian.org/tracker/${id}`,
    severity,
    attributes: [
      { key: 'package_version', value: installed.sourceVersion },
      { key: 'package_name', value: installed.source },
      { key: 'CVSS3_VECTOR', value: vector },
      { key: 'CVSS3_SCORE', value: score },
    ],
  };
}

export function countBySeverity(
  findings: readonly { readonly severity?: string | undefined }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { severity = 'UNDEFINED' } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
