import type { Finding, ImageChild } from './finding.ts';
import type { ScanMode } from './ports.ts';

/** One child's inspection as it stood when we stopped looking. */
export interface InspectedChild extends ImageChild {
  /** The registry's status word. */
  readonly scan: string;
  /** Set when the inspection is no evidence: why. */
  readonly unproven?: string;
  /** Set when that is because no scanner understands this kind of image. */
  readonly unscannable?: true;
  /** Set when it was not finished at the end of the wait. */
  readonly late?: true;
  /** Packages that are in no database of the image any more although their files are there, as our build recorded. */
  readonly vanished?: readonly string[];
  /** Whether our build has recorded a bill of materials. */
  readonly sbom?: boolean;
  readonly findings: readonly Finding[];
  /** Which inspection this is, and when it happened in milliseconds since the epoch. Absent if there was none. */
  readonly seen?: SeenInspection;
}

export interface SeenInspection {
  readonly by: ScanMode['type'];
  /** When we asked. */
  readonly at: number;
  /** When the registry was done, by its word. */
  readonly completedAt?: number;
  /** How new the knowledge was that it looked with, by its word. */
  readonly sourceUpdatedAt?: number;
}
