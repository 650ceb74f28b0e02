/** A statement about files by their digests, as somebody has uploaded it. */
export interface Attestation {
  readonly id: number;
  /** `sha256:…` of each subject. */
  readonly subjects: readonly string[];
  readonly predicateType: string;
  readonly bundle: unknown;
  readonly createdAt: number;
}
