import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { deployedFindings } from '../src/compare-findings.ts';
import type { JudgedFinding } from '../src/exploitation.ts';
import type { InspectedChild } from '../src/inspected-child.ts';
import { ACTIONS, BASELINES, type Policy, type ScanFloor, type ScanWish, STRICTEST } from '../src/policy.ts';
import type { Waiver } from '../src/waiver.ts';

export const NOW = Date.UTC(2026, 10, 24, 12);
export const PLACE = { repository: 'acme/orders', now: NOW };

export function aFinding(more: Partial<JudgedFinding> = {}): JudgedFinding {
  return {
    vulnerability: 'CVE-2026-1000',
    severity: 'high',
    saidSeverity: 'HIGH',
    package: 'openssl',
    version: '3.0.11-1',
    purl: 'pkg:deb/debian/openssl@3.0.11-1',
    platforms: ['linux/amd64'],
    ...more,
  };
}

export function aChild(findings: readonly JudgedFinding[]): InspectedChild {
  return { platform: 'linux/amd64', digest: `sha256:${'a'.repeat(64)}`, scan: 'COMPLETE', findings };
}

export function aWaiver(more: Partial<Waiver> = {}): Waiver {
  return {
    id: 'CVE-2026-1000',
    package: 'pkg:deb/openssl',
    repositories: ['acme/*'],
    reason: 'The service opens no TLS connection of its own.',
    owner: 'dev-ana',
    approvedBy: 'sre-lee',
    created: '2026-11-20',
    expires: '2026-11-30',
    ...more,
  };
}

export const ALLOWANCE = {
  reason: 'It is one static binary, and has no packages.',
  owner: 'dev-ana',
  approvedBy: 'sre-lee',
  created: '2026-11-20',
  expires: '2026-11-30',
};

export const TERMS = {
  maximumDays: { critical: 7, high: 14, medium: 90 },
  approvers: ['sre-lee'],
};

const severity = fc.constantFrom(...SEVERITIES);
const action = fc.constantFrom(...ACTIONS);
const limit = fc.oneof(fc.nat(3), fc.constant('unlimited' as const));
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const stated = fc.oneof(
  limit,
  fc.record(
    { action, fixableOnly: fc.boolean(), graceDays: fc.nat(20), maxCount: limit },
    { requiredKeys: [] },
  ),
);
const overrides = fc.record(
  {
    kev: action,
    exploitAvailable: action,
    epss: fc.record(
      { atLeast: fc.double({ min: 0, max: 1, noNaN: true }), action },
      { requiredKeys: ['atLeast'] },
    ),
    unknown: action,
  },
  { requiredKeys: [] },
);
const suppressedUpstream = fc.constantFrom('count' as const, 'report' as const);
const severityFrom = fc.constantFrom('inspector' as const, 'vendor' as const, 'max' as const);
const baseline = fc.constantFrom(...BASELINES);
const bySeverity = <T>(of: fc.Arbitrary<T>) =>
  Object.fromEntries(SEVERITIES.map((name) => [name, of])) as Record<Severity, fc.Arbitrary<T>>; // every severity is a key

/** Any floor that lets nobody waive anything or go without an inspection. */
export const floors: fc.Arbitrary<ScanFloor> = fc.record(
  { ...bySeverity(stated), overrides, suppressedUpstream, severityFrom, baseline },
  { requiredKeys: [...SEVERITIES] },
);

const day = fc.integer({ min: 0, max: 30 }).map((n) => NOW - n * 86_400_000);

/** Findings that differ in everything that a policy asks of them. */
export const findings = fc.array(
  fc
    .record({
      severity,
      n: fc.nat(4),
      fixedIn: optional(fc.constant('3.0.15')),
      firstObservedAt: optional(day.map((at) => new Date(at).toISOString())),
      epss: optional(fc.double({ min: 0, max: 1, noNaN: true })),
      kev: optional(fc.boolean()),
      exploit: optional(fc.constantFrom('yes' as const, 'no' as const)),
      suppressed: optional(fc.constant(true as const)),
      vendorSeverity: optional(fc.constantFrom('important', 'low', 'not yet assigned')),
    })
    .map(({ n, ...more }) =>
      defined({ ...more, saidSeverity: more.severity, vulnerability: `CVE-2026-${1000 + n}` }),
    ),
  { maxLength: 8 },
);

