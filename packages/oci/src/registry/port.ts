import type { Digest } from '@tenant-delivery/domain';
import type { ByteSource } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';

export interface RegistryManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Reading from one registry. Every call throws if the registry could not be asked. `absent` means that the registry said so. */
export interface RegistryReader {
  /** `host[:port]`, as references name it. */
  readonly host: string;
  /** The digest is that of the bytes themselves, whatever the registry says. */
  readManifest(repository: string, reference: string): Promise<RegistryManifest | 'absent'>;
  hasBlob(repository: string, digest: Digest): Promise<boolean>;
  /**
   * A document. Bytes that do not hash to the digest are never returned. A blob whose stated size is over what a document
   * may have is not asked for, and one that has more than was stated is left (MANIFEST_TOO_LARGE).
   */
  readBlob(repository: string, blob: Pick<Descriptor, 'digest' | 'size'>): Promise<Buffer>;
  /**
   * Hands over the bytes of a layer as they come. The parts end with a failure if they do not hash to the digest, or are
   * more than was stated (LAYER_TOO_LARGE). If the line breaks, `take` is called again, with all of them.
   */
  streamBlob(
    repository: string,
    blob: Pick<Descriptor, 'digest' | 'size'>,
    take: (parts: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void>;
}

/** Pushing to one registry. Every call may be repeated, because content is addressed by its digest. */
export interface RegistryWriter extends RegistryReader {
  /** Takes over a blob of another repository. False if the registry wants it uploaded instead. */
  mountBlob(repository: string, digest: Digest, from: string): Promise<boolean>;
  writeBlob(repository: string, digest: Digest, bytes: ByteSource): Promise<void>;
  writeManifest(repository: string, reference: string, mediaType: string, bytes: Buffer): Promise<void>;
  /** The documents that the registry lists for an image. Empty if it keeps no such lists. */
  referrers(repository: string, subject: Digest): Promise<readonly Descriptor[]>;
}

/** The settings of a repository. */
export interface RepositoryFacts {
  readonly arn: string;
  readonly registryId: string;
  /** Host and name, as images are named. */
  readonly uri: string;
  /** `IMMUTABLE`, `MUTABLE`, or either `_WITH_EXCLUSION`. */
  readonly tagMutability: string;
  /** Patterns of tags to which the rule does not apply (`*` matches any text). */
  readonly exclusions: readonly string[];
  readonly encryption: string;
  /** The key of KMS, if there is one. */
  readonly key: string | undefined;
}

/** How a repository's images are encrypted at rest. */
export interface RepositoryEncryption {
  readonly type: string;
  readonly key?: string | undefined;
}

/** How far a registry has come with one thing that it does after a push. */
export interface RegistryProgress {
  /** The region of the copy, or the profile of the signature. */
  readonly of: string;
  /** `COMPLETE`, `IN_PROGRESS`, `FAILED`, or a word that we do not know. */
  readonly status: string;
  readonly why: string | undefined;
}

/** A password for one registry. It is never printed and never in a process list. */
export interface RegistryLogin {
  /** `host[:port]`. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** The registry of a tenant's account. Making a repository and pushing need the proof that its owner was checked. */
export interface ImageRegistry<Permit, NewPermit> {
  describe(repository: string): Promise<RepositoryFacts | 'absent'>;
  /** Makes the repository that the permit names, with immutable tags. */
  create(permit: NewPermit, encryption: RepositoryEncryption): Promise<void>;
  connect(permit: Permit): Promise<{ readonly writer: RegistryWriter; readonly login: RegistryLogin }>;
  /** Regions of the same account into which the registry's rules copy images of the repository. */
  replicatedTo(repository: string): Promise<readonly string[]>;
  /** Profiles with which the registry's rules sign images of the repository. */
  signedWith(repository: string): Promise<readonly string[]>;
  /** The image's copies by region. For an index, each child is asked for by its own digest. */
  copies(repository: string, digest: Digest): Promise<readonly RegistryProgress[]>;
  /** The registry's own signatures of the image, by profile. */
  signatures(repository: string, digest: Digest): Promise<readonly RegistryProgress[]>;
}
