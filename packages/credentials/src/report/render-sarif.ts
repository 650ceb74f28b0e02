import { createHash } from 'node:crypto';
import { sarifPath, sarifText } from '@tenant-delivery/action-kit/sarif-text';
import type { Report, Row } from './row.ts';
import { type Bearing, bearingOf, type State } from './states.ts';

const RESULTS = 5_000; // GitHub keeps no more of a run ("SARIF support for code scanning")

/** What there is to mend. A credential that is well, or that a rotation is at work on, is no result. */
const RULES: Readonly<Partial<Record<State, { readonly says: string; readonly score: string }>>> = {
  unknown: { says: 'A credential could not be observed', score: '8.0' },
  hold: { says: 'The rotation of a credential is held until somebody decides', score: '8.0' },
  overdue: { says: 'A credential is much older than was agreed', score: '8.0' },
  unmanaged: { says: 'A credential is in no contract', score: '5.5' },
  due: { says: 'A credential is as old as was agreed', score: '2.0' },
  eliminable: { says: 'A long-lived key can be replaced', score: '0.1' },
};
const LEVELS: Readonly<Record<Bearing, string>> = { fails: 'error', warns: 'warning', passes: 'note' };

/** What GitHub's code scanning reads. Fingerprints name no time, so that an alert stays the same one from run to run. */
export function renderSarif(report: Report): string {
  const { tenant, environment } = report;
  const all = report.rows.filter(({ state }) => RULES[state]);
  const rows = all.slice(0, RESULTS); // the worst are first
  const run = {
    tool: {
      driver: {
        name: 'tenant-delivery credentials',
        rules: Object.entries(RULES).map(([state, { says, score }]) => ({
          id: `credential-${state}`,
          shortDescription: { text: says },
          properties: { 'security-severity': score, tags: ['security', 'credentials'] },
        })),
      },
    },
    automationDetails: { id: `tenant-credentials/${tenant}/${environment}/` },
    ...(all.length > rows.length && { properties: { more: `${all.length - rows.length} more` } }),
    results: rows.map((row) => resultOf(row, report)),
  };
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  });
}

function resultOf(row: Row, { tenant, environment, account }: Report) {
  const { id, kind, subject, state, why, remedy, replacement } = row;
  const fingerprint = [account, environment, kind, id].join('\n');
  const told = [
    `${id}, ${subject}: ${why}`,
    ...row.facts,
    remedy,
    ...(replacement === null ? [] : [replacement]),
  ];
  return {
    ruleId: `credential-${state}`,
    level: LEVELS[bearingOf(state)],
    message: { text: sarifText(told.join(' ')) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: sarifPath('credentials', tenant, environment, kind, id) },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: `${account}/${environment}/${id}`, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'tenantDelivery/v1': createHash('sha256').update(fingerprint).digest('hex') },
  };
}
