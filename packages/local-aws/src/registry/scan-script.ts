import type { ImageScanFinding } from '@aws-sdk/client-ecr';
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
    };

const scripts = new WeakMap<World, Map<string, ScanStep[]>>();

/**
 * The n-th question about `digest` (`*`: about any image) in an account gets the n-th step; the last step stays.
 * An empty list ends the script.
 */
export function scriptScan(world: World, account: string, digest: string, steps: readonly ScanStep[]): void {
  const ofWorld = scripts.get(world) ?? new Map<string, ScanStep[]>();
  scripts.set(world, ofWorld);
  ofWorld.set(`${account} ${digest}`, [...steps]);
}

export function nextScanStep(world: World, account: string, digest: string): ScanStep {
  const ofWorld = scripts.get(world);
  const steps = ofWorld?.get(`${account} ${digest}`) ?? ofWorld?.get(`${account} *`) ?? [];
  const step = steps.length > 1 ? steps.shift() : steps[0];
  return step ?? { kind: 'as-it-is' };
}
