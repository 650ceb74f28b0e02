import type { Digest, Severity } from '@tenant-delivery/domain';

/** One vulnerability of one package, in the only form that policies and reports see. */
export interface Finding {
  /** `CVE-…`, as the registry names it. */
  readonly vulnerability: string;
  readonly severity: Severity;
  /** The registry's own word for the severity, kept because ours may be `unknown`. */
  readonly saidSeverity: string;
  readonly package: string;
  readonly version: string;
  /** The version that mends it; absent when the registry names none. */
  readonly fixedIn?: string;
  readonly uri?: string;
  /** Where it was found: the children of an index, by platform. */
  readonly platforms: readonly string[];
}

/** A child of an image that tasks can run, and so must be inspected. A plain manifest is its own only child. */
export interface ImageChild {
  /** `linux/amd64`, with the variant where there is one. */
  readonly platform: string;
  readonly digest: Digest;
}
