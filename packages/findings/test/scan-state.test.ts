import { describe, expect, it } from '@jest/globals';
import type { Coverage } from '../src/coverage.ts';
import type { ScanMode } from '../src/ports.ts';
import type { ScanReply } from '../src/scan-reply.ts';
import { judgeLook, judgeScan, type Look, type Seen } from '../src/scan-state.ts';

const PUSHED = 1_700_000_000_500;
const complete: ScanReply = { status: 'COMPLETE', completedAt: PUSHED + 4_000, listed: 2, counted: 2 };

describe('an inspection', () => {
  it('is evidence only when complete, dated after the push and counted in full', () => {
    expect(judgeScan(complete, PUSHED).kind).toBe('evidence');
    expect(judgeScan({ ...complete, listed: 0, counted: 0 }, PUSHED).kind).toBe('evidence');
  });

  it.each<[string, ScanReply]>([
    ['has no completion time', { status: 'COMPLETE', listed: 0, counted: 0 }],
    ['has no counts', { status: 'COMPLETE', completedAt: PUSHED + 1, listed: 0 }],
    ['lists fewer rows than it counts', { ...complete, listed: 1 }],
    ['is older than the push', { ...complete, completedAt: PUSHED - 60_000 }],
    ['is pending with empty lists', { status: 'PENDING', listed: 0 }],
    ['is in progress', { status: 'IN_PROGRESS', listed: 0 }],
    ['has its findings unavailable', { status: 'FINDINGS_UNAVAILABLE', listed: 0 }],
    ['changed while it was read', { ...complete, torn: 'the inspection changed while its pages were read' }],
    ['lists rows of enhanced scanning', { ...complete, kind: 'enhanced' }],
    [
      'counts other severities than it lists',
      {
        ...complete,
        bySeverity: { listed: { unknown: 2 }, active: { unknown: 2 }, counted: { critical: 2 } },
      },
    ],
  ])('is waited for while it %s', (_, reply) => {
    expect(judgeScan(reply, PUSHED).kind).toBe('wait');
  });

  it.each([
    'FAILED',
    'UNSUPPORTED_IMAGE',
    'LIMIT_EXCEEDED',
    'SCAN_ELIGIBILITY_EXPIRED',
    'IMAGE_ARCHIVED',
    'ACTIVE',
    'NEW_IN_2027',
    '',
  ])('with status %p is no evidence, however empty its list', (status) => {
    expect(judgeScan({ status, completedAt: PUSHED + 1, listed: 0, counted: 0 }, PUSHED).kind).toBe(
      'no-evidence',
    );
  });
});

const CONTINUOUS: ScanMode = { type: 'enhanced', frequency: 'CONTINUOUS_SCAN' };
const ON_PUSH: ScanMode = { type: 'enhanced', frequency: 'SCAN_ON_PUSH' };
const COVERED: Coverage = {
  kind: 'known',
  status: 'ACTIVE',
  reason: 'SUCCESSFUL',
  lastScannedAt: PUSHED + 3_000,
};
const active: ScanReply = { status: 'ACTIVE', listed: 1, counted: 1, kind: 'enhanced' };

/** The last judgement of looks that come so many seconds after the push. */
function judged(looks: readonly (Partial<Look> & { readonly after: number })[]): string {
  let seen: Seen | undefined;
  let last = '';
  for (const { after, ...look } of looks) {
    const at = PUSHED + after * 1000;
    const whole = { mode: CONTINUOUS, reply: active, coverage: COVERED, pushedAt: PUSHED, at, ...look };
    const { state, seen: next } = judgeLook(whole, seen);
    seen = next;
    last = state.kind;
  }
  return last;
}

