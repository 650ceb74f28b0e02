import { createHash } from 'node:crypto';
import { sarifPath, sarifText } from '@tenant-delivery/action-kit/sarif-text';
import type { Image, Severity } from '@tenant-delivery/domain';
import type { DecidedRow } from './decide-rows.ts';
import { jsonWithList } from './json-with-list.ts';
import { orderRows } from './order-rows.ts';
import type { Judgement } from './verdict.ts';

/** GitHub keeps 5,000 results of a run ("SARIF support for code scanning"); we choose which. */
const RESULTS = 5_000;

/** In the ranges by which GitHub names a severity; what has no word is shown as the worst. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  informational: '0.1',
  unknown: '9.5',
};
const LEVELS = { block: 'error', warn: 'warning', report: 'note', waived: 'note' } as const;

/** What GitHub's code scanning reads. Paths and fingerprints name no tag and no digest, so that an alert stays the same one. */
export function* renderSarif(judgement: Judgement, image: Image, document: string): Generator<string> {
  const repository = image.repositoryUri.slice(image.repositoryUri.indexOf('/') + 1);
  const ordered = orderRows(judgement.rows);
  const rows = ordered.slice(0, RESULTS);
  const more = ordered.length - rows.length;
  const run = {
    tool: { driver: { name: 'tenant-delivery gate', rules: rulesOf(rows) } },
    automationDetails: { id: `tenant-gate/${repository}/` },
    ...(more > 0 && { properties: { more: `${more} more in ${document}` } }),
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  yield `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[`;
  yield* jsonWithList(run, 'results', rows, (row) => resultOf(row, judgement, repository, image));
  yield ']}';
}

/** One rule for each vulnerability, at its worst severity here. */
function rulesOf(rows: readonly DecidedRow[]) {
  const worst = new Map<string, DecidedRow['finding']>();
  for (const { finding } of rows) {
    const known = worst.get(finding.vulnerability);
    if (!known || Number(SCORES[finding.severity]) > Number(SCORES[known.severity]))
      worst.set(finding.vulnerability, finding);
  }
  return [...worst.values()].map(({ vulnerability, severity, uri }) => ({
    id: vulnerability,
    shortDescription: { text: sarifText(vulnerability) },
    ...(uri !== undefined && /^https:\/\/[^\s]+$/.test(uri) && { helpUri: uri }),
    properties: { 'security-severity': SCORES[severity], tags: ['security', 'vulnerability', severity] },
  }));
}

function resultOf(row: DecidedRow, { waivers }: Judgement, repository: string, image: Image) {
  const { finding, effect, why, rule } = row;
  const { vulnerability, package: name, version, purl = `${name}@${version}`, filePath, fixedIn } = finding;
  const waiver = row.waiver === undefined ? undefined : waivers[row.waiver]?.waiver;
  const mend = fixedIn === undefined ? 'No fixed version is known.' : `Fixed in ${fixedIn}.`;
  const fingerprint = [vulnerability, purl, filePath ?? '', repository].join('\n');
  return {
    ruleId: vulnerability,
    level: LEVELS[effect],
    message: {
      text: sarifText(
        `${name} ${version} has ${vulnerability} (${finding.severity}; ${rule}: ${why}). ${mend}`,
      ),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: sarifPath(repository, filePath ?? name) },
          region: { startLine: 1 },
        },
        logicalLocations: [
          { fullyQualifiedName: purl, kind: 'module' },
          { fullyQualifiedName: `${repository}@${image.digest}`, kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: { 'tenantDelivery/v1': createHash('sha256').update(fingerprint).digest('hex') },
    ...(waiver && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: `${waiver.reason} (${waiver.owner}, approved by ${waiver.approvedBy}, until ${waiver.expires})`,
        },
      ],
    }),
  };
}
