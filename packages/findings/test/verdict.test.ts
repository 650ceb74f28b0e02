import { describe, expect, it } from '@jest/globals';
import { SEVERITIES } from '@tenant-delivery/domain';
import fc from 'fast-check';
import type { Finding } from '../src/finding.ts';
import type { InspectedChild } from '../src/inspected-child.ts';
import { type Limits, policyOfLimits } from '../src/policy.ts';
import { severityOf } from '../src/severity.ts';
import { judgeImage as judgeByPolicy } from '../src/verdict.ts';

const LIMITS: Limits = {
  critical: 0,
  high: 0,
  medium: 10,
  low: 'unlimited',
  informational: 'unlimited',
  unknown: 0,
};

const judgeImage = (children: readonly InspectedChild[], limits: Limits) =>
  judgeByPolicy(children, policyOfLimits(limits), { repository: 'acme/orders', now: Date.UTC(2026, 10, 24) });

function child(findings: readonly Finding[], platform = 'linux/amd64'): InspectedChild {
  return { platform, digest: `sha256:${'a'.repeat(64)}`, scan: 'COMPLETE', findings };
}

function finding(severity: Finding['severity'], n = 1, platform = 'linux/amd64'): Finding {
  return {
    vulnerability: `CVE-2026-${n}`,
    severity,
    saidSeverity: severity.toUpperCase(),
    package: 'openssl',
    version: '3.0.1',
    platforms: [platform],
  };
}

describe('the verdict', () => {
  it('allows an inspected image inside every limit', () => {
    expect(judgeImage([child([finding('medium'), finding('low', 2)])], LIMITS).decision).toBe('allow');
  });

  it.each(['UNTRIAGED', 'constructor', '__proto__', ''])(
    'denies a severity word that nobody knows: %j',
    (said) => {
      const word = severityOf(said);
      expect(word).toBe('unknown');
      expect(judgeImage([child([finding(word)])], LIMITS)).toMatchObject({
        decision: 'deny',
        reasonCode: 'FINDINGS_OVER_LIMIT',
      });
    },
  );

  it('denies an image that was not inspected at all', () => {
    expect(judgeImage([], LIMITS)).toMatchObject({ decision: 'deny', reasonCode: 'NOTHING_TO_INSPECT' });
  });

  it('denies when one platform of several is not proven', () => {
    const verdict = judgeImage(
      [child([]), { ...child([], 'linux/arm64'), unproven: 'the inspection failed' }],
      LIMITS,
    );
    expect(verdict).toMatchObject({ decision: 'deny', reasonCode: 'SCAN_NOT_EVIDENCE' });
    expect(verdict.reasons.join()).toContain('linux/arm64');
  });

  it('counts a vulnerability once over all platforms, at its worst severity', () => {
    const verdict = judgeImage(
      [child([finding('low')]), child([finding('high', 1, 'linux/arm64')], 'linux/arm64')],
      LIMITS,
    );
    expect(verdict.counts).toMatchObject({ high: 1, low: 0 });
    expect(verdict.rows.map(({ finding }) => finding)).toEqual([
      expect.objectContaining({ platforms: ['linux/amd64', 'linux/arm64'] }),
    ]);
  });

  const severity = fc.constantFrom(...SEVERITIES);
  const findings = fc.array(
    fc.record({ severity, n: fc.nat(20) }).map(({ severity, n }) => finding(severity, n)),
  );
  const limit = fc.oneof(fc.nat(5), fc.constant('unlimited' as const));
  const limits = fc.record(
    Object.fromEntries(SEVERITIES.map((name) => [name, limit])),
  ) as fc.Arbitrary<Limits>; // keys are the severities

  it('never turns from deny to allow when a finding is added', () => {
    fc.assert(
      fc.property(findings, severity, limits, (some, extra, policy) => {
        const before = judgeImage([child(some)], policy).decision;
        const after = judgeImage([child([...some, finding(extra, 99)])], policy).decision;
        return before === 'allow' || after === 'deny';
      }),
    );
  });

  it('never turns from deny to allow when a limit is tightened', () => {
    fc.assert(
      fc.property(findings, limits, severity, (some, policy, tightened) => {
        const before = judgeImage([child(some)], policy).decision;
        const after = judgeImage([child(some)], { ...policy, [tightened]: 0 }).decision;
        return before === 'allow' || after === 'deny';
      }),
    );
  });
});
