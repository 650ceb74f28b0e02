import { expect, it } from '@jest/globals';
import type { Digest } from '@tenant-delivery/domain';
import { passStatement, vulnsStatement } from '../src/statements.ts';
import type { Verdict } from '../src/verdict.ts';
import { aChild, aFinding, NOW } from './policies.ts';

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`;
const image = { repositoryUri: 'registry.example/acme/orders', digest: digest('d') };

const VERDICT: Verdict = {
  schemaVersion: 1,
  subject: image,
  children: [{ platform: 'linux/amd64', digest: digest('c'), scan: 'ACTIVE' }],
  decision: 'allow',
  reasons: [],
  counts: {},
  limits: {},
  blocking: [],
  policyDigest: digest('1'),
  floorDigest: digest('2'),
  findingsDigest: digest('3'),
  evaluatedAt: '2026-11-24T09:00:00.000Z',
  validUntil: '2026-11-25T09:00:00.000Z',
} as Verdict; // counts and limits say nothing here

it('attests each vulnerability once, at its worst, with every package that has it, and the times that the registry gave', () => {
  const row = (more: object) => ({
    finding: aFinding(more),
    effect: 'report' as const,
    rule: 'low',
    why: '',
    nearly: [],
  });
  const rows = [
    row({ vulnerability: 'CVE-1', severity: 'low', saidSeverity: 'LOW', purl: 'pkg:deb/a@1' }),
    row({ vulnerability: 'CVE-1', severity: 'high', saidSeverity: 'HIGH', purl: 'pkg:deb/b@1' }),
  ];
  const seen = { by: 'enhanced', at: NOW, completedAt: NOW - 5_000, sourceUpdatedAt: NOW - 60_000 } as const;
  const { subject, predicate } = vulnsStatement(
    image,
    [{ ...aChild([]), digest: digest('c'), seen }],
    { rows },
    NOW,
  );
  expect(subject.map(({ digest: { sha256 } }) => sha256)).toEqual(['d'.repeat(64), 'c'.repeat(64)]);
  expect(predicate.scanner.result).toEqual([
    {
      id: 'CVE-1',
      severity: expect.arrayContaining([{ method: 'registry', score: 'HIGH' }]),
      annotations: [{ packages: ['pkg:deb/a@1', 'pkg:deb/b@1'] }],
    },
  ]);
  expect(predicate.scanner.db).toEqual({ lastUpdate: new Date(NOW - 60_000).toISOString() });
  expect(predicate.metadata.scanFinishedOn).toBe(new Date(NOW - 5_000).toISOString());
});

it('attests that an image passed only when it did, and that every platform was inspected only when each was', () => {
  const whole = passStatement(VERDICT, digest('e'), { uninspected: [] });
  expect(whole?.predicate.properties).toEqual([
    'TENANT_DELIVERY_FINDINGS_WITHIN_POLICY',
    'TENANT_DELIVERY_EVERY_PLATFORM_INSPECTED',
  ]);
  const partly = passStatement(VERDICT, digest('e'), { uninspected: [aChild([])] });
  expect(partly?.predicate.properties).toEqual(['TENANT_DELIVERY_FINDINGS_WITHIN_POLICY']);
  expect(passStatement({ ...VERDICT, decision: 'deny' }, digest('e'), { uninspected: [] })).toBeUndefined();
});
