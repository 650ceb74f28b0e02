import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';

/** A base image as a FROM names it, and what that name stands for now. */
export interface Base {
  readonly reference: string;
  /** Absent where the image is not in the tenant's registry, so that nobody can say what it will be. */
  readonly digest?: Digest;
  /** When it was made, as its configuration says; ISO 8601. */
  readonly created?: string;
  /** What the tag stands for now, where the reference fixes a digest and the tag has moved on. */
  readonly newer?: Digest;
  /** Its layers, of every platform; absent where the image could not be looked into. */
  readonly layers?: readonly Digest[];
}

/** One digest for everything that an image is made from, beside the revision of the source. */
export function inputsDigest(inputs: {
  readonly dockerfile: string;
  readonly context: Digest;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly base: readonly Base[];
  readonly platforms: readonly string[];
  readonly target?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Digests of named contexts. */
  readonly contexts?: Readonly<Record<string, Digest>>;
  /** Ids only: what is in a secret is no part of an image. */
  readonly secrets?: readonly string[];
}): Digest {
  const base = inputs.base.map(({ reference, digest }) => ({ reference, digest }));
  return digestOf(canonicalJson({ ...inputs, base, dockerfile: digestOf(inputs.dockerfile) }));
}
