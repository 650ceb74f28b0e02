import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';

/** What ECR's clients may ask for in any algorithm; this registry has images of one. */
const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

/** Why an image that a batch names is not there. */
export function failureOf({ imageDigest, imageTag }: ImageIdentifier): Omit<ImageFailure, 'imageId'> {
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
