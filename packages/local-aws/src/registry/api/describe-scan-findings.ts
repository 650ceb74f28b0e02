import type {
  DescribeImageScanFindingsRequest,
  DescribeImageScanFindingsResponse,
  ImageScanFinding,
  ScanStatus,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { countBySeverity, scanReport } from '../scan-report.ts';
import { nextScanStep } from '../scan-script.ts';
import { scanProgress } from '../scans.ts';
import type { Repository } from '../store.ts';
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
  const { rows, nextToken } = page(scan.findings ?? [], input.maxResults, input.nextToken);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    imageScanStatus: {
      status: scan.status,
      ...(scan.description === undefined ? {} : { description: scan.description }),
    },
    ...(scan.findings
      ? {
          imageScanFindings: {
            ...(scan.completedAt === undefined
              ? {}
              : {
                  imageScanCompletedAt: new Date(scan.completedAt),
                  vulnerabilitySourceUpdatedAt: new Date(scan.completedAt),
                }),
            findings: [...rows],
            findingSeverityCounts: countBySeverity(scan.findings),
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
  const progress = scanProgress(call.world, repository, digest);
  if (progress.state === 'none') return 'not-found';
  if (progress.state === 'PENDING') return { status: 'PENDING', findings: [] }; // as ECR really does: empty, and no proof
  if (progress.state === 'IN_PROGRESS') return { status: 'IN_PROGRESS' };
  const report = await scanReport(call.world, repository, digest);
  if (report.status === 'FAILED') return report;
  return {
    status: 'COMPLETE',
    description: 'The scan was completed successfully.',
    findings: report.findings,
    completedAt: progress.at,
  };
}
