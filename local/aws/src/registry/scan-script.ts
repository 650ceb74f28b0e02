import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr';
import type { World } from '../world/world.ts';
import { script } from './script.ts';

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

const scans = script<ScanStep>();
const coverages = script<CoverageStep>();

/**
 * The n-th question about `digest` (`*`: about any image) in an account gets the n-th step; the last step stays.
 * An empty list ends the script.
 */
export const scriptScan = scans.set;

/** The same for what Amazon Inspector says of its coverage. */
export const scriptCoverage = coverages.set;

export function nextScanStep(world: World, account: string, digest: string): ScanStep {
  return scans.next(world, account, digest) ?? { kind: 'as-it-is' };
}

export function nextCoverageStep(world: World, account: string, digest: string): CoverageStep {
  return coverages.next(world, account, digest) ?? { kind: 'as-it-is' };
}
