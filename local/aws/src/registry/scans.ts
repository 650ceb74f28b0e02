import type { World } from '../world/world.ts';
import { ecrState, type Repository, type ScanType } from './store.ts';

/** Virtual milliseconds from the start of a scan to each later state. */
const IN_PROGRESS_AFTER = 1_000;
const FINISHED_AFTER = 4_000;

/** One image may be scanned once in 24 hours, the scan on push included ("Image scanning", Amazon ECR user guide). */
const SCAN_INTERVAL = 24 * 3_600_000;

export function startScan(
  world: World,
  repository: Repository,
  digest: string,
): 'started' | 'limit-exceeded' {
  const now = world.clock.now();
  const type = scanTypeOf(world, repository);
  const last = repository.scans[digest];
  if (last && (last.type ?? 'BASIC') === type && now - last.startedAt < SCAN_INTERVAL)
    return 'limit-exceeded';
  repository.scans[digest] = { startedAt: now, type };
  world.touched();
  return 'started';
}

export type ScanProgress =
  | { readonly state: 'none' }
  | { readonly state: 'PENDING' }
  | { readonly state: 'IN_PROGRESS' }
  | { readonly state: 'finished'; readonly at: number };

export function scanProgress(world: World, repository: Repository, digest: string): ScanProgress {
  const scan = repository.scans[digest];
  if (scan === undefined || (scan.type ?? 'BASIC') !== scanTypeOf(world, repository))
    return { state: 'none' };
  const elapsed = world.clock.now() - scan.startedAt;
  if (elapsed < IN_PROGRESS_AFTER) return { state: 'PENDING' };
  if (elapsed < FINISHED_AFTER) return { state: 'IN_PROGRESS' };
  return { state: 'finished', at: scan.startedAt + FINISHED_AFTER };
}

export function scanTypeOf(world: World, { registryId, region }: Repository): ScanType {
  return ecrState(world, registryId, region).scanning.scanType;
}