function defined(members: Record<string, unknown>): JudgedFinding {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return aFinding(Object.fromEntries(given) as Partial<JudgedFinding>); // members of a finding, by the record above
}

const waivers = fc.array(
  fc
    .record({ n: fc.nat(4), untilFixed: fc.boolean(), days: fc.integer({ min: -2, max: 20 }) })
    .map(({ n, untilFixed, days }) =>
      aWaiver({
        id: `CVE-2026-${1000 + n}`,
        untilFixed,
        created: '2026-11-20',
        expires: new Date(NOW + days * 86_400_000).toISOString().slice(0, 10),
      }),
    ),
  { maxLength: 3 },
);

/** A place where some version runs already. */
export const places = fc
  .array(fc.record({ n: fc.nat(4), severity, effect: fc.constantFrom('report', 'warn', 'waived') }))
  .map((rows) => {
    const findings = rows.map(({ n, ...row }) => ({
      ...row,
      ...aFinding(),
      vulnerability: `CVE-2026-${1000 + n}`,
      severity: row.severity,
    }));
    return { ...PLACE, deployed: deployedFindings({ schemaVersion: 1, findings }) };
  });

/** A child that was inspected, or that nothing could inspect. */
export const inspected = fc
  .record({ some: findings, unscannable: fc.boolean() })
  .map(({ some, unscannable }) => ({
    ...aChild(some),
    ...(unscannable && { unproven: 'nothing understands it', unscannable: true as const, sbom: true }),
  }));

/** Whatever a repository may write. */
export const wishes: fc.Arbitrary<ScanWish> = fc.record(
  {
    ...bySeverity(stated),
    overrides,
    suppressedUpstream,
    severityFrom,
    baseline,
    unscannable: fc.constant(ALLOWANCE),
    waivers,
  },
  { requiredKeys: [] },
);

export const policies: fc.Arbitrary<Policy> = fc
  .record({
    rules: fc.record(
      bySeverity(fc.record({ action, fixableOnly: fc.boolean(), graceDays: fc.nat(20), maxCount: limit })),
    ),
    kev: optional(action),
    exploitAvailable: optional(action),
    epss: optional(fc.record({ atLeast: fc.double({ min: 0, max: 1, noNaN: true }), action })),
    unknown: action,
    suppressedUpstream,
    severityFrom,
    baseline,
    waivers,
  })
  .map(({ rules, kev, exploitAvailable, epss, unknown, ...others }) => ({
    rules,
    overrides: {
      ...(kev && { kev }),
      ...(exploitAvailable && { exploitAvailable }),
      ...(epss && { epss }),
      unknown,
    },
    terms: TERMS,
    ...others,
  }));

/** The same policy, one thing of it stricter. */
export const tightenings: fc.Arbitrary<(policy: Policy) => Policy> = fc.oneof(
  fc
    .record({
      severity,
      rule: fc.constantFrom(
        { action: 'block' } as const,
        { fixableOnly: false } as const,
        { graceDays: 0 } as const,
        { maxCount: 0 } as const,
        STRICTEST,
      ),
    })
    .map(({ severity, rule }) => (policy: Policy) => ({
      ...policy,
      rules: { ...policy.rules, [severity]: { ...policy.rules[severity], ...rule } },
    })),
  fc
    .constantFrom(
      { kev: 'block' } as const,
      { exploitAvailable: 'block' } as const,
      { unknown: 'block' } as const,
      {
        epss: { atLeast: 0, action: 'block' },
      } as const,
    )
    .map((more) => (policy: Policy) => ({ ...policy, overrides: { ...policy.overrides, ...more } })),
  fc
    .constantFrom({ suppressedUpstream: 'count' } as const, { baseline: 'none' } as const)
    .map((more) => (policy: Policy) => ({ ...policy, ...more })),
);
