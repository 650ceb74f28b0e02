import type { Digest } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';

export interface Wanted {
  readonly repositoryUri: string;
  readonly revision: string;
  readonly ref: string;
  readonly inputs: Digest;
}

/** Why a signed record does not cover what is wanted; `undefined` when it does. Rule: architecture, "reuse". */
export function whyNotReused(record: ImageRecord, wanted: Wanted): string | undefined {
  if (record.inputsDigest !== wanted.inputs) return 'it was made from other inputs';
  if (record.revision !== wanted.revision) return `it was made from the revision ${record.revision}`;
  if (record.ref !== wanted.ref) return `it was made on ${record.ref}`;
  if (record.image.repositoryUri !== wanted.repositoryUri)
    return `it was pushed to ${record.image.repositoryUri}`;
  const open = record.base.find((base) => base.digest === undefined);
  if (open) return `nobody knows what its base image ${open.reference} points to now`;
  return undefined;
}
