import { createHash } from 'node:crypto';
import type { EnhancedImageScanFinding } from '@aws-sdk/client-ecr';
import type { Digest } from '@tenant-delivery/domain';
import type { ScanStep } from '@tenant-delivery/local-aws/services/ecr';

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED'];

/** An image whose scan is played. */
export interface ScannedImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly digest: string;
}

/** The answer of a scan that found so many vulnerabilities in one child of an image. */
export function scanOf(image: ScannedImage, count: number, part: number, completedAt: number): ScanStep {
  const enhancedFindings = Array.from({ length: count }, (_, n) => row(image, part, n));
  const counts: Record<string, number> = {}; // given, so that the registry need not count them for each page
  for (const { severity = '' } of enhancedFindings) counts[severity] = (counts[severity] ?? 0) + 1;
  return { kind: 'status', status: 'ACTIVE', enhancedFindings, completedAt, counts };
}

export function digestOf(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** A finding of enhanced scanning with every member that AWS's own example has, of about 2.3 kB; no two are alike. */
function row(
  { account, region, repository, digest }: ScannedImage,
  part: number,
  n: number,
): EnhancedImageScanFinding {
  const cve = `CVE-2026-${part}${String(n).padStart(6, '0')}`;
  const name = `package-${n % 700}`;
  const at = new Date(Date.UTC(2026, 9, 1) + (n % 5_000) * 60_000);
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const arn = `arn:aws:inspector2:${region}:${account}:finding/${digestOf(cve).slice(7, 39)}`;
  return {
    awsAccountId: account,
    description: `${cve}: ${'what an attacker can do with it, said at the usual length. '.repeat(8)}`,
    findingArn: arn,
    firstObservedAt: at,
    lastObservedAt: at,
    updatedAt: at,
    type: 'PACKAGE_VULNERABILITY',
    title: `${cve} - ${name}`,
    severity: SEVERITIES[n % SEVERITIES.length] ?? 'HIGH',
    status: 'ACTIVE',
    score: 9.8,
    scoreDetails: {
      cvss: { adjustments: [], score: 9.8, scoreSource: 'NVD', scoringVector: vector, version: '3.1' },
    },
    fixAvailable: 'YES',
    exploitAvailable: 'NO',
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [
      {
        id: `arn:aws:ecr:${region}:${account}:repository/${repository}/${digest}`,
        type: 'AWS_ECR_CONTAINER_IMAGE',
        tags: {},
        details: {
          awsEcrContainerImage: {
            architecture: 'amd64',
            imageHash: digest,
            imageTags: ['v1'],
            platform: 'DEBIAN_12',
            pushedAt: at,
            registry: account,
            repositoryName: repository,
          },
        },
      },
    ],
    packageVulnerabilityDetails: {
      vulnerabilityId: cve,
      source: 'DEBIAN_CVE',
      sourceUrl: `https://security-tracker.debian.org/tracker/${cve}`,
      vendorSeverity: 'not yet assigned',
      vendorCreatedAt: at,
      vendorUpdatedAt: at,
      relatedVulnerabilities: [`GHSA-${part}-${n}`],
      referenceUrls: [`https://nvd.nist.gov/vuln/detail/${cve}`, `https://vendor.example/advisories/${cve}`],
      cvss: [{ baseScore: 9.8, scoringVector: vector, source: 'NVD', version: '3.1' }],
      vulnerablePackages: [
        {
          arch: 'AMD64',
          epoch: 0,
          fixedInVersion: `1.${n % 90}.4`,
          name,
          packageManager: n % 3 === 0 ? 'NODEPKG' : 'OS',
          release: '1+deb12u1',
          version: `1.${n % 90}.3`,
          sourceLayerHash: digestOf(`layer ${n % 9}`),
          ...(n % 3 === 0 && { filePath: `app/node_modules/${name}/package.json` }),
        },
      ],
    },
  };
}
