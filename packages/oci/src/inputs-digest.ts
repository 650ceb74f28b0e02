import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';

/** A base image as a FROM names it, and what that name points to now. */
export interface Base {
  readonly reference: string;
  /** Absent if the image is not in the tenant's registry, because then nobody knows what it will be. */
  readonly digest?: Digest;
  /** When it was made, as its configuration says; ISO 8601. */
  readonly created?: string;
  /** The digest that the tag has now, if the reference pins another one. */
  readonly newer?: Digest;
  /** Its layers, of every platform. Absent if the image could not be read. */
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
  /** Ids only: the content of a secret is not part of an image. */
  readonly secrets?: readonly string[];
}): Digest {
  const base = inputs.base.map(({ reference, digest }) => ({ reference, digest }));
  return digestOf(canonicalJson({ ...inputs, base, dockerfile: digestOf(inputs.dockerfile) }));
}
