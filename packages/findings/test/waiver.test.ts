import { describe, expect, it, test } from '@jest/globals';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import { policyOf } from '../src/effective-policy.ts';
import { meetPolicies } from '../src/meet-policies.ts';
import type { ScanFloor } from '../src/policy.ts';
import { judgeImage } from '../src/verdict.ts';
import { Waiver } from '../src/waiver.ts';
import { aChild, aFinding, aWaiver, PLACE, TERMS } from './policies.ts';

const FLOOR: ScanFloor = {
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
  informational: 0,
  unknown: 0,
  waivers: TERMS,
};

function judged(
  waivers: readonly Waiver[],
  finding = aFinding(),
  { floor = FLOOR, place = PLACE }: { readonly floor?: ScanFloor; readonly place?: typeof PLACE } = {},
) {
  return judgeImage(
    [aChild([finding])],
    { ...policyOf(meetPolicies(floor, undefined).policy), waivers },
    place,
  );
}

describe('a waiver', () => {
  it('takes a finding out of the count and leaves it in every row, with who answers for it', () => {
    const judgement = judged([aWaiver()]);
    expect(judgement.decision).toBe('allow');
    expect(judgement.counts.high).toBe(1);
    expect(judgement.rows).toEqual([expect.objectContaining({ effect: 'waived', waiver: 0 })]);
    expect(judgement.waivers).toMatchObject([{ state: 'expiring', covers: 1 }]);
  });

  it.each<[string, Partial<Waiver>, Parameters<typeof aFinding>[0], string]>([
    ['another package', { package: 'pkg:deb/zlib' }, {}, 'it is for pkg:deb/zlib'],
    ['another type of package', { package: 'pkg:npm/openssl' }, {}, 'it is for pkg:npm/openssl'],
    [
      'another namespace',
      { package: 'pkg:npm/%40other/openssl' },
      { purl: 'pkg:npm/%40some/openssl@1' },
      'it is for',
    ],
    ['another version', { package: 'pkg:deb/openssl@1.*' }, {}, 'it is for pkg:deb/openssl@1.*'],
    ['another repository', { repositories: ['acme/shop'] }, {}, 'it is for the repositories acme/shop'],
    ['a path, of a finding without one', { paths: ['/app/*'] }, {}, 'it is for the paths /app/*'],
    [
      'a finding that has a fix',
      {},
      { fixedIn: '3.0.15' },
      'it holds until a fix is known, and 3.0.15 fixes this',
    ],
    [
      'a finding that is said to have a fix',
      {},
      { fixUnnamed: 'said' },
      'and a version that is not named fixes this',
    ],
    ['a day that has passed', { expires: '2026-11-23' }, {}, 'it expired on 2026-11-23'],
    ['a day to come', { created: '2026-11-25' }, {}, 'it holds from 2026-11-25 on'],
    [
      'longer than the floor allows',
      { expires: '2026-12-20' },
      {},
      'it lasts 31 days, and the floor allows 14 for high',
    ],
    ['a severity that may not be waived', {}, { severity: 'low' }, 'the floor lets no low finding be waived'],
    [
      'an approver whom the floor does not name',
      { approvedBy: 'dev-bo' },
      {},
      'dev-bo may not approve waivers',
    ],
  ])('does not cover %s, and is named as the one that nearly did', (_, waiver, finding, why) => {
    const judgement = judged([aWaiver(waiver)], aFinding(finding));
    expect(judgement.decision).toBe('deny');
    expect(judgement.blocking[0]?.nearly).toEqual([{ waiver: 0, why: [expect.stringContaining(why)] }]);
    expect(judgement.waivers[0]?.missed).toEqual([expect.stringContaining(why)]);
  });

  it.each<[string, Partial<Waiver>, Parameters<typeof aFinding>[0]]>([
    ['by an alias', { id: 'ghsa-xxxx-yyyy-zzzz' }, { aliases: ['GHSA-xxxx-yyyy-zzzz'] }],
    ['by the namespace of the distribution too', { package: 'pkg:deb/debian/openssl@3.0.*' }, {}],
    ['with a fix, where it says so', { untilFixed: false }, { fixedIn: '3.0.15' }],
    ['without word about a fix', {}, { fixUnnamed: 'untold' }],
    ['in one of its paths', { paths: ['/x', '/app/*.js'] }, { filePath: '/app/lib/a.js' }],
    ['on its last day, to the end of it', { expires: '2026-11-24' }, {}],
  ])('covers a finding %s', (_, waiver, finding) => {
    expect(judged([aWaiver(waiver)], aFinding(finding)).decision).toBe('allow');
  });

  it('covers a package of the operating system when the registry names no type', () => {
    const { purl: _, ...untyped } = aFinding();
    expect(judged([aWaiver()], untyped).decision).toBe('allow');
    expect(judged([aWaiver({ package: 'pkg:npm/openssl' })], untyped).decision).toBe('deny');
  });

  it('covers nothing that the floor lets nobody waive, nor what may be that', () => {
    const floor: ScanFloor = { ...FLOOR, waivers: { ...TERMS, nonWaivable: ['kev', 'CVE-2021-44228'] } };
    expect(judged([aWaiver()], aFinding({ kev: true }), { floor }).decision).toBe('deny');
    expect(judged([aWaiver()], aFinding(), { floor }).decision).toBe('deny');
    expect(judged([aWaiver()], aFinding({ kev: false }), { floor }).decision).toBe('allow');
    const renamed = aFinding({ kev: false, aliases: ['CVE-2021-44228'] });
    expect(judged([aWaiver()], renamed, { floor }).decision).toBe('deny');
  });

  it('covers nothing where the floor speaks of no waivers, and does nothing for an inspection that is no evidence', () => {
    const { waivers: _, ...silent } = FLOOR;
    expect(judged([aWaiver()], aFinding(), { floor: silent }).decision).toBe('deny');
    const policy = { ...policyOf(meetPolicies(FLOOR, undefined).policy), waivers: [aWaiver()] };
    const unproven = { ...aChild([aFinding()]), unproven: 'the inspection failed' };
    expect(judgeImage([unproven], policy, PLACE)).toMatchObject({ reasonCode: 'SCAN_NOT_EVIDENCE' });
  });

  it('uses up none of the limit', () => {
    const policy = {
      ...policyOf(meetPolicies({ ...FLOOR, high: 1 }, undefined).policy),
      waivers: [aWaiver()],
    };
    const two = [aFinding(), aFinding({ vulnerability: 'CVE-2026-1001' })];
    expect(judgeImage([aChild(two)], policy, PLACE).decision).toBe('allow');
    expect(judgeImage([aChild(two)], { ...policy, waivers: [] }, PLACE).decision).toBe('deny');
  });

  it('is reported when it did nothing, and when it is over', () => {
    const uses = judged([aWaiver({ id: 'CVE-2026-9999' }), aWaiver({ expires: '2026-11-23' })]).waivers;
    expect(uses.map(({ state }) => state)).toEqual(['unused', 'expired']);
  });
});

