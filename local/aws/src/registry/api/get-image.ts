import type {
  BatchGetImageRequest,
  BatchGetImageResponse,
  Image,
  ImageFailure,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Call } from '../../world/service.ts';
import type { Repository } from '../store.ts';
import { failureOf } from './image-failure.ts';
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
