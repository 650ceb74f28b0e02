import { type Coverage, coverageRefused, isUnscannable, unscanned } from './coverage.ts';
import type { ScanMode } from './ports.ts';
import { answerOf, type ScanReply, tooEarly, undated, WHOLE_SECOND } from './scan-reply.ts';

/** Whether an inspection is evidence yet. Absence of evidence is never clean. */
export type ScanState =
  | { readonly kind: 'evidence' }
  /** `again`: milliseconds after which another look can decide, where that is known. */
  | { readonly kind: 'wait'; readonly why: string; readonly again?: number }
  | { readonly kind: 'start'; readonly why: string }
  /** `unscannable`: no scanner understands this kind of image, so waiting or asking again is of no use. */
  | { readonly kind: 'no-evidence'; readonly why: string; readonly unscannable?: true };

/** Everything that one look at one child saw. */
export interface Look {
  readonly mode: ScanMode;
  readonly reply: ScanReply;
  /** Of enhanced scanning alone. */
  readonly coverage?: Coverage;
  /** Epoch milliseconds of the child's push. */
  readonly pushedAt: number;
  /** Epoch milliseconds of this look. */
  readonly at: number;
}

/** What a later look must know of the earlier ones. */
export interface Seen {
  /** What every look has said since a time; absent while nothing was good enough. */
  readonly same?: { readonly answer: string; readonly since: number };
  /** A finished answer was changed or taken back later. From then on the scan's own times prove nothing. */
  readonly wavered?: boolean;
  /** The first look of all. */
  readonly firstAt: number;
}

/**
 * Milliseconds that an answer must hold: from the end of the scan, or from the first look that gave it; assumes
 * findings-settle-in-ten-seconds.
 */
const SETTLE = 10_000;
/** The same where Amazon Inspector may not be asked for its coverage. */
const SETTLE_ALONE = 60_000;
const IMAGE_APPEARS = 60_000; // milliseconds that a registry may take to show what was just pushed or replicated

/** Why nothing inspects a repository by itself; `undefined` when something does. */
export function uncovered({ type, frequency }: ScanMode): string | undefined {
  if (frequency === 'SCAN_ON_PUSH') return undefined;
  if (frequency === 'CONTINUOUS_SCAN' && type === 'enhanced') return undefined;
  if (frequency === 'MANUAL') return 'nothing scans this repository: its scan frequency is MANUAL';
  return `the scan frequency ${JSON.stringify(frequency)} is none of ${type} scanning that we know`;
}

/**
 * Judges one look in the light of the earlier ones. Basic scanning needs one good look. Enhanced scanning lists findings
 * some seconds after it calls itself finished, so its answer must have settled: the scan was over long enough before this
 * look, or an earlier look saw the same.
 */
export function judgeLook(
  look: Look,
  seen: Seen | undefined,
): { readonly state: ScanState; readonly seen: Seen } {
  const firstAt = seen?.firstAt ?? look.at;
  const notCovered = uncovered(look.mode);
  if (notCovered !== undefined) return { state: { kind: 'no-evidence', why: notCovered }, seen: { firstAt } };
  if (look.reply.status === 'IMAGE_NOT_FOUND') {
    const why = 'the registry does not know the image';
    const late = look.at - firstAt >= IMAGE_APPEARS;
    return { state: { kind: late ? 'no-evidence' : 'wait', why }, seen: { firstAt } };
  }
  if (look.mode.type === 'basic') return { state: judgeScan(look.reply, look.pushedAt), seen: { firstAt } };
  const state = judgeEnhanced(look);
  const answer = state.kind === 'evidence' ? answerOf(look.reply) : undefined;
  const held = seen?.same?.answer === answer ? seen?.same : undefined;
  const wavered = seen?.wavered || (seen?.same !== undefined && held === undefined);
  const before: Seen = { firstAt, ...(wavered && { wavered }) };
  if (answer === undefined) return { state, seen: before };
  const same = held ?? { answer, since: look.at - (wavered ? 0 : ageOfScan(look)) };
  return { state: settled(look, same.since), seen: { ...before, same } };
}

/**
 * Amazon ECR basic scanning ("Scan images for OS vulnerabilities in Amazon ECR"), status by status.
 * COMPLETE counts only when it carries a completion time not before the push and its total equals its rows:
 * a COMPLETE with an empty list has been seen seconds before the real one.
 */
