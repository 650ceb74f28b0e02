/** An error in the words of the OCI distribution specification ("Error codes"). */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: string;
  readonly status: number;
  readonly detail: unknown;

  constructor(code: string, status: number, message: string, detail?: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  get body(): string {
    const detail = this.detail === undefined ? {} : { detail: this.detail };
    return JSON.stringify({ errors: [{ code: this.code, message: this.message, ...detail }] });
  }
}

export const nameUnknown = (name: string, account: string) =>
  new RegistryError(
    'NAME_UNKNOWN',
    404,
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

export const blobUnknown = (digest: string) =>
  new RegistryError('BLOB_UNKNOWN', 404, 'blob unknown to registry', { digest });

export const manifestUnknown = (reference: string) =>
  new RegistryError('MANIFEST_UNKNOWN', 404, `Requested image not found: ${reference}`);

/** Not said by the API reference; the user guide says that an archived image cannot be pulled. */
export const imageArchived = (reference: string) =>
  new RegistryError('DENIED', 403, `The image ${reference} is archived; restore it before it is pulled`);

export const digestInvalid = (given: string, found: string) =>
  new RegistryError('DIGEST_INVALID', 400, `The digest ${given} is not that of the content, ${found}`);

export const uploadUnknown = (upload: string) =>
  new RegistryError('BLOB_UPLOAD_UNKNOWN', 404, `upload ${upload} is not known`);

export const tagImmutable = (tag: string, name: string) =>
  new RegistryError(
    'TAG_INVALID',
    400,
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  );

/** "toomanyrequests: Rate exceeded" ("Troubleshooting errors with Docker commands when using Amazon ECR"). */
export function tooManyRequests(): RegistryError {
  return new RegistryError('TOOMANYREQUESTS', 429, 'Rate exceeded');
}
