import type { DescribeImagesRequest, DescribeImagesResponse, ImageDetail } from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import { statusOf } from '../archive.ts';
import { manifestOf } from '../image.ts';
import { countBySeverity, scanReport } from '../scan-report.ts';
import { scanProgress, scanTypeOf } from '../scans.ts';
import { type Repository, tagsOf } from '../store.ts';
import { findDigest, findRepository, imageNotFound, page } from './lookup.ts';

export async function describeImages(
  input: DescribeImagesRequest,
  call: Call,
): Promise<DescribeImagesResponse> {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const digests = input.imageIds
    ? input.imageIds.map((id) => {
        const digest = findDigest(repository, id);
        if (digest === undefined) throw imageNotFound(repository, id);
        return digest;
      })
    : Object.keys(repository.manifests).sort();
  // An archived image is listed only where it is asked for, by its status or by its digest.
  const status = input.filter?.imageStatus ?? (input.imageIds ? 'ANY' : 'ACTIVE');
  const wanted = digests.filter((digest) => {
    const stored = repository.manifests[digest];
    if (status !== 'ANY' && stored && statusOf(call.world, stored) !== status) return false;
    const tagged = tagsOf(repository, digest).length > 0;
    return input.filter?.tagStatus === undefined || input.filter.tagStatus === 'ANY'
      ? true
      : tagged === (input.filter.tagStatus === 'TAGGED');
  });
  const { rows, nextToken } = page(wanted, input.maxResults, input.nextToken);
  return {
    imageDetails: await Promise.all(rows.map((digest) => detailOf(repository, digest, call))),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

async function detailOf(repository: Repository, digest: string, call: Call): Promise<ImageDetail> {
  const stored = repository.manifests[digest];
  const manifest = manifestOf(repository, digest);
  const tags = tagsOf(repository, digest);
  const size =
    manifest?.kind === 'image'
      ? [manifest.config, ...manifest.layers].reduce((sum, blob) => sum + blob.size, 0)
      : undefined;
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: digest,
    ...(tags.length > 0 ? { imageTags: tags } : {}),
    ...(size === undefined ? {} : { imageSizeInBytes: size }),
    imagePushedAt: new Date(stored?.pushedAt ?? 0),
    ...(stored ? { imageManifestMediaType: stored.mediaType } : {}),
    ...(stored?.artifactType === undefined ? {} : { artifactMediaType: stored.artifactType }),
    ...(stored?.subject === undefined ? {} : { subjectManifestDigest: stored.subject }),
    imageStatus: stored ? statusOf(call.world, stored) : 'ACTIVE',
    ...(stored?.archive ? { lastArchivedAt: new Date(stored.archive.archivedAt) } : {}),
    ...(stored?.archive?.restoredAt === undefined
      ? {}
      : { lastActivatedAt: new Date(stored.archive.restoredAt) }),
    ...(stored?.pulledAt === undefined ? {} : { lastRecordedPullTime: new Date(stored.pulledAt) }),
    ...(await scanSummary(repository, digest, call)),
  };
}

async function scanSummary(
  repository: Repository,
  digest: string,
  call: Call,
): Promise<Pick<ImageDetail, 'imageScanStatus' | 'imageScanFindingsSummary'>> {
  const progress = scanProgress(call.world, repository, digest);
  // DescribeImages knows nothing of enhanced scanning (aws/containers-roadmap#1662).
  if (progress.state === 'none' || scanTypeOf(call.world, repository) === 'ENHANCED') return {};
  if (progress.state !== 'finished') return { imageScanStatus: { status: progress.state } };
  const report = await scanReport(call.world, repository, digest);
  if (report.status === 'FAILED') return { imageScanStatus: report };
  return {
    imageScanStatus: { status: report.status },
    imageScanFindingsSummary: {
      imageScanCompletedAt: new Date(progress.at),
      findingSeverityCounts: countBySeverity(report.findings),
    },
  };
}
