import type { Digest, Severity } from '@tenant-delivery/domain';

/** One vulnerability of one package, in the only form that policies and reports see. */
export interface Finding {
  /** `CVE-…` or `GHSA-…`, as the registry names it. */
  readonly vulnerability: string;
  readonly severity: Severity;
  /** The registry's own word for the severity, kept because ours may be `unknown`. */
  readonly saidSeverity: string;
  readonly package: string;
  readonly version: string;
  /** The version that mends it; absent when the registry names none. */
  readonly fixedIn?: string;
  /** The registry says that there is a fix, or does not say whether there is one; it names no version. */
  readonly fixUnnamed?: 'said' | 'untold';
  readonly uri?: string;
  /** Where it was found: the children of an index, by platform. */
  readonly platforms: readonly string[];
  /** Without the architecture; built, because no registry gives one. Absent when the row is about no package. */
  readonly purl?: string;
  /** For a package that does not belong to the operating system: where it is in the image. */
  readonly filePath?: string;
  /** The layer that brought the package. */
  readonly layer?: string;
  /** Other names of the vulnerability, sorted. */
  readonly aliases?: readonly string[];
  /** The vendor's word for the severity: free text. */
  readonly vendorSeverity?: string;
  readonly cvss?: Cvss;
  /** Whether an exploit is known; absent when the registry does not say. */
  readonly exploit?: 'yes' | 'no';
  /** Somebody told Amazon Inspector to hide it, on every platform that has it. */
  readonly suppressed?: true;
  /** It is about something other than a vulnerable package: the registry's word for it. */
  readonly unknownKind?: string;
  /** RFC 3339, earliest over all platforms. */
  readonly firstObservedAt?: string;
  /** RFC 3339: when the vendor first named it. */
  readonly vendorCreatedAt?: string;
  /** By which Amazon Inspector knows it, one for each platform; none with basic scanning. Sorted. */
  readonly findingArns?: readonly string[];
}

export interface Cvss {
  readonly score: number;
  /** `3.1`, `4.0`, …: scores of different versions do not compare. */
  readonly version: string;
  /** Who gave it: the vendor, `NVD`, or `Inspector` for one that was adjusted to the image. */
  readonly source: string;
  readonly vector?: string;
}

/** A child of an image that tasks can run, and so must be inspected. A plain manifest is its own only child. */
export interface ImageChild {
  /** `linux/amd64`, with the variant where there is one. */
  readonly platform: string;
  readonly digest: Digest;
  /** Epoch milliseconds; the image's own push where absent. A child may be older than the index that names it. */
  readonly pushedAt?: number;
  /** Why nothing that is said about it would be believed. */
  readonly refused?: string;
}

/** Whether it names a vulnerability and a package, by which it could be told from others and known again. */
export function saysWhatItIsAbout({ vulnerability, package: name, unknownKind }: Finding): boolean {
  return unknownKind === undefined && vulnerability !== 'unnamed' && name !== 'unnamed package';
}
