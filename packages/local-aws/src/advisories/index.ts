import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareDebianVersions } from '../registry/debian-version.ts';
import type { InstalledPackage, OperatingSystem } from '../registry/packages.ts';

/**
 * A short excerpt of what Debian's security tracker has published, enough for the sandbox to tell a vulnerable
 * package from a fixed one. It is no source about vulnerabilities.
 */
export interface Advisory {
  readonly id: string;
  /** Debian's source package. */
  readonly source: string;
  /** The first version without the defect; absent where Debian has none. */
  readonly fixed?: string;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL' | 'UNDEFINED';
  readonly score: string;
  readonly vector: string;
  readonly description: string;
}

export interface Finding {
  readonly advisory: Advisory;
  readonly package: InstalledPackage;
}

const published = new Map<string, readonly Advisory[]>();

function advisoriesFor(release: string): readonly Advisory[] {
  const known = published.get(release);
  if (known) return known;
  if (release !== '12') return [];
  const text = readFileSync(join(import.meta.dirname, `debian-${release}.json`), 'utf8');
  const read = JSON.parse(text) as readonly Advisory[]; // our own file, checked by its test
  published.set(release, read);
  return read;
}

/** Every advisory that an installed package has not the fix for, one finding for each source package. */
export function findingsIn(system: OperatingSystem): readonly Finding[] {
  return advisoriesFor(system.version).flatMap((advisory) => {
    const affected = system.packages.find(
      (installed) =>
        installed.source === advisory.source &&
        (advisory.fixed === undefined || compareDebianVersions(installed.sourceVersion, advisory.fixed) < 0),
    );
    return affected ? [{ advisory, package: affected }] : [];
  });
}
