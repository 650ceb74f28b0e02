import { describe, expect, it, test } from '@jest/globals';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { SEVERITIES } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { deployedFindings } from '../src/compare-findings.ts';
import { policyOf } from '../src/effective-policy.ts';
import { exploitationByRow, type JudgedFinding, rowKey } from '../src/exploitation.ts';
import type { Finding } from '../src/finding.ts';
import { meetPolicies } from '../src/meet-policies.ts';
import { mergeFindings } from '../src/merge.ts';
import { ScanFloor, ScanWish } from '../src/policy.ts';
import type { Enriched } from '../src/ports.ts';
import { findingsThatHang, judgeImage } from '../src/verdict.ts';
import {
  aChild,
  aFinding,
  aWaiver,
  findings,
  floors,
  inspected,
  NOW,
  PLACE,
  places,
  policies,
  TERMS,
  tightenings,
  wishes,
} from './policies.ts';

const NUMBERS = {
  critical: 0,
  high: 0,
  medium: 10,
  low: 'unlimited',
  informational: 'unlimited',
  unknown: 0,
} as const;

/** What a lookup says of a row, where `some` knows it. */
function answerOf(some: readonly JudgedFinding[], row: Finding): Enriched {
  const { epss = 'unknown', kev } = some.find((one) => rowKey(one) === rowKey(row)) ?? {};
  const listed = kev ? ({ added: '2026-11-01' } as const) : 'none';
  return { epss, kev: kev === undefined ? 'unknown' : listed, exploit: 'unknown' };
}

const UNKNOWN: Enriched = { epss: 'unknown', kev: 'unknown', exploit: 'unknown' };

function mistakesIn(schema: typeof ScanFloor | typeof ScanWish, value: unknown): readonly string[] {
  const read = parseDocument(schema, value);
  return 'mistakes' in read ? read.mistakes.map(describeMistake) : [];
}

describe('floor and wish', () => {
  test('no file of a repository weakens any floor, whatever was found', () => {
    fc.assert(
      fc.property(floors, wishes, inspected, places, (floor, wish, child, place) => {
        const alone = policyOf(meetPolicies(floor, undefined).policy);
        const joined = policyOf(meetPolicies(floor, wish).policy);
        const denied = judgeImage([child], alone, place).decision === 'deny';
        return !denied || judgeImage([child], joined, place).decision === 'deny';
      }),
      { numRuns: 1000 },
    );
  });

  test('a wish that is looser anywhere is a breach by name, and the floor holds; where it came from is said', () => {
    const { policy, breaches } = meetPolicies(
      { ...NUMBERS, high: { action: 'block', fixableOnly: true, graceDays: 7 }, overrides: { kev: 'block' } },
      {
        critical: 1,
        high: { fixableOnly: false, graceDays: 30, maxCount: 2 },
        medium: { maxCount: 5 },
        overrides: { kev: 'warn', epss: { atLeast: 0.5 } },
      },
    );
    expect(breaches.map(describeMistake)).toEqual([
      'scan.critical: is 1; it may only tighten the floor of 0',
      'scan.high.graceDays: is 30; it may only tighten the floor of 7',
      'scan.high.maxCount: is 2; it may only tighten the floor of 0',
      'scan.overrides.kev: is warn; it may only tighten the floor of block',
    ]);
    expect(policy.limits).toMatchObject({
      critical: { value: 0, from: 'floor' },
      medium: { value: 5, from: 'manifest' },
    });
    expect(policy.rules).toEqual({
      rules: {
        high: {
          fixableOnly: { value: false, from: 'manifest' },
          graceDays: { value: 7, from: 'floor' },
        },
      },
      overrides: {
        kev: { value: 'block', from: 'floor' },
        epss: { atLeast: { value: 0.5, from: 'manifest' }, action: { value: 'block', from: 'manifest' } },
        unknown: { value: 'block', from: 'floor' },
      },
    });
  });

  test('numbers alone stay what they were: limits, and no further rules', () => {
    expect(meetPolicies(NUMBERS, { medium: 3 }).policy).toEqual({
      limits: {
        ...Object.fromEntries(SEVERITIES.map((name) => [name, { value: NUMBERS[name], from: 'floor' }])),
        medium: { value: 3, from: 'manifest' },
      },
    });
  });

  test('every mistake of a policy is named, with what belongs there', () => {
    expect(
      mistakesIn(ScanFloor, { ...NUMBERS, high: { fixableOnyl: true }, low: 'any', critical: undefined }),
    ).toEqual([
      'critical: is missing',
      'high.fixableOnyl: is not a known key; did you mean fixableOnly?',
      'low: is "any"; must be a whole number or unlimited',
    ]);
    expect(mistakesIn(ScanWish, { overrides: { kev: 'off', epss: { atLeast: 7 } } })).toEqual([
      'overrides.kev: is "off"; must be block, warn or report',
      'overrides.epss.atLeast: is 7; must be at most 1',
    ]);
  });
});

