import type {
  DescribeImageScanFindingsRequest,
  DescribeImageScanFindingsResponse,
  EnhancedImageScanFinding,
  ImageScanFinding,
  ScanStatus,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { statusOf as archiveStatusOf } from '../archive.ts';
import { asEcrFinding, enhancedReport } from '../enhanced-scan.ts';
import { countBySeverity, scanReport } from '../scan-report.ts';
import { nextScanStep } from '../scan-script.ts';
import { scanProgress, scanTypeOf } from '../scans.ts';
import { ecrState, type Repository, scanFrequencyOf } from '../store.ts';
import { findDigest, findRepository, imageNotFound, page } from './lookup.ts';

export async function describeImageScanFindings(
  input: DescribeImageScanFindingsRequest,
  call: Call,
): Promise<DescribeImageScanFindingsResponse> {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const id = input.imageId ?? {};
  const digest = findDigest(repository, id);
  if (digest === undefined) throw imageNotFound(repository, id);
  const scan = await scanOf(repository, digest, call);
  if (scan === 'not-found') {
    throw new AwsError(
      'ScanNotFoundException',
      `Image scan does not exist for the image with '{imageDigest:'${digest}', imageTag:'${id.imageTag ?? 'null'}'}' in the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
    );
  }
  const listed = scan.findings !== undefined || scan.enhancedFindings !== undefined;
  const basic = page(scan.findings ?? [], input.maxResults, input.nextToken);
  const enhanced = page(scan.enhancedFindings ?? [], input.maxResults, input.nextToken);
  const nextToken = basic.nextToken ?? enhanced.nextToken;
  const counts = scan.counts ?? countBySeverity([...(scan.findings ?? []), ...(scan.enhancedFindings ?? [])]);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    imageScanStatus: {
      status: scan.status,
      ...(scan.description === undefined ? {} : { description: scan.description }),
    },
    ...(listed
      ? {
          imageScanFindings: {
            ...(scan.completedAt === undefined
              ? {}
              : {
                  imageScanCompletedAt: new Date(scan.completedAt),
                  vulnerabilitySourceUpdatedAt: new Date(scan.completedAt),
                }),
            ...(scan.findings ? { findings: [...basic.rows] } : {}),
            ...(scan.enhancedFindings ? { enhancedFindings: [...enhanced.rows] } : {}),
            findingSeverityCounts: { ...counts },
          },
        }
      : {}),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

interface ScanAnswer {
  readonly status: ScanStatus;
  readonly description?: string;
  readonly findings?: readonly ImageScanFinding[];
  readonly enhancedFindings?: readonly EnhancedImageScanFinding[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly completedAt?: number;
}

/** Index digests have no scan of their own: ECR scans their children. */
async function scanOf(repository: Repository, digest: string, call: Call): Promise<ScanAnswer | 'not-found'> {
  const step = nextScanStep(call.world, call.account, digest);
  if (step.kind === 'not-found') return 'not-found';
  if (step.kind === 'status') {
    const { kind: _, status, ...rest } = step;
    return { status: status as ScanStatus, ...rest }; // a script may say a word that the SDK does not list
  }
  const stored = repository.manifests[digest];
  if (stored && archiveStatusOf(call.world, stored) !== 'ACTIVE')
    return { status: 'IMAGE_ARCHIVED', description: 'The image is archived.' };
  const progress = scanProgress(call.world, repository, digest);
  if (progress.state === 'none') return 'not-found';
  const enhanced = scanTypeOf(call.world, repository) === 'ENHANCED';
  // As ECR really does: empty, and no proof.
  if (progress.state === 'PENDING')
    return { status: 'PENDING', findings: [], ...(enhanced ? { enhancedFindings: [] } : {}) };
  if (progress.state === 'IN_PROGRESS') return { status: 'IN_PROGRESS' };
  if (enhanced) return enhancedScanOf(repository, digest, progress.at, call);
  const report = await scanReport(call.world, repository, digest);
  if (report.status === 'FAILED') return report;
  return {
    status: 'COMPLETE',
    description: 'The scan was completed successfully.',
    findings: report.findings,
    completedAt: progress.at,
  };
}

async function enhancedScanOf(
  repository: Repository,
  digest: string,
  at: number,
  { world, account, region }: Call,
): Promise<ScanAnswer> {
  const report = await enhancedReport(world, repository, digest);
  if (report.status === 'UNSUPPORTED_IMAGE') {
    return {
      status: 'UNSUPPORTED_IMAGE',
      description: 'The operating system of the image is not supported.',
    };
  }
  const frequency = scanFrequencyOf(ecrState(world, account, region), repository);
  return {
    ...(frequency === 'CONTINUOUS_SCAN'
      ? { status: 'ACTIVE', description: 'Continuous scan is selected for image.' }
      : { status: 'COMPLETE', description: 'The scan was completed successfully.' }),
    enhancedFindings: report.findings.map((finding) => asEcrFinding(finding, repository, at)),
    completedAt: at,
  };
}
