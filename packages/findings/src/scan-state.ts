/** What the registry says of one child's inspection, before anybody believes it. */
export interface ScanReply {
  /** The registry's status word, or `SCAN_NOT_FOUND` where it knows of no scan. */
  readonly status: string;
  readonly description?: string;
  /** Epoch milliseconds; absent in replies that came too early. */
  readonly completedAt?: number;
  /** Rows listed over all pages. */
  readonly listed: number;
  /** The registry's own total; absent when it gave none. */
  readonly counted?: number;
}

/** Whether an inspection is evidence yet. Absence of evidence is never clean. */
export type ScanState =
  | { readonly kind: 'evidence' }
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'start'; readonly why: string }
  | { readonly kind: 'no-evidence'; readonly why: string };

/**
 * Amazon ECR basic scanning ("Scan images for OS vulnerabilities in Amazon ECR"), status by status.
 * COMPLETE counts only when it carries a completion time not before the push and its total equals its rows:
 * a COMPLETE with an empty list has been seen seconds before the real one.
 */
export function judgeScan(reply: ScanReply, pushedAt: number): ScanState {
  switch (reply.status) {
    case 'COMPLETE':
      return judgeComplete(reply, pushedAt);
    case 'PENDING':
    case 'IN_PROGRESS':
      return { kind: 'wait', why: `the registry says ${reply.status}` };
    case 'FINDINGS_UNAVAILABLE':
      return { kind: 'wait', why: 'the registry says that its findings are unavailable' };
    case 'SCAN_NOT_FOUND':
      return { kind: 'start', why: 'the registry has never inspected this image' };
    case 'FAILED':
      return noEvidence(reply, 'the inspection failed');
    case 'UNSUPPORTED_IMAGE':
      return noEvidence(reply, 'the registry cannot inspect this kind of image');
    case 'LIMIT_EXCEEDED':
      return noEvidence(reply, 'the limit of inspections is reached');
    case 'SCAN_ELIGIBILITY_EXPIRED':
      return noEvidence(reply, 'the image is no longer inspected, so an empty list says nothing');
    case 'IMAGE_ARCHIVED':
      return noEvidence(reply, 'the image is archived');
    case 'ACTIVE':
      return noEvidence(reply, 'continuous (enhanced) scanning is not supported yet');
    default:
      return noEvidence(reply, `the registry says ${JSON.stringify(reply.status)}, which we do not know`);
  }
}

function judgeComplete(reply: ScanReply, pushedAt: number): ScanState {
  if (reply.completedAt === undefined)
    return { kind: 'wait', why: 'COMPLETE came without a completion time' };
  // The registry keeps whole seconds, so a scan of the same second counts.
  if (reply.completedAt + 1000 <= pushedAt)
    return { kind: 'wait', why: 'the inspection is older than the push' };
  if (reply.counted === undefined) return { kind: 'wait', why: 'COMPLETE came without severity counts' };
  if (reply.counted !== reply.listed) {
    return { kind: 'wait', why: `${reply.counted} findings are counted but ${reply.listed} are listed` };
  }
  return { kind: 'evidence' };
}

function noEvidence(reply: ScanReply, why: string): ScanState {
  return { kind: 'no-evidence', why: reply.description ? `${why}: ${reply.description}` : why };
}
