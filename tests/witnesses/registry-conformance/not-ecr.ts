/** Cases of the published suite that do not apply to Amazon ECR, and the page that says so. All others must pass. */
export const NOT_ECR: readonly { readonly cases: RegExp; readonly why: string; readonly page: string }[] = [
  {
    cases: /^sha512\//,
    why: 'ECR knows images and layers by their sha256 digest. The registry here refuses any other with DIGEST_INVALID.',
    page: 'Amazon ECR API Reference, "ImageIdentifier": `imageDigest` is the sha256 digest of the image manifest',
  },
  {
    cases: /\/blob-delete$/,
    why: 'No operation of ECR deletes a layer. Layers go when no image names them. The registry here answers 405, as the specification allows.',
    page: 'Amazon ECR API Reference, "Actions": BatchDeleteImage and DeleteRepository are the only ones that delete content',
  },
  {
    cases: /\/blob-mount-anonymous$/,
    why: 'ECR takes a layer from the repository that the request names. Without one the registry here begins an upload, as the specification allows.',
    page: 'Amazon ECR User Guide, "Blob mounting in Amazon ECR": mounting is tried only with the parameters of the request',
  },
  {
    cases: /^sparse\//,
    why: 'ECR refuses a manifest with a layer or an image that was not pushed before.',
    page: 'Amazon ECR API Reference, "PutImage", Errors: LayersNotFoundException and ReferencedImagesNotFoundException',
  },
];
