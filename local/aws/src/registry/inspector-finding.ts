import type { Finding, FindingDetail } from '@aws-sdk/client-inspector2';
import type { Call } from '../world/service.ts';
import { type EnhancedFinding, sourceUrlOf, titleOf } from './enhanced-scan.ts';

/** The further details of a finding, which are asked for by its ARN. */
export function detailOf({ arn, advisory }: EnhancedFinding): FindingDetail {
  const { kev, epss } = advisory;
  return {
    findingArn: arn,
    epssScore: epss,
    referenceUrls: [],
    cwes: [],
    ttps: [],
    tools: [],
    evidences: [],
    ...(kev && {
      cisaData: { dateAdded: new Date(kev.added), dateDue: new Date(kev.due), action: 'Apply mitigations.' },
    }),
  };
}

/** A finding about an image as Inspector lists it. */
export function inspectorFinding(found: EnhancedFinding, { account, region }: Call, seenAt: number): Finding {
  const { arn, advisory, source, packages, image, fixAvailable } = found;
  const score = Number(advisory.score);
  return {
    findingArn: arn,
    awsAccountId: account,
    type: 'PACKAGE_VULNERABILITY',
    description: advisory.description,
    title: titleOf(advisory, packages),
    remediation: { recommendation: { text: 'None Provided' } },
    severity: advisory.severity === 'UNDEFINED' ? 'UNTRIAGED' : advisory.severity,
    status: 'ACTIVE',
    firstObservedAt: new Date(seenAt),
    lastObservedAt: new Date(seenAt),
    updatedAt: new Date(seenAt),
    inspectorScore: score,
    fixAvailable,
    exploitAvailable: advisory.exploit ? 'YES' : 'NO',
    epss: { score: advisory.epss },
    resources: [
      {
        type: 'AWS_ECR_CONTAINER_IMAGE',
        id: image.id,
        partition: 'aws',
        region,
        details: {
          awsEcrContainerImage: {
            repositoryName: image.id.replace(/^.*:repository\/(.*)\/[^/]+$/, '$1'),
            imageHash: image.digest,
            registry: account,
            architecture: image.architecture,
            platform: image.platform,
            pushedAt: new Date(image.pushedAt),
          },
        },
      },
    ],
    packageVulnerabilityDetails: {
      vulnerabilityId: advisory.id,
      source,
      sourceUrl: sourceUrlOf(advisory, source),
      relatedVulnerabilities: [...(advisory.aliases ?? [])],
      vendorCreatedAt: new Date(advisory.published),
      vulnerablePackages: packages.map(({ name = '', version = '', ...rest }) => ({
        ...rest,
        name,
        version,
        packageManager: rest.packageManager as 'OS' | 'NODEPKG', // ours name no other
      })),
    },
  };
}
