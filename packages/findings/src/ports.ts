import type { Digest } from '@tenant-delivery/domain';
import type { Coverage } from './coverage.ts';
import type { Finding, ImageChild } from './finding.ts';
import type { ScanReply } from './scan-reply.ts';

/** An image as its registry holds it. */
export interface StoredImage {
  /** Epoch milliseconds. */
  readonly pushedAt: number;
  /** The children that a task could run; attestation manifests are left out. */
  readonly children: readonly ImageChild[];
  /** The children that are attestations: no task can run them, and nothing inspects them. */
  readonly attestations?: readonly Digest[];
}

/** How the registry inspects a repository. */
export interface ScanMode {
  readonly type: 'basic' | 'enhanced';
  /** `SCAN_ON_PUSH`, `CONTINUOUS_SCAN`, `MANUAL`, or a word that we do not know. */
  readonly frequency: string;
}

/** A registry's own inspections. Every call throws when the registry could not be asked. */
export interface Inspections {
  mode(repositoryName: string): Promise<ScanMode>;
  /** The scanner behind basic scanning: `AWS_NATIVE`, or the older `CLAIR`; `undefined` if the registry does not say. */
  scanner?(): Promise<string | undefined>;
  /** Reads the children from the image's manifest, unless a record of this very digest has named them: `children`. */
  image(
    repositoryName: string,
    digest: Digest,
    children?: readonly ImageChild[],
  ): Promise<StoredImage | 'absent'>;
  /** The state of one child's inspection with all its rows, over all pages. */
  inspect(
    repositoryName: string,
    child: ImageChild,
  ): Promise<{ readonly reply: ScanReply; readonly findings: readonly Finding[] }>;
  /**
   * Asks for an inspection; one that was already made today is not an error. Basic scanning alone can be asked.
   * `unsupported`: it will never make one of this image. Absent where the caller may only look.
   */
  start?(repositoryName: string, digest: Digest): Promise<'unsupported' | undefined>;
  /** What Amazon Inspector says of having looked at an image: the other witness of enhanced scanning. */
  coverage?(repositoryName: string, digest: Digest): Promise<Coverage>;
}

/** What is known about a vulnerability beyond the registry's row; `unknown` if nothing could be asked or nothing answered. */
export interface Enriched {
  /** The Exploit Prediction Scoring System's probability, 0 to 1; `none` where it has no score. */
  readonly epss: number | 'none' | 'unknown';
  /** The entry in CISA's catalogue of vulnerabilities that are exploited. Days, `2026-11-24`. */
  readonly kev: { readonly added: string; readonly due?: string } | 'none' | 'unknown';
  readonly exploit: 'yes' | 'no' | 'unknown';
}

/** Looks up what decides about a few rows; never throws for a lookup that failed, which is `unknown`. */
export interface Enrichment {
  /** One answer for each row, in the same order; and why something is unknown, a sentence each, for the log. */
  enrich(
    findings: readonly Finding[],
  ): Promise<{ readonly enriched: readonly Enriched[]; readonly troubles: readonly string[] }>;
}

/** An image as the rules of its repository look at it. Times in milliseconds since the epoch. */
export interface AgeingImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  /** Absent where no pull was recorded. */
  readonly pulledAt: number | undefined;
}

/** What a repository forgets by itself. */
export interface Lifecycle {
  /** The text of the repository's policy; undefined where it has none. */
  policy(repositoryName: string): Promise<string | undefined>;
  /** Every image that can be pulled now. */
  images(repositoryName: string): Promise<readonly AgeingImage[]>;
}