export function judgeScan(reply: ScanReply, pushedAt: number): ScanState {
  if (reply.status === 'COMPLETE') {
    const early = tooEarly(reply, 'basic') ?? undated(reply, pushedAt);
    return early === undefined ? { kind: 'evidence' } : wait(early);
  }
  if (reply.status === 'SCAN_NOT_FOUND') {
    return { kind: 'start', why: 'the registry has never inspected this image' };
  }
  if (reply.status === 'ACTIVE') {
    return noEvidence(reply, 'the registry says ACTIVE, a word of enhanced scanning, and is set to basic');
  }
  return judgeUnfinished(reply);
}

/** Enhanced scanning ("Scan images for OS and programming language package vulnerabilities in Amazon ECR"). */
function judgeEnhanced({ reply, coverage, pushedAt }: Look): ScanState {
  const { status } = reply;
  if (status !== 'COMPLETE' && status !== 'ACTIVE' && status !== 'SCAN_NOT_FOUND')
    return judgeUnfinished(reply);
  const refused = coverage && coverageRefused(coverage);
  if (refused !== undefined) return noEvidence(reply, refused, isUnscannable(coverage));
  // Nobody can ask for an enhanced scan: it begins by itself.
  if (status === 'SCAN_NOT_FOUND') return wait('Amazon Inspector has not inspected this image yet');
  const early = tooEarly(reply, 'enhanced') ?? unscanned(reply, coverage, pushedAt);
  return early === undefined ? { kind: 'evidence' } : wait(early);
}

/** What is no finished scan in either mode. */
function judgeUnfinished(reply: ScanReply): ScanState {
  switch (reply.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      return wait(`the registry says ${reply.status}`);
    case 'FINDINGS_UNAVAILABLE':
      return wait('the registry says that its findings are unavailable');
    case 'FAILED': // basic scanning says so of a system that it does not know
      return noEvidence(reply, 'the inspection failed', /UnsupportedImage/.test(reply.description ?? ''));
    case 'UNSUPPORTED_IMAGE':
      return noEvidence(reply, 'the registry cannot inspect this kind of image', true);
    case 'LIMIT_EXCEEDED':
      return noEvidence(reply, 'the limit of inspections is reached');
    case 'SCAN_ELIGIBILITY_EXPIRED':
      return noEvidence(
        reply,
        'the image is no longer inspected, so an empty list says nothing; push or pull it',
      );
    case 'IMAGE_ARCHIVED':
      return noEvidence(reply, 'the image is archived; restore it');
    default:
      return noEvidence(reply, `the registry says ${JSON.stringify(reply.status)}, which we do not know`);
  }
}

function settled({ coverage, at }: Look, since: number): ScanState {
  const alone = coverage === undefined || coverage.kind === 'not-permitted';
  const settle = alone ? SETTLE_ALONE : SETTLE;
  const again = since + settle - at;
  if (again <= 0) return { kind: 'evidence' };
  const because = alone ? ', because inspector2:ListCoverage may not be asked' : '';
  return {
    kind: 'wait',
    why: `the findings must stay the same for ${settle / 1000} seconds${because}`,
    again,
  };
}

/**
 * Milliseconds that the scan has been over, by AWS's own clocks alone: a runner's clock that is fast would make a scan look
 * older than it is. Every witness must say when it was over; 0 where one does not. Assumes ecr-scan-completed-at.
 */
function ageOfScan({ reply, coverage }: Look): number {
  const { askedAt, completedAt } = reply;
  const scannedAt = coverage?.kind === 'known' ? coverage.lastScannedAt : completedAt;
  if (askedAt === undefined || completedAt === undefined || scannedAt === undefined) return 0;
  return Math.max(0, askedAt - (Math.max(completedAt, scannedAt) + WHOLE_SECOND));
}

function wait(why: string): ScanState {
  return { kind: 'wait', why };
}

function noEvidence(reply: ScanReply, why: string, unscannable = false): ScanState {
  return {
    kind: 'no-evidence',
    why: reply.description ? `${why}: ${reply.description}` : why,
    ...(unscannable && { unscannable }),
  };
}
