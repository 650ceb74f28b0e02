import type {
  ImageReferrer,
  ListImageReferrersRequest,
  ListImageReferrersResponse,
} from '@aws-sdk/client-ecr';
import { AwsError, type Call } from '../../world/service.ts';
import { statusOf } from '../archive.ts';
import { parseManifest } from '../manifest.ts';
import { findRepository, page } from './lookup.ts';

const PAGE = 50; // the most rows of one answer

/** Documents about an image, by the digest that they name as their subject; those in use alone unless asked otherwise. */
export function listImageReferrers(input: ListImageReferrersRequest, call: Call): ListImageReferrersResponse {
  const repository = findRepository(call, input.repositoryName, input.registryId);
  const { artifactTypes = [], artifactStatus = 'ACTIVE' } = input.filter ?? {};
  if ((input.maxResults ?? 0) > PAGE)
    throw new AwsError('InvalidParameterException', `maxResults must be at most ${PAGE}`);
  const found = Object.entries(repository.manifests)
    .filter(([, { subject }]) => subject === input.subjectId?.imageDigest)
    .map(([digest, stored]): ImageReferrer => {
      const { annotations } = parseManifest(stored.mediaType, stored.text);
      return {
        digest,
        mediaType: stored.mediaType,
        size: Buffer.byteLength(stored.text),
        ...(stored.artifactType !== undefined && { artifactType: stored.artifactType }),
        ...(annotations && { annotations }),
        artifactStatus: statusOf(call.world, stored),
      };
    })
    .filter((one) => artifactTypes.length === 0 || artifactTypes.includes(one.artifactType ?? ''))
    .filter((one) => artifactStatus === 'ANY' || one.artifactStatus === artifactStatus);
  const { rows, nextToken } = page(found, input.maxResults ?? PAGE, input.nextToken);
  return { referrers: [...rows], ...(nextToken === undefined ? {} : { nextToken }) };
}
