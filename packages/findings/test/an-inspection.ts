import type { EnhancedRow } from '../src/enhanced-row.ts';
import type { ScanPage } from '../src/scan-pages.ts';

/** As Amazon ECR's API reference shows a row of enhanced scanning. */
export function enhancedRow(id: string, severity: string, packages: readonly string[]): EnhancedRow {
  return {
    findingArn: `arn:aws:inspector2:eu-west-1:000011112222:finding/${id}`,
    type: 'PACKAGE_VULNERABILITY',
    title: `${id} - ${packages.join(', ')}`,
    severity,
    status: 'ACTIVE',
    exploitAvailable: 'NO',
    firstObservedAt: new Date('2026-11-20T08:00:00Z'),
    scoreDetails: {
      cvss: {
        score: 7.5,
        scoreSource: 'NVD',
        scoringVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
        version: '3.1',
      },
    },
    resources: [{ details: { awsEcrContainerImage: { platform: 'DEBIAN_12' } } }],
    packageVulnerabilityDetails: {
      vulnerabilityId: id,
      source: 'DEBIAN_CVE',
      sourceUrl: `https://security-tracker.debian.org/tracker/${id}`,
      vendorSeverity: 'not yet assigned',
      vendorCreatedAt: new Date('2026-11-19T00:00:00Z'),
      relatedVulnerabilities: ['GHSA-aaaa-bbbb-cccc'],
      cvss: [],
      vulnerablePackages: packages.map((name) => ({
        name,
        version: '3.0.9',
        release: '1',
        epoch: 0,
        arch: 'AMD64',
        packageManager: 'OS',
        sourceLayerHash: 'sha256:1a',
        fixedInVersion: 'NotAvailable',
      })),
    },
  };
}

/** The pages of one look, so many rows on each. */
export function enhancedPages(rows: readonly EnhancedRow[], size: number): readonly ScanPage[] {
  const counts: Record<string, number> = {};
  for (const { severity } of rows) counts[severity ?? ''] = (counts[severity ?? ''] ?? 0) + 1;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  return Array.from({ length: pages }, (_, page) => ({
    imageScanStatus: { status: 'ACTIVE', description: '' },
    imageScanFindings: {
      imageScanCompletedAt: new Date('2026-11-24T09:00:05Z'),
      findingSeverityCounts: { ...counts },
      enhancedFindings: rows.slice(page * size, (page + 1) * size),
    },
    ...(page + 1 < pages ? { nextToken: `page ${page + 1}` } : {}),
  }));
}
