import type { UpdateImageStorageClassRequest, UpdateImageStorageClassResponse } from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { statusOf } from '../archive.ts';
import { findDigest, findRepository, imageNotFound } from './lookup.ts';

/** Puts an image into the archive, or asks it back ("UpdateImageStorageClass"). */
export function updateImageStorageClass(
  input: UpdateImageStorageClassRequest,
  call: Call,
): UpdateImageStorageClassResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const id = input.imageId ?? {};
  const digest = findDigest(repository, id);
  const stored = digest === undefined ? undefined : repository.manifests[digest];
  if (digest === undefined || stored === undefined) throw imageNotFound(repository, id);
  const now = call.world.clock.now();
  const status = statusOf(call.world, stored);
  if (input.targetStorageClass === 'ARCHIVE') {
    if (status === 'ACTIVATING')
      throw new AwsError('ImageStorageClassUpdateNotSupportedException', 'The image is being restored');
    if (status === 'ACTIVE') stored.archive = { archivedAt: now };
  } else if (status === 'ARCHIVED') {
    stored.archive = { archivedAt: stored.archive?.archivedAt ?? now, restoredAt: now };
  }
  call.world.touched();
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    imageStatus: statusOf(call.world, stored),
  };
}
