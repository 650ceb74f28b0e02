import type { Case } from './suite.ts';

/**
 * Cases of the published suite that do not apply to Amazon ECR, and the page that says so. All others must pass, and these
 * pass or end as they are expected to.
 */
export const NOT_ECR: readonly {
  readonly cases: RegExp;
  readonly ends: readonly Case['status'][];
  readonly why: string;
  readonly page: string;
}[] = [
  {
    cases: /^sha512( blobs)?\//,
    ends: ['failure', 'skipped'],
    why: 'ECR knows images and layers by their sha256 digest. The registry here refuses any other with DIGEST_INVALID.',
    page: 'Amazon ECR API Reference, "ImageIdentifier": `imageDigest` is the sha256 digest of the image manifest',
  },
  {
    cases: /\/blob-delete$/,
    ends: ['skipped'],
    why: 'No operation of ECR deletes a layer. Layers go when no image names them. The registry here answers 405, as the specification allows.',
    page: 'Amazon ECR API Reference, "Actions": BatchDeleteImage and DeleteRepository are the only ones that delete content',
  },
  {
    cases: /\/blob-post-cancel$/,
    ends: ['skipped'],
    why: 'No operation of ECR gives an upload up, and the suite leaves this out unless somebody asks for it.',
    page: 'Amazon ECR API Reference, "Actions": InitiateLayerUpload, UploadLayerPart and CompleteLayerUpload are all',
  },
  {
    cases: /\/blob-mount-anonymous$/,
    ends: ['skipped'],
    why: 'ECR takes a layer from the repository that the request names. Without one the registry here begins an upload, as the specification allows.',
    page: 'Amazon ECR User Guide, "Blob mounting in Amazon ECR": mounting is tried only with the parameters of the request',
  },
  {
    cases: /^sparse\//,
    ends: ['failure', 'skipped'],
    why: 'ECR refuses a manifest with a layer or an image that was not pushed before.',
    page: 'Amazon ECR API Reference, "PutImage", Errors: LayersNotFoundException and ReferencedImagesNotFoundException',
  },
];
