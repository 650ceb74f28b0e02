import type { StartImageScanRequest, StartImageScanResponse } from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { statusOf } from '../archive.ts';
import { manifestOf } from '../image.ts';
import { scanTypeOf, startScan } from '../scans.ts';
import { findDigest, findRepository, imageNotFound } from './lookup.ts';

export function startImageScan(input: StartImageScanRequest, call: Call): StartImageScanResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  if (scanTypeOf(call.world, repository) === 'ENHANCED')
    throw new AwsError('ValidationException', 'This feature is disabled');
  const id = input.imageId ?? {};
  const digest = findDigest(repository, id);
  if (digest === undefined) throw imageNotFound(repository, id);
  if (manifestOf(repository, digest)?.kind === 'index') {
    throw new AwsError('UnsupportedImageTypeException', 'An image index cannot be scanned');
  }
  const stored = repository.manifests[digest];
  if (stored && statusOf(call.world, stored) !== 'ACTIVE')
    throw new AwsError('ImageArchivedException', `The image ${digest} is archived and cannot be scanned.`);
  if (startScan(call.world, repository, digest) === 'limit-exceeded') {
    throw new AwsError(
      'LimitExceededException',
      'The scan quota per image has been exceeded. Wait and try again.',
    );
  }
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { ...id, imageDigest: digest },
    imageScanStatus: { status: 'IN_PROGRESS' },
  };
}
