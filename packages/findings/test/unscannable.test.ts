import { describe, expect, it, test } from '@jest/globals';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import { policyOf } from '../src/effective-policy.ts';
import { meetPolicies } from '../src/meet-policies.ts';
import type { ScanFloor } from '../src/policy.ts';
import type { Unscannable } from '../src/unscannable.ts';
import { judgeImage } from '../src/verdict.ts';
import { waiverKey } from '../src/waiver.ts';
import { ALLOWANCE, aChild, aFinding, aWaiver, PLACE, TERMS } from './policies.ts';

const FLOOR: ScanFloor = {
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
  informational: 0,
  unknown: 0,
  unscannable: {
    reason: 'Static binaries have no packages to look at.',
    repositories: ['acme/*'],
    maximumDays: 30,
    approvers: ['sre-lee'],
  },
};
const CHILD = {
  ...aChild([]),
  scan: 'UNSUPPORTED_IMAGE',
  unproven: 'the registry cannot inspect this kind of image',
  unscannable: true as const,
  sbom: true,
};

function judged(child: object, allowance: Partial<Unscannable> | undefined, floor = FLOOR, place = PLACE) {
  const wish = allowance && { unscannable: { ...ALLOWANCE, ...allowance } };
  const { policy } = policyFor(floor, wish);
  return judgeImage([{ ...CHILD, ...child }], policy, place);
}

function policyFor(floor: ScanFloor, wish: Parameters<typeof meetPolicies>[1]) {
  const { policy, breaches } = meetPolicies(floor, wish);
  return { policy: policyOf(policy), breaches: breaches.map(describeMistake) };
}

describe('an image that no scanner understands', () => {
  it('is allowed where the floor and the service both say so, until the day that they name', () => {
    const judgement = judged({}, {});
    expect(judgement).toMatchObject({
      decision: 'allow',
      goodUntil: Date.UTC(2026, 11, 1),
      uninspected: [{ platform: 'linux/amd64' }],
    });
  });

  const { unscannable: _, ...silent } = FLOOR;
  it.each<[string, ReturnType<typeof judged>, string]>([
    ['without a word of the service', judged({}, undefined), 'cannot inspect this kind of image'],
    ['without a word of the floor', judged({}, {}, silent), 'cannot inspect this kind of image'],
    [
      'in another repository',
      judged({}, {}, FLOOR, { ...PLACE, repository: 'globex/web' }),
      'in the repositories acme/*',
    ],
    ['after the last day', judged({}, { expires: '2026-11-23' }), 'of dev-ana expired on 2026-11-23'],
    ['before the first day', judged({}, { created: '2026-11-25' }), 'holds from 2026-11-25 on'],
    ['for longer than the floor allows', judged({}, { expires: '2027-11-01' }), 'the floor allows 30'],
    ['by the word of somebody else', judged({}, { approvedBy: 'dev-bo' }), 'dev-bo may not approve that'],
    ['without an SBOM of our build', judged({ sbom: false }, {}), 'asks for an SBOM'],
    ['whose inspection only failed', judged({ unscannable: undefined }, {}), 'cannot inspect'],
  ])('is denied %s', (_, judgement, why) => {
    expect(judgement).toMatchObject({ decision: 'deny', reasonCode: 'SCAN_NOT_EVIDENCE', uninspected: [] });
    expect(judgement.reasons.join()).toContain(why);
  });

  it('is judged by what was found all the same, and never allowed where there is nothing to run', () => {
    expect(judged({ findings: [aFinding()] }, {})).toMatchObject({ reasonCode: 'FINDINGS_OVER_LIMIT' });
    const { policy } = policyFor(FLOOR, { unscannable: ALLOWANCE });
    expect(judgeImage([], policy, PLACE)).toMatchObject({ reasonCode: 'NOTHING_TO_INSPECT' });
  });

  it('is named where the service asks for more than the floor gives', () => {
    expect(policyFor(silent, { unscannable: ALLOWANCE }).breaches).toEqual([
      'scan.unscannable: is there, but the floor allows no image that nothing can inspect',
    ]);
    const much = { ...ALLOWANCE, approvedBy: 'dev-bo', expires: '2027-11-01' };
    expect(policyFor(FLOOR, { unscannable: much, severityFrom: 'vendor' }).breaches).toEqual([
      'scan.severityFrom: is vendor; whose severity counts is said by the floor alone, which says inspector',
      'scan.unscannable.approvedBy: is dev-bo; the floor lets approve: sre-lee',
      'scan.unscannable.expires: is 347 days long; the floor allows at most 30',
    ]);
  });
});

test('a waiver that covers nothing for longer than the floor lets it stops the delivery, not the one that mends', () => {
  const { policy } = policyFor({ ...FLOOR, waivers: { ...TERMS, unusedDays: 3 } }, { waivers: [aWaiver()] });
  const clean = aChild([]);
  expect(judgeImage([clean], policy, PLACE)).toMatchObject({
    decision: 'deny',
    reasonCode: 'WAIVERS_UNUSED',
    reasons: [
      'the waiver of CVE-2026-1000 for pkg:deb/openssl has covered nothing since 2026-11-20, and the floor allows 3 days of that',
    ],
  });
  const needed = new Set([waiverKey(aWaiver())]);
  expect(judgeImage([clean], policy, { ...PLACE, needed }).decision).toBe('allow');
  const earlier = { ...PLACE, now: Date.UTC(2026, 10, 22) };
  expect(judgeImage([clean], policy, earlier).decision).toBe('allow');
});
