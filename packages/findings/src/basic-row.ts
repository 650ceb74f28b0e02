import type { Cvss, Finding } from './finding.ts';
import { fixOf, unnamedFix } from './fix.ts';
import { purlOf } from './purl.ts';
import type { Maybe } from './scan-pages.ts';
import { severityOf } from './severity.ts';

/** A row of basic scanning, as far as it is read. */
export interface BasicRow {
  readonly name?: Maybe<string>;
  readonly uri?: Maybe<string>;
  readonly severity?: Maybe<string>;
  readonly attributes?: Maybe<readonly { readonly key?: Maybe<string>; readonly value?: Maybe<string> }[]>;
}

/** Basic scanning does not say what system it looked at; the page that a row links to does. */
const SYSTEMS = new Map<string, string>([
  ['security-tracker.debian.org', 'DEBIAN'],
  ['people.canonical.com', 'UBUNTU'],
  ['ubuntu.com', 'UBUNTU'],
  ['alas.aws.amazon.com', 'AMAZON_LINUX'],
  ['access.redhat.com', 'RHEL'],
  ['linux.oracle.com', 'ORACLE_LINUX'],
  ['security.alpinelinux.org', 'ALPINE_LINUX'],
]);

export function basicFinding(row: BasicRow, platform: string): Finding {
  const attribute = (key: string) => row.attributes?.find((one) => one.key === key)?.value || undefined;
  const fix = attribute('fixed_in_version') ?? attribute('patched_versions');
  const fixedIn = fixOf(fix);
  const unnamed = unnamedFix(fix, undefined);
  const name = attribute('package_name');
  const version = attribute('package_version');
  const cvss = scoreOf(attribute);
  const uri = row.uri || undefined;
  const system = uri && URL.canParse(uri) ? SYSTEMS.get(new URL(uri).hostname) : undefined;
  return {
    vulnerability: row.name || 'unnamed',
    severity: severityOf(row.severity ?? undefined),
    saidSeverity: row.severity || 'none given',
    package: name ?? 'unnamed package',
    version: version ?? 'unknown version',
    ...(fixedIn && { fixedIn }),
    ...(unnamed && { fixUnnamed: unnamed }),
    ...(uri && { uri }),
    platforms: [platform],
    ...(name && version && system && { purl: purlOf({ name, version, system }) }),
    ...(cvss && { cvss }),
  };
}

function scoreOf(attribute: (key: string) => string | undefined): Cvss | undefined {
  for (const generation of ['4', '3', '2']) {
    const score = Number(attribute(`CVSS${generation}_SCORE`) ?? Number.NaN);
    if (Number.isNaN(score)) continue;
    const vector = attribute(`CVSS${generation}_VECTOR`);
    const version = /^CVSS:(\d\.\d)\//.exec(vector ?? '')?.[1] ?? `${generation}.0`;
    return { score, version, source: 'registry', ...(vector && { vector }) };
  }
  return undefined;
}
