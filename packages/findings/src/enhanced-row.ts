import type { Cvss, Finding } from './finding.ts';
import { fixOf, unnamedFix } from './fix.ts';
import { purlOf } from './purl.ts';
import type { Maybe } from './scan-pages.ts';
import { severityOf } from './severity.ts';
import type { SharedTexts } from './shared-texts.ts';

/** A row of enhanced scanning, as far as it is read. */
export interface EnhancedRow {
  readonly findingArn?: Maybe<string>;
  readonly type?: Maybe<string>;
  readonly title?: Maybe<string>;
  readonly severity?: Maybe<string>;
  readonly status?: Maybe<string>;
  readonly exploitAvailable?: Maybe<string>;
  readonly fixAvailable?: Maybe<string>;
  readonly firstObservedAt?: Maybe<Date>;
  readonly scoreDetails?: Maybe<{
    readonly cvss?: Maybe<{
      readonly score?: Maybe<number>;
      readonly scoreSource?: Maybe<string>;
      readonly scoringVector?: Maybe<string>;
      readonly version?: Maybe<string>;
    }>;
  }>;
  readonly resources?: Maybe<
    readonly {
      readonly details?: Maybe<{
        readonly awsEcrContainerImage?: Maybe<{ readonly platform?: Maybe<string> }>;
      }>;
    }[]
  >;
  readonly packageVulnerabilityDetails?: Maybe<PackageVulnerability>;
}

interface PackageVulnerability {
  readonly vulnerabilityId?: Maybe<string>;
  readonly source?: Maybe<string>;
  readonly sourceUrl?: Maybe<string>;
  readonly vendorSeverity?: Maybe<string>;
  readonly vendorCreatedAt?: Maybe<Date>;
  readonly relatedVulnerabilities?: Maybe<readonly string[]>;
  readonly cvss?: Maybe<readonly BaseScore[]>;
  readonly vulnerablePackages?: Maybe<
    readonly {
      readonly name?: Maybe<string>;
      readonly version?: Maybe<string>;
      readonly release?: Maybe<string>;
      readonly epoch?: Maybe<number>;
      readonly packageManager?: Maybe<string>;
      readonly filePath?: Maybe<string>;
      readonly sourceLayerHash?: Maybe<string>;
      readonly fixedInVersion?: Maybe<string>;
    }[]
  >;
}

interface BaseScore {
  readonly baseScore?: Maybe<number>;
  readonly source?: Maybe<string>;
  readonly scoringVector?: Maybe<string>;
  readonly version?: Maybe<string>;
}

/** The row says that it is about a vulnerable package, and not which. */
export const INCOMPLETE = 'incomplete';

/**
 * One finding for each package of the row: `fixAvailable: PARTIAL` means that some of them are mended, so what is fixable
 * is asked of the package. A row about anything else is kept as an unknown kind of finding.
 */
export function findingsOfRow(
  row: EnhancedRow,
  platforms: readonly string[],
  shared: SharedTexts,
): readonly Finding[] | typeof INCOMPLETE {
  const details = row.packageVulnerabilityDetails;
  if (!details) {
    return row.type && row.type !== 'PACKAGE_VULNERABILITY'
      ? [unknownKind(row, row.type, platforms, shared)]
      : INCOMPLETE;
  }
  const packages = details.vulnerablePackages ?? [];
  if (!details.vulnerabilityId || packages.length === 0) return INCOMPLETE;
  const system = row.resources?.[0]?.details?.awsEcrContainerImage?.platform ?? undefined;
  const common = { ...sharedMembers(row, platforms, shared), ...aboutVulnerability(row, details, shared) };
  const findings: Finding[] = [];
  for (const one of packages) {
    const { name, version } = one;
    if (!name || !version) return INCOMPLETE;
    const release = one.release || undefined;
    const full = release ? `${version}-${release}` : version;
    const fixedIn = fixOf(one.fixedInVersion);
    const unnamed = unnamedFix(one.fixedInVersion, row.fixAvailable);
    const named = {
      manager: one.packageManager ?? undefined,
      name,
      version,
      release,
      epoch: one.epoch ?? undefined,
    };
    findings.push({
      ...common,
      vulnerability: details.vulnerabilityId,
      package: shared.text(name),
      version: shared.text(one.epoch ? `${one.epoch}:${full}` : full),
      ...(fixedIn && { fixedIn: shared.text(fixedIn) }),
      ...(unnamed && { fixUnnamed: unnamed }),
      purl: shared.text(purlOf({ ...named, system })),
      ...(one.filePath && { filePath: shared.text(one.filePath) }),
      ...(one.sourceLayerHash && { layer: shared.text(one.sourceLayerHash) }),
    });
  }
  return findings;
}

