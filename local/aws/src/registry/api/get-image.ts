import type {
  BatchGetImageRequest,
  BatchGetImageResponse,
  Image,
  ImageFailure,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import type { Repository } from '../store.ts';
import { findDigest, findRepository } from './lookup.ts';

export function batchGetImage(input: BatchGetImageRequest, call: Call): BatchGetImageResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const images: Image[] = [];
  const failures: ImageFailure[] = [];
  for (const id of input.imageIds ?? []) {
    const digest = findDigest(repository, id);
    const stored = digest === undefined ? undefined : repository.manifests[digest];
    if (digest === undefined || stored === undefined) {
      failures.push({ imageId: id, ...failureOf(id) });
      continue;
    }
    images.push({
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageId: { imageDigest: digest, ...tagOf(repository, digest, id) },
      imageManifest: stored.text,
      imageManifestMediaType: stored.mediaType,
    });
  }
  return { images, failures };
}

function tagOf(repository: Repository, digest: string, id: ImageIdentifier): { imageTag?: string } {
  const tag = id.imageTag ?? Object.keys(repository.tags).find((name) => repository.tags[name] === digest);
  return tag === undefined ? {} : { imageTag: tag };
}

/** What ECR's clients may ask for in any algorithm; this registry has images of one. */
const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

function failureOf({ imageDigest, imageTag }: ImageIdentifier): Omit<ImageFailure, 'imageId'> {
  if (imageDigest === undefined && imageTag === undefined) {
    const failureReason = 'Invalid request parameters: both tag and digest cannot be null';
    return { failureCode: 'MissingDigestAndTag', failureReason };
  }
  if (imageDigest !== undefined && !DIGEST.test(imageDigest)) {
    const regex = DIGEST.source.slice(1, -1);
    const failureReason = `Invalid request parameters: image digest should satisfy the regex '${regex}'`;
    return { failureCode: 'InvalidImageDigest', failureReason };
  }
  return { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}
