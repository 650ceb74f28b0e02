import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareDebianVersions } from '../registry/debian-version.ts';
import type { InstalledPackage, LanguagePackage, OperatingSystem } from '../registry/packages.ts';

/**
 * A short excerpt of what Debian's security tracker and GitHub's advisories have published, enough for the sandbox to
 * tell a vulnerable package from a fixed one. It is no source about vulnerabilities.
 */
export interface Advisory {
  readonly id: string;
  readonly aliases?: readonly string[];
  /** Debian's source package, or the package of npm. */
  readonly source: string;
  /** The first version without the defect; absent where there is none. */
  readonly fixed?: string;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL' | 'UNDEFINED';
  readonly score: string;
  readonly vector: string;
  readonly description: string;
  /** A day. */
  readonly published: string;
  /** Probability of exploitation, made up. */
  readonly epss: number;
  /** The days of CISA's catalogue. */
  readonly kev?: { readonly added: string; readonly due: string };
  readonly exploit?: true;
}

export interface Finding {
  readonly advisory: Advisory;
  /** The first package of its source; basic scanning speaks of that. */
  readonly package: InstalledPackage;
  /** Every package of the source that is installed. */
  readonly packages: readonly InstalledPackage[];
}

const read = new Map<string, readonly Advisory[]>();

function advisoriesIn(file: string): readonly Advisory[] {
  const known = read.get(file);
  if (known) return known;
  const text = readFileSync(join(import.meta.dirname, `${file}.json`), 'utf8');
  const advisories = JSON.parse(text) as readonly Advisory[]; // our own file, checked by its test
  read.set(file, advisories);
  return advisories;
}

/** Every advisory that an installed package has not the fix for, one finding for each source package. */
export function findingsIn(system: OperatingSystem): readonly Finding[] {
  if (system.version !== '12') return [];
  return advisoriesIn('debian-12').flatMap((advisory) => {
    const packages = system.packages.filter(
      (installed) =>
        installed.source === advisory.source &&
        (advisory.fixed === undefined || compareDebianVersions(installed.sourceVersion, advisory.fixed) < 0),
    );
    const [first] = packages;
    return first ? [{ advisory, package: first, packages }] : [];
  });
}

/** The same for packages of npm, each advisory with every place where it holds. */
export function nodeFindingsIn(
  installed: readonly LanguagePackage[],
): readonly { readonly advisory: Advisory; readonly packages: readonly LanguagePackage[] }[] {
  return advisoriesIn('npm').flatMap((advisory) => {
    const packages = installed.filter(
      ({ name, version }) =>
        name === advisory.source &&
        (advisory.fixed === undefined || compareDebianVersions(version, advisory.fixed) < 0),
    );
    return packages.length > 0 ? [{ advisory, packages }] : [];
  });
}