function unknownKind(
  row: EnhancedRow,
  type: string,
  platforms: readonly string[],
  shared: SharedTexts,
): Finding {
  return {
    ...sharedMembers(row, platforms, shared),
    severity: 'unknown',
    vulnerability: row.title || type,
    package: 'no package',
    version: 'no version',
    unknownKind: type,
  };
}

function sharedMembers(row: EnhancedRow, platforms: readonly string[], shared: SharedTexts) {
  const { firstObservedAt, exploitAvailable, findingArn, status, severity } = row;
  const first = timeOf(firstObservedAt);
  return {
    severity: severityOf(severity ?? undefined),
    saidSeverity: severity || 'none given',
    platforms,
    ...((exploitAvailable === 'YES' || exploitAvailable === 'NO') && {
      exploit: exploitAvailable === 'YES' ? ('yes' as const) : ('no' as const),
    }),
    // assumes ecr-lists-suppressed-rows
    ...(status === 'SUPPRESSED' && { suppressed: true as const }),
    ...(first && { firstObservedAt: shared.text(first) }),
    ...(findingArn && { findingArns: [findingArn] }),
  };
}

function aboutVulnerability(row: EnhancedRow, details: PackageVulnerability, shared: SharedTexts) {
  const { sourceUrl, vendorSeverity, vendorCreatedAt, relatedVulnerabilities } = details;
  const created = timeOf(vendorCreatedAt);
  const aliases = [...new Set(relatedVulnerabilities ?? [])].sort();
  const cvss = adjusted(row) ?? baseScore(details);
  return {
    ...(sourceUrl && { uri: sourceUrl }),
    ...(aliases.length > 0 && { aliases }),
    ...(vendorSeverity && { vendorSeverity: shared.text(vendorSeverity) }),
    ...(created && { vendorCreatedAt: shared.text(created) }),
    ...(cvss && { cvss: shared.score(cvss) }),
  };
}

function adjusted({ scoreDetails }: EnhancedRow): Cvss | undefined {
  const { score, version, scoringVector } = scoreDetails?.cvss ?? {};
  if (typeof score !== 'number' || !version) return undefined;
  return { score, version, source: 'Inspector', ...(scoringVector && { vector: scoringVector }) };
}

/** The vendor's own score, else NVD's, else any; from one source, the newest version of CVSS. */
function baseScore({ cvss, source }: PackageVulnerability): Cvss | undefined {
  const scores = (cvss ?? []).flatMap((one): Cvss[] => {
    if (typeof one.baseScore !== 'number' || !one.version) return [];
    const vector = one.scoringVector ? { vector: one.scoringVector } : {};
    return [{ score: one.baseScore, version: one.version, source: one.source || 'unnamed', ...vector }];
  });
  const newest = scores.toSorted((a, b) => Number(b.version) - Number(a.version));
  return (
    newest.find((one) => one.source === source) ?? newest.find((one) => one.source === 'NVD') ?? newest[0]
  );
}

function timeOf(date: Maybe<Date>): string | undefined {
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}
