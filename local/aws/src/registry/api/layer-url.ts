import type { GetDownloadUrlForLayerRequest, GetDownloadUrlForLayerResponse } from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { layerAddress } from '../layer-addresses.ts';
import { findRepository } from './lookup.ts';

/** An address of the bytes of a layer, or of a configuration, that is good for a while without credentials. */
export function getDownloadUrlForLayer(
  input: GetDownloadUrlForLayerRequest,
  call: Call,
): GetDownloadUrlForLayerResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const layerDigest = input.layerDigest ?? '';
  if (!Object.hasOwn(repository.blobs, layerDigest)) {
    throw new AwsError(
      'LayersNotFoundException',
      `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}'`,
    );
  }
  return { downloadUrl: layerAddress(call.world, layerDigest), layerDigest };
}
