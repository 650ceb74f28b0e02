import { matchesGlob } from '@tenant-delivery/domain/glob';
import type { Finding } from './finding.ts';

/** The parts of a package URL that a waiver names: `pkg:TYPE/NAMESPACE/NAME@VERSION`. */
export interface PackageParts {
  readonly type: string;
  /** Namespace and name, decoded. */
  readonly path: string;
  readonly version?: string;
}

const FORM = /^pkg:([a-z][a-z0-9.+-]*)\/([^@?#*\s]+)(?:@([^@?#\s]+))?(?:\?[^#\s]*)?(?:#\S*)?$/i;

/** A package URL's parts (purl-spec), or nothing where type or name is missing or has a wildcard. */
export function parsePackage(purl: string): PackageParts | undefined {
  const [, type = '', path = '', version] = FORM.exec(purl) ?? [];
  if (type === '' || path === '' || path.startsWith('/') || path.endsWith('/')) return undefined;
  try {
    return {
      type: type.toLowerCase(),
      path: decodeURIComponent(path),
      ...(version !== undefined && { version: decodeURIComponent(version) }),
    };
  } catch {
    return undefined;
  }
}

const SYSTEM = ['deb', 'rpm', 'apk']; // packages of an operating system; their namespace is the distribution

/**
 * Whether a waiver's package is the finding's. The distribution may be left out, a registry's namespace may not. Basic
 * scanning names no type: it inspects packages of the operating system alone, so the type must be one of those.
 */
export function samePackage(waived: string, finding: Pick<Finding, 'purl' | 'package' | 'version'>): boolean {
  const wanted = parsePackage(waived);
  if (!wanted) return false;
  if (wanted.version !== undefined && !matchesGlob(wanted.version, finding.version)) return false;
  if (finding.purl === undefined) {
    return SYSTEM.includes(wanted.type) && lastOf(wanted.path) === finding.package;
  }
  const found = parsePackage(finding.purl);
  if (!found || found.type !== wanted.type) return false;
  if (found.path === wanted.path) return true;
  return SYSTEM.includes(found.type) && !wanted.path.includes('/') && wanted.path === lastOf(found.path);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
