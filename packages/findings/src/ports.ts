import type { Digest } from '@tenant-delivery/domain';
import type { Finding, ImageChild } from './finding.ts';
import type { ScanReply } from './scan-state.ts';

/** An image as its registry holds it. */
export interface StoredImage {
  /** Epoch milliseconds. */
  readonly pushedAt: number;
  /** The children that a task could run; attestation manifests are left out. */
  readonly children: readonly ImageChild[];
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
  image(repositoryName: string, digest: Digest): Promise<StoredImage | 'absent'>;
  /** The state of one child's inspection with all its rows, over all pages. */
  inspect(
    repositoryName: string,
    child: ImageChild,
  ): Promise<{ readonly reply: ScanReply; readonly findings: readonly Finding[] }>;
  /** Asks for an inspection; one that was already made today is not an error. */
  start(repositoryName: string, digest: Digest): Promise<void>;
}
