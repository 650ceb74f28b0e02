import { before, type ScanReply, undated } from './scan-reply.ts';

/** What Amazon Inspector says of its own coverage of an image. */
export type Coverage =
  | {
      readonly kind: 'known';
      /** `ACTIVE` or `INACTIVE`. */
      readonly status: string;
      /** `SUCCESSFUL`, `PENDING_INITIAL_SCAN`, `UNSUPPORTED_OS`, … */
      readonly reason: string;
      /** Epoch milliseconds. */
      readonly lastScannedAt?: number;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'not-permitted' };

/**
 * Why Amazon Inspector has not looked yet. Its own answer counts more than the date in ECR's reply, which may be missing.
 */
export function unscanned(
  reply: ScanReply,
  coverage: Coverage | undefined,
  pushedAt: number,
): string | undefined {
  if (coverage === undefined || coverage.kind === 'not-permitted') {
    const why = undated(reply, pushedAt);
    return why && `${why}, and inspector2:ListCoverage may not be asked instead`;
  }
  if (coverage.kind === 'none') return 'Amazon Inspector does not list the image as covered yet';
  if (coverage.reason !== 'SUCCESSFUL' && coverage.reason !== 'SCAN_FREQUENCY_SCAN_ON_PUSH') {
    return `Amazon Inspector says ${coverage.reason}`;
  }
  if (coverage.lastScannedAt === undefined) return 'Amazon Inspector has not said when it looked';
  return before(coverage.lastScannedAt, pushedAt)
    ? "Amazon Inspector's last look is older than the push"
    : undefined;
}

const COVERAGE_PASSES = [
  'PENDING_INITIAL_SCAN',
  'PENDING_REVIVAL_SCAN',
  'SCAN_IN_PROGRESS',
  'INTERNAL_ERROR',
];
const COVERED = ['SUCCESSFUL', 'SCAN_FREQUENCY_SCAN_ON_PUSH'];

/**
 * Why there will be no inspection. Some reasons of Amazon Inspector pass by themselves; every other reason is final, also
 * one that we do not know.
 */
export function coverageRefused(coverage: Coverage): string | undefined {
  if (coverage.kind !== 'known') return undefined;
  const { status, reason } = coverage;
  if (COVERAGE_PASSES.includes(reason)) return undefined;
  // A scan on push is over once it was made, so the image may well be called inactive after it.
  if (reason === 'SCAN_FREQUENCY_SCAN_ON_PUSH' || (reason === 'SUCCESSFUL' && status === 'ACTIVE'))
    return undefined;
  return COVERED.includes(reason)
    ? `Amazon Inspector calls the image ${status}`
    : `Amazon Inspector does not cover the image: ${reason}`;
}

/** Reasons of Amazon Inspector that are about the image itself, and not about how it is set up. */
export function isUnscannable(coverage: Coverage | undefined): boolean {
  return coverage?.kind === 'known' && ['UNSUPPORTED_OS', 'UNSUPPORTED_MEDIA_TYPE'].includes(coverage.reason);
}