describe('an enhanced inspection', () => {
  it.each<[string, string, Parameters<typeof judged>[0]]>([
    ['evidence', 'two equal answers ten seconds apart, covered', [{ after: 5 }, { after: 15 }]],
    [
      'evidence',
      'COMPLETE with rows, as after a scan on push',
      [5, 15].map((after) => ({
        after,
        mode: ON_PUSH,
        reply: { ...active, status: 'COMPLETE' },
        coverage: { ...COVERED, status: 'INACTIVE', reason: 'SCAN_FREQUENCY_SCAN_ON_PUSH' },
      })),
    ],
    [
      'evidence',
      'a clean image that Inspector says it has looked at',
      [5, 15].map((after) => ({
        after,
        reply: { status: 'ACTIVE', listed: 0, counted: 0, kind: 'none' as const },
      })),
    ],
    ['wait', 'one answer alone', [{ after: 5 }]],
    ['wait', 'two answers nine seconds apart', [{ after: 5 }, { after: 14 }]],
    [
      'wait',
      'an answer that changed in between',
      [{ after: 5 }, { after: 15, reply: { ...active, listed: 2, counted: 2 } }],
    ],
    [
      'wait',
      'an answer that changed and changed back',
      [{ after: 5 }, { after: 10, reply: { ...active, listed: 2, counted: 2 } }, { after: 15 }],
    ],
    [
      'wait',
      'an answer between two equal ones that was no evidence',
      [{ after: 5 }, { after: 10, reply: { status: 'PENDING', listed: 0 } }, { after: 15 }],
    ],
    [
      'wait',
      'no scan yet: nobody can start one',
      [{ after: 5, reply: { status: 'SCAN_NOT_FOUND', listed: 0 } }],
    ],
    [
      'wait',
      'an image that Inspector does not list',
      [5, 600].map((after) => ({ after, coverage: { kind: 'none' as const } })),
    ],
    [
      'wait',
      'a first scan that is outstanding',
      [5, 600].map((after) => ({
        after,
        coverage: { ...COVERED, reason: 'PENDING_INITIAL_SCAN' },
      })),
    ],
    [
      'wait',
      'a last look before the push',
      [5, 600].map((after) => ({
        after,
        coverage: { ...COVERED, lastScannedAt: PUSHED - 60_000 },
      })),
    ],
    [
      'wait',
      'rows of basic scanning, from before the mode was switched',
      [5, 600].map((after) => ({
        after,
        reply: { ...active, kind: 'basic' as const },
      })),
    ],
    [
      'wait',
      'rows of both kinds',
      [5, 600].map((after) => ({ after, reply: { ...active, kind: 'both' as const } })),
    ],
    [
      'no-evidence',
      'an operating system that Inspector does not know',
      [{ after: 5, coverage: { ...COVERED, status: 'INACTIVE', reason: 'UNSUPPORTED_OS' } }],
    ],
    [
      'no-evidence',
      'a reason that nobody has heard of',
      [{ after: 5, coverage: { ...COVERED, reason: 'NEW_IN_2027' } }],
    ],
    [
      'no-evidence',
      'an image that is no longer looked at',
      [{ after: 5, coverage: { ...COVERED, status: 'INACTIVE' } }],
    ],
    [
      'no-evidence',
      'an eligibility that is over, with an empty list',
      [{ after: 5, reply: { status: 'SCAN_ELIGIBILITY_EXPIRED', listed: 0, counted: 0 } }],
    ],
    [
      'no-evidence',
      'a repository that nothing scans',
      [{ after: 5, mode: { type: 'enhanced', frequency: 'MANUAL' } }],
    ],
    [
      'no-evidence',
      'a frequency that nobody has heard of',
      [{ after: 5, mode: { type: 'enhanced', frequency: 'WEEKLY' } }],
    ],
    [
      'wait',
      'an image that the registry does not show yet',
      [{ after: 5, reply: { status: 'IMAGE_NOT_FOUND', listed: 0 } }],
    ],
    [
      'no-evidence',
      'an image that the registry does not show after a minute',
      [5, 66].map((after) => ({
        after,
        reply: { status: 'IMAGE_NOT_FOUND', listed: 0 },
      })),
    ],
  ])('is %s: %s', (kind, _, looks) => {
    expect(judged(looks)).toBe(kind);
  });

  /** A look at a scan that both witnesses say was over four seconds after the push; `asked` is AWS's time, in seconds. */
  const dated = (after: number, asked = after, listed = 1): Partial<Look> & { readonly after: number } => ({
    after,
    coverage: { ...COVERED, lastScannedAt: PUSHED + 4_000 },
    reply: {
      ...active,
      listed,
      counted: listed,
      completedAt: PUSHED + 4_000,
      askedAt: PUSHED + asked * 1000,
    },
  });
  const HOUR = 3_600; // seconds
  it.each<[string, string, Parameters<typeof judged>[0]]>([
    ['evidence', 'ten seconds and its own one later', [dated(15)]],
    ['wait', 'less than that later', [dated(14)]],
    ['evidence', 'less than that later, and again when they are over', [dated(9), dated(15)]],
    ['evidence', 'later by AWS, on a runner whose clock is slow', [dated(15 - HOUR, 15)]],
    ['wait', 'only just now by AWS, on a runner whose clock is fast', [dated(5 + HOUR, 5)]],
    [
      'wait',
      'while Amazon Inspector has looked again since',
      [{ ...dated(600), coverage: { ...COVERED, lastScannedAt: PUSHED + 595_000 } }],
    ],
    [
      'wait',
      'while ECR does not say when',
      [{ ...dated(600), reply: { ...active, askedAt: PUSHED + 600_000 } }],
    ],
    [
      'wait',
      'while AWS has not told the time',
      [{ ...dated(600), reply: { ...active, completedAt: PUSHED + 4_000 } }],
    ],
    ['wait', 'with an answer that grows after it was over', [dated(10), dated(600, 600, 2)]],
    ['evidence', 'with an answer that grew once', [dated(10), dated(600, 600, 2), dated(610, 610, 2)]],
    [
      'wait',
      'with an answer that was taken back in between',
      [dated(10), { after: 20, reply: { status: 'PENDING', listed: 0 } }, dated(600)],
    ],
  ])('is %s when the scan was over %s', (kind, _, looks) => {
    expect(judged(looks)).toBe(kind);
  });

  const alone = { coverage: { kind: 'not-permitted' as const } };
  it.each<[string, string, Parameters<typeof judged>[0]]>([
    ['wait', 'an undated answer, however long it stays', [5, 600].map((after) => ({ after, ...alone }))],
    [
      'wait',
      'a dated answer for less than a minute',
      [5, 64].map((after) => ({
        after,
        ...alone,
        reply: { ...active, completedAt: PUSHED + 4_000 },
      })),
    ],
    [
      'evidence',
      'a dated answer that stays for a minute',
      [5, 65].map((after) => ({
        after,
        ...alone,
        reply: { ...active, completedAt: PUSHED + 4_000 },
      })),
    ],
    ['wait', 'a first answer, less than a minute after the scan was over', [{ ...dated(64), ...alone }]],
    ['evidence', 'a first answer, a minute after the scan was over', [{ ...dated(65), ...alone }]],
  ])('is %s where ListCoverage may not be asked: %s', (kind, _, looks) => {
    expect(judged(looks)).toBe(kind);
  });
});