test('every waiver outside of the floor is a breach by name', () => {
  const waivers = [
    aWaiver({ approvedBy: 'dev-bo' }),
    aWaiver({ expires: '2027-11-20', id: 'CVE-2021-44228' }),
    aWaiver({ approvedBy: 'dev-bo' }),
  ];
  const floor = { ...FLOOR, waivers: { ...TERMS, nonWaivable: ['CVE-2021-44228'] } };
  expect(meetPolicies(floor, { waivers }).breaches.map(describeMistake)).toEqual([
    'scan.waivers.0.approvedBy: is dev-bo; the floor lets approve: sre-lee',
    'scan.waivers.1.expires: is 366 days long; the floor allows at most 90',
    'scan.waivers.1.id: is CVE-2021-44228, which the floor lets nobody waive',
    'scan.waivers.2.approvedBy: is dev-bo; the floor lets approve: sre-lee',
    'scan.waivers.2.id: is the same as scan.waivers.0',
  ]);
  const { waivers: _, ...silent } = FLOOR;
  expect(meetPolicies(silent, { waivers }).breaches.map(describeMistake)).toEqual([
    'scan.waivers: is there, but the floor allows no waivers',
  ]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a wildcard for an id', { id: 'CVE-*' }, 'id: is "CVE-*"; must be the id of one vulnerability'],
  ['no package', { package: undefined }, 'package: is missing'],
  ['a wildcard for a package', { package: 'pkg:deb/*' }, 'package: is "pkg:deb/*"; must be a package'],
  ['no owner', { owner: ' ' }, 'owner: is empty'],
  [
    'its owner for an approver',
    { approvedBy: '@Dev-Ana ' },
    'approvedBy: is the owner; somebody else must approve',
  ],
  ['no end', { expires: undefined }, 'expires: is missing'],
  ['a day that is none', { expires: '2027-02-31' }, 'expires: is "2027-02-31"; must be a day'],
  [
    'an end before its start',
    { expires: '2026-11-19' },
    'expires: is before the day on which it was created',
  ],
  ['no repository', { repositories: [] }, 'repositories: is empty'],
  ['a short reason', { reason: 'later' }, 'reason: is "later"; must say why in at least 10 characters'],
])('a waiver with %s is refused', (_, more, mistake) => {
  const read = parseDocument(Waiver, { ...aWaiver(), ...more });
  expect('mistakes' in read ? read.mistakes.map(describeMistake) : []).toEqual([
    expect.stringContaining(mistake),
  ]);
});

test('a hostile pattern takes no longer than its length allows', () => {
  expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(300))).toBe(false);
  expect(matchesGlob('acme/*', 'acme/orders')).toBe(true);
  expect(matchesGlob('acme/*', 'globex/acme/orders')).toBe(false);
});
