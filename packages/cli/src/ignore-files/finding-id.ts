/** What an id of another tool names. The gate judges vulnerabilities alone. */
type FindingKind = 'vulnerability' | 'misconfiguration' | 'secret' | 'licence';

/** How databases of vulnerabilities begin their ids, those of OSV and of distributions; then a year or a number. */
const DATABASES =
  'ALAS2023|ALAS2|ALAS|ALBA|ALEA|ALSA|AZL|BELL-SA|BIT|CAN|CGA|CLSA|CURL|CVE|DLA|DRUPAL|DSA|DTSA|ECHO|EEF|ELBA|ELSA|FEDORA|GCVE|GHSA|GLSA|GMS|GO|GSD|HSEC|JLSEC|JVNDB|KHV|LBSEC|LSN|MAL|MGASA|MINI|NSWG|OESA|OSV|OSSA|PHSA|PSF|PYSEC|RHBA|RHEA|RHSA|RLBA|RLSA|RSEC|RUSTSEC|RXSA|SNYK|TEMP|USN|V8|VU|WOLFI|XSA|openSUSE-[A-Z]{2}|SUSE-[A-Z]{2}';
/** `UBUNTU-CVE-2024-1234`, `NSWG-ECO-428`, `ALAS2023-2024-1`, `GHSA-xxxx-xxxx-xxxx`, `V8-advisory-1`. */
const VULNERABILITY = new RegExp(
  `^(?:[A-Z]+-)?(?:${DATABASES})[-:](?=\\S*\\d\\d|CVE-|[0-9a-z]{4}-)[A-Za-z0-9:._-]{2,80}$`,
  'i',
);
const LICENCE =
  /^(?:A?GPL|LGPL|AFL|Apache|APSL|Artistic|Beerware|BlueOak|BSD|BSL|BUSL|CC|CC0|CDDL|CPAL|CPL|ECL|EPL|EUPL|FTL|GFDL|HPND|IJG|IPL|ISC|JSON|MIT|MPL|MS|NCSA|NPL|ODC|OFL|OpenSSL|OSL|PHP|PIL|PostgreSQL|PSF|Python|QPL|Ruby|Sleepycat|SSPL|TCL|UPL|Unicode|Unlicense|UnRAR|Vim|W3C|WTFPL|X11|Xnet|Zend|Zlib|ZPL|0BSD)(?:$|[-+. ])/i;
/** `AVD-AWS-0089`, `DS002`, `KSV-0014`, `CKV_DOCKER_2`. */
const MISCONFIGURATION = /^(?:AVD-|CKV\d?_|[A-Z]{2,7}-?\d{3,5}$)/;
/** Rules of Trivy for secrets and for misconfigurations are words with hyphens. */
const RULE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const OF_SECRETS =
  /(?:^|-)(?:keys?|tokens?|secrets?|pat|oauth|passwords?|webhook|credentials?|jwt|url|id|account|generic)(?:-|$)/;

/** What an id names; `undefined` for one that nothing says anything about. */
export function kindOfFinding(id: string): FindingKind | undefined {
  if (VULNERABILITY.test(id)) return 'vulnerability';
  if (MISCONFIGURATION.test(id)) return 'misconfiguration';
  if (LICENCE.test(id)) return 'licence';
  if (!RULE.test(id)) return undefined;
  return OF_SECRETS.test(id) ? 'secret' : 'misconfiguration';
}

/** `AVD-DS-0002 is no vulnerability but a misconfiguration`. */
export function whyNoVulnerability(id: string): string {
  const kind = kindOfFinding(id);
  return `${id} is no vulnerability${kind === undefined ? ' of a database that we know' : ` but a ${kind}`}`;
}
