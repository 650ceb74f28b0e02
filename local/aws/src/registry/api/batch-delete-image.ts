import type {
  BatchDeleteImageRequest,
  BatchDeleteImageResponse,
  ImageFailure,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import { manifestOf } from '../image.ts';
import { type Repository, tagsOf } from '../store.ts';
import { failureOf } from './image-failure.ts';
import { findDigest, findRepository } from './lookup.ts';

/**
 * By its digest an image goes with all its tags. By a tag the tag goes, and the image with its last one. An image of an index
 * stays as long as the index ("BatchDeleteImage", Amazon ECR API reference).
 */
export function batchDeleteImage(input: BatchDeleteImageRequest, call: Call): BatchDeleteImageResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const deleted: ImageIdentifier[] = [];
  const failures: ImageFailure[] = [];
  for (const imageId of input.imageIds ?? []) {
    const digest = findDigest(repository, imageId);
    const failure = digest === undefined ? failureOf(imageId) : referenced(repository, digest);
    if (failure || digest === undefined) {
      failures.push({ imageId, ...failure });
      continue;
    }
    const tags = imageId.imageDigest === undefined ? [imageId.imageTag ?? ''] : tagsOf(repository, digest);
    for (const tag of tags) delete repository.tags[tag];
    if (tagsOf(repository, digest).length === 0) {
      delete repository.manifests[digest];
      delete repository.scans[digest];
    }
    deleted.push(
      ...(tags.length === 0
        ? [{ imageDigest: digest }]
        : tags.map((imageTag) => ({ imageDigest: digest, imageTag }))),
    );
  }
  call.world.touched();
  return { imageIds: deleted, failures };
}

type Failure = Pick<ImageFailure, 'failureCode' | 'failureReason'>;

function referenced(repository: Repository, digest: string): Failure | undefined {
  const index = Object.keys(repository.manifests).find((each) => {
    const manifest = manifestOf(repository, each);
    return manifest?.kind === 'index' && manifest.manifests.some((child) => child.digest === digest);
  });
  return index === undefined
    ? undefined
    : {
        failureCode: 'ImageReferencedByManifestList',
        failureReason: `Requested image referenced by manifest list: [${index}]`,
      };
}
