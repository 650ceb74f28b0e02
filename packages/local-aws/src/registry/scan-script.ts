import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr';
import type { World } from '../world/world.ts';

/** What one DescribeImageScanFindings answers instead of the truth, to play what ECR is known to do. */
export type ScanStep =
  /** No scan is known for the image: ScanNotFoundException. */
  | { readonly kind: 'not-found' }
  /** Answer as it really is now. */
  | { readonly kind: 'as-it-is' }
  /** A status word, also one that nobody has heard of; `findings` absent means no findings object at all. */
  | {
      readonly kind: 'status';
      readonly status: string;
      readonly description?: string;
      readonly findings?: readonly ImageScanFinding[];
      readonly enhancedFindings?: readonly EnhancedImageScanFinding[];
      /** Milliseconds since the epoch; no completion time where absent. */
      readonly completedAt?: number;
      /** In place of what the lists come to. */
      readonly counts?: Readonly<Record<string, number>>;
    };

/** What one ListCoverage says of an image instead of the truth. */
export type CoverageStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'as-it-is' }
  | {
      readonly kind: 'covered';
      readonly statusCode: 'ACTIVE' | 'INACTIVE';
      readonly reason: string;
      /** Milliseconds since the epoch. */
      readonly lastScannedAt?: number;
    };

/** Steps by account and digest, for one kind of question. */
type Scripts<Step> = WeakMap<World, Map<string, Step[]>>;

const scans: Scripts<ScanStep> = new WeakMap();
const coverages: Scripts<CoverageStep> = new WeakMap();

/**
 * The n-th question about `digest` (`*`: about any image) in an account gets the n-th step; the last step stays.
 * An empty list ends the script.
 */
export function scriptScan(world: World, account: string, digest: string, steps: readonly ScanStep[]): void {
  script(scans, world, account, digest, steps);
}

/** The same for what Amazon Inspector says of its coverage. */
export function scriptCoverage(
  world: World,
  account: string,
  digest: string,
  steps: readonly CoverageStep[],
): void {
  script(coverages, world, account, digest, steps);
}

export function nextScanStep(world: World, account: string, digest: string): ScanStep {
  return next(scans, world, account, digest) ?? { kind: 'as-it-is' };
}

export function nextCoverageStep(world: World, account: string, digest: string): CoverageStep {
  return next(coverages, world, account, digest) ?? { kind: 'as-it-is' };
}

function script<Step>(
  scripts: Scripts<Step>,
  world: World,
  account: string,
  digest: string,
  steps: readonly Step[],
): void {
  const ofWorld = scripts.get(world) ?? new Map<string, Step[]>();
  scripts.set(world, ofWorld);
  ofWorld.set(`${account} ${digest}`, [...steps]);
}

function next<Step>(scripts: Scripts<Step>, world: World, account: string, digest: string): Step | undefined {
  const ofWorld = scripts.get(world);
  const steps = ofWorld?.get(`${account} ${digest}`) ?? ofWorld?.get(`${account} *`) ?? [];
  return steps.length > 1 ? steps.shift() : steps[0];
}