describe('the judgement under a policy', () => {
  it('never turns from deny to allow when a finding is added, a waiver is removed or a rule is tightened', () => {
    const extra = findings.map((some) =>
      some.map((row, n) => ({ ...row, vulnerability: `CVE-2026-${2000 + n}` })),
    );
    fc.assert(
      fc.property(findings, policies, extra, tightenings, places, (some, policy, more, tighten, place) => {
        const decide = (rows: typeof some, by: typeof policy) =>
          judgeImage([aChild(rows)], by, place).decision;
        if (decide(some, policy) === 'allow') return;
        expect(decide([...some, ...more], policy)).toBe('deny');
        expect(decide(some, tighten(policy))).toBe('deny');
        expect(decide(some, { ...policy, waivers: policy.waivers.slice(1) })).toBe('deny');
      }),
      { numRuns: 1000 },
    );
  });

  it('never turns from deny to allow when another platform has what one has, of the same or of unknown severity', () => {
    const twins = fc.tuple(findings, findings, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }));
    fc.assert(
      fc.property(twins, policies, places, ([some, others, same], policy, place) => {
        const more = some.map((row, n) => {
          const severity = same[n] ? row.severity : ('unknown' as const);
          const { vulnerability, saidSeverity, vendorSeverity } = row;
          const { vendorSeverity: _, ...other } = others[n] ?? row;
          return {
            ...other,
            vulnerability,
            severity,
            saidSeverity: same[n] ? saidSeverity : severity,
            ...(same[n] && vendorSeverity && { vendorSeverity }),
            platforms: ['linux/arm64'],
          };
        });
        // What is known of exploitation is known of the vulnerability, and so the same on every platform.
        const decide = (...platforms: readonly (readonly JudgedFinding[])[]) => {
          const children = platforms.map((rows) => aChild(rows.map(({ epss: _, kev: __, ...said }) => said)));
          const hang = findingsThatHang(children, policy, place);
          const answers = hang.map(({ vulnerability }) => {
            const known = some.find((one) => one.vulnerability === vulnerability);
            return known ? answerOf([known], known) : UNKNOWN;
          });
          return judgeImage(children, policy, place, exploitationByRow(hang, answers)).decision;
        };
        if (decide(some) === 'deny') expect(decide(some, more)).toBe('deny');
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same in whatever order, and on whatever pages, findings came', () => {
    fc.assert(
      fc.property(findings, policies, fc.nat(8), (some, policy, turn) => {
        const turned = [...some.slice(turn), ...some.slice(0, turn)].toReversed();
        const known = judgeImage([aChild(some)], policy, PLACE);
        expect(judgeImage([aChild(turned)], policy, PLACE)).toEqual(known);
        expect(judgeImage([aChild(some.slice(0, turn)), aChild(some.slice(turn))], policy, PLACE)).toEqual(
          known,
        );
      }),
    );
  });

  it('is the same whether exploitation is asked of every finding or of those that hang on it', () => {
    fc.assert(
      fc.property(findings, policies, places, (some, policy, place) => {
        const child = aChild(some.map(({ epss: _, kev: __, ...said }) => said));
        const known = (of: readonly Finding[]) =>
          exploitationByRow(
            of,
            of.map((row) => answerOf(some, row)),
          );
        const all = mergeFindings(child.findings);
        const every = judgeImage([child], policy, place, known(all));
        const asked = judgeImage([child], policy, place, known(findingsThatHang([child], policy, place)));
        const decided = ({ rows, decision, reasons }: typeof every) => ({
          decision,
          reasons,
          rows: rows.map(({ finding, effect, rule, why }) => ({ row: rowKey(finding), effect, rule, why })),
        });
        expect(decided(asked)).toEqual(decided(every));
      }),
      { numRuns: 1000 },
    );
  });

  it('asks nothing of a finding that is waived whatever is known of it', () => {
    const policy = floor({ high: 0, overrides: { kev: 'block' } });
    const [waived, other] = [aFinding(), aFinding({ vulnerability: 'CVE-2026-2000' })];
    const waiving = { ...policy, waivers: [aWaiver()], terms: TERMS };
    expect(findingsThatHang([aChild([waived, other])], waiving, PLACE)).toEqual([other]);
  });

  const floor = (more: Partial<ScanFloor>) =>
    policyOf(meetPolicies({ ...NUMBERS, ...more }, undefined).policy);
  const seen = (daysAgo: number) => ({ firstObservedAt: new Date(NOW - daysAgo * 86_400_000).toISOString() });

  it.each([
    ['without a fix, where only fixable ones count', { high: { fixableOnly: true } }, {}, 'report'],
    [
      'with a fix, where only fixable ones count',
      { high: { fixableOnly: true } },
      { fixedIn: '3.0.15' },
      'block',
    ],
    [
      'without word about a fix, where only fixable ones count',
      { high: { fixableOnly: true } },
      { fixUnnamed: 'untold' },
      'block',
    ],
    ['seen yesterday, with a week of grace', { high: { graceDays: 7 } }, seen(1), 'report'],
    ['seen a week ago, with a week of grace', { high: { graceDays: 7 } }, seen(7), 'block'],
    ['of unknown age, with a week of grace', { high: { graceDays: 7 } }, {}, 'block'],
    [
      'of an age that is no time, with a week of grace',
      { high: { graceDays: 7 } },
      { firstObservedAt: 'soon' },
      'block',
    ],
    ['that is only warned of', { high: { action: 'warn' } }, {}, 'warn'],
    [
      'exploited, in its grace',
      { high: { graceDays: 7 }, overrides: { kev: 'block' } },
      { ...seen(1), kev: true },
      'block',
    ],
    ['that nobody knows to be exploited or not', { high: 5, overrides: { kev: 'block' } }, {}, 'block'],
    [
      'the same, where that is only reported',
      { high: 5, overrides: { kev: 'block', unknown: 'report' } },
      {},
      'report',
    ],
    ['known not to be exploited', { high: 5, overrides: { kev: 'block' } }, { kev: false }, 'report'],
    ['with a likely exploit', { high: 5, overrides: { epss: { atLeast: 0.5 } } }, { epss: 0.5 }, 'block'],
    [
      'with an unlikely exploit',
      { high: 5, overrides: { epss: { atLeast: 0.5 } } },
      { epss: 0.49 },
      'report',
    ],
    [
      'with a public exploit',
      { high: 5, overrides: { exploitAvailable: 'warn' } },
      { exploit: 'yes' },
      'warn',
    ],
    [
      'over the limit, that an override warns of',
      { overrides: { exploitAvailable: 'warn' } },
      { exploit: 'yes' },
      'block',
    ],
    ['hidden by a rule in the account', {}, { suppressed: true }, 'block'],
    ['hidden by nobody, where the floor allows that', { suppressedUpstream: 'report' }, {}, 'block'],
    [
      'the same, where the floor allows that',
      { suppressedUpstream: 'report' },
      { suppressed: true },
      'report',
    ],
  ] as const)('finds a finding %s: %j %j is %s', (_, rules, more, effect) => {
    expect(judgeImage([aChild([aFinding(more)])], floor(rules), PLACE).rows[0]).toMatchObject({ effect });
  });

  it.each([
    ['inspector', 'high'],
    ['vendor', 'unknown'],
    ['max', 'unknown'],
  ] as const)(
    'takes the severity by the word of %s: of HIGH that the vendor has "not yet assigned", %s',
    (severityFrom, severity) => {
      const said = aFinding({ vendorSeverity: 'not yet assigned' });
      const { counts } = judgeImage([aChild([said])], floor({ severityFrom }), PLACE);
      expect(counts).toMatchObject({ high: 0, [severity]: 1 });
    },
  );

  const before = (more: object = {}) => ({
    ...PLACE,
    deployed: deployedFindings({
      schemaVersion: 1,
      findings: [{ ...aFinding(), effect: 'report', ...more }],
    }),
  });
  const CRITICAL = { severity: 'critical', fixedIn: '3.0.15' } as const;

  it.each<[string, ReturnType<typeof before>, Parameters<typeof aFinding>[0], Partial<ScanFloor>, string]>([
    ['that runs already', before(), { version: '3.0.12' }, { baseline: 'deployed' }, 'report'],
    ['that runs already, where everything decides', before(), {}, {}, 'block'],
    ['that is new', before({ vulnerability: 'CVE-2026-9' }), {}, { baseline: 'deployed' }, 'block'],
    ['where nobody knows what runs', before({ effect: undefined }), {}, { baseline: 'deployed' }, 'block'],
    [
      'that was milder when it was accepted',
      before({ severity: 'medium' }),
      {},
      { baseline: 'deployed' },
      'block',
    ],
    [
      'that was of unknown severity when it was accepted',
      before({ severity: 'unknown' }),
      {},
      { baseline: 'all-deployed' },
      'block',
    ],
    [
      'that had only its grace there',
      before({ until: '2026-11-20T00:00:00.000Z' }),
      {},
      { baseline: 'all-deployed' },
      'block',
    ],
    [
      'without a name, where another one runs',
      before({ package: 'unnamed package' }),
      { package: 'unnamed package' },
      { baseline: 'all-deployed' },
      'block',
    ],
    [
      'of an unknown kind, where another one runs',
      before({ package: 'no package', severity: 'unknown' }),
      { package: 'no package', severity: 'unknown', unknownKind: 'CODE_VULNERABILITY' },
      { baseline: 'all-deployed', unknown: 0 },
      'block',
    ],
    ['that was waived there', before({ effect: 'waived' }), {}, { baseline: 'all-deployed' }, 'block'],
    [
      'that is critical and can be mended',
      before({ severity: 'critical' }),
      CRITICAL,
      { baseline: 'deployed' },
      'block',
    ],
    [
      'the same, where nothing that runs decides',
      before({ severity: 'critical' }),
      CRITICAL,
      { baseline: 'all-deployed' },
      'report',
    ],
    [
      'that is exploited',
      before(),
      { kev: true },
      { baseline: 'deployed', overrides: { kev: 'block' } },
      'block',
    ],
  ])('finds against the version that runs a finding %s', (_, place, more, rules, effect) => {
    expect(judgeImage([aChild([aFinding(more)])], floor(rules), place).rows[0]).toMatchObject({ effect });
  });

  it('says until when an allowance is good that rests on a waiver or a grace', () => {
    const graced = judgeImage([aChild([aFinding(seen(5))])], floor({ high: { graceDays: 7 } }), PLACE);
    expect(graced).toMatchObject({ decision: 'allow', goodUntil: NOW + 2 * 86_400_000 });
    const policy = { ...floor({}), terms: TERMS, waivers: [aWaiver()] };
    expect(judgeImage([aChild([aFinding()])], policy, PLACE)).toMatchObject({
      decision: 'allow',
      goodUntil: Date.UTC(2026, 11, 1),
    });
  });
});
