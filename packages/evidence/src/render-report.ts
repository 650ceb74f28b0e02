import type { ContractHistory } from './contract-history.ts';
import type { ContractRecord } from './contract-record.ts';
import type { ContractReport, KeyReport } from './contracts-at-hand.ts';
import type { ChangeReport, EvidenceReport, LineReport, RotationReport } from './evidence-report.ts';

/** A report as a person reads it: every change with its steps, every problem under its line. */
export function renderReport(report: EvidenceReport): string {
  const linesOf = Map.groupBy(report.lines, ({ change }) => change);
  const parts = [
    ...report.changes.map((change) => renderChange(change, linesOf.get(change.id) ?? [])),
    ...report.rotations.map((rotation) => renderRotation(rotation, linesOf.get(rotation.id) ?? [])),
    ...report.histories.map((history) => renderHistory(history, linesOf.get(history.id) ?? [])),
    ...renderUnknown((linesOf.get(undefined) ?? []).filter(({ line }) => !isContract(report, line))),
    ...renderKeys(report),
    ...report.problems.map((problem) => `  PROBLEM  ${problem}`),
    verdictOf(report),
  ];
  return `${parts.join('\n')}\n`;
}

function renderChange(change: ChangeReport, lines: readonly LineReport[]): string {
  const { id, kind, service, tenant, environment, state, subject, head } = change;
  return [
    `${id}: ${kind} of ${service} in ${tenant}/${environment}, ${state}`,
    `  about ${subject.name} sha256:${subject.digest.sha256}`,
    ...lines.map(renderLine),
    ...change.problems.map((problem) => `  PROBLEM  the record ${problem}`),
    `  head ${head}`,
    '',
  ].join('\n');
}

function renderRotation(rotation: RotationReport, lines: readonly LineReport[]): string {
  const { id, generation, entries, late, head, problems } = rotation;
  const signed = late === 0 ? '' : `, ${late} signed by a later run than the one that wrote them`;
  return [
    `${id}: rotation ${generation}, ${entries} entries${signed}`,
    ...lines.map(renderLine),
    ...problems.map((problem) => `  PROBLEM  the record ${problem}`),
    `  head ${head}`,
    '',
  ].join('\n');
}

function renderHistory({ id, serial, records }: ContractHistory, lines: readonly LineReport[]): string {
  return [
    `${id}: serial ${serial}`,
    ...lines.flatMap((line) => {
      const record = records.find((each) => each.serial === line.seq);
      return [renderLine(line), ...(record ? toldOf(record).map((said) => `             ${said}`) : [])];
    }),
    '',
  ].join('\n');
}

/** Who agreed to a contract, where, and what it changed. */
function toldOf(record: ContractRecord): readonly string[] {
  if ('byHand' in record) {
    const { principal, reason } = record.byHand;
    return [
      `signed by hand by ${principal}, because: ${reason}`,
      'no job vouches for who asked for it or who agreed',
      ...record.changes,
    ];
  }
  const { approvedBy, run, changes } = record;
  const by = approvedBy.map(({ login }) => login).join(', ');
  return [`approved by ${by} in run ${run.runId} of ${run.repository} at ${run.sha.slice(0, 8)}`, ...changes];
}

/** Lines that are no events; when all have the same problem, as in a file that is no evidence, it is said once. */
function renderUnknown(lines: readonly LineReport[]): readonly string[] {
  const [first] = lines;
  const said = new Set(lines.map(({ problems }) => problems.join('; ')));
  if (!first || lines.length === 1 || said.size > 1) return lines.map(renderLine);
  return [`  ${lines.length} lines  BROKEN  each ${[...said].join('')}`];
}

function isContract({ contracts }: EvidenceReport, line: number): boolean {
  return contracts.some(({ place }) => place === `line ${line}`);
}

/** What vouches for each key. Nothing where the trust file names them all. */
function renderKeys({ contracts, keys }: EvidenceReport): readonly string[] {
  if (contracts.length === 0) return [];
  return ['keys', ...contracts.flatMap(renderContract), ...keys.map(renderKey), ''];
}

function renderContract(contract: ContractReport): readonly string[] {
  const { place, tenant, environment, serial, signedBy, counts, problems } = contract;
  const what =
    serial === undefined
      ? 'a contract'
      : `contract of ${tenant}/${environment}, serial ${serial}, signed by contract key ${short(signedBy ?? '')}`;
  const use = problems.length > 0 || counts ? '' : '; a newer one is at hand, so its keys do not count';
  return [`  ${place}: ${what}${use}`, ...problems.map((problem) => `  PROBLEM  the contract ${problem}`)];
}

function renderKey({ keyId, duty, environment, signed, vouchedBy }: KeyReport): string {
  const whose = environment === undefined ? duty : `${duty} of ${environment}`;
  const by = vouchedBy === 'trust file' ? 'the trust file' : `the contract, serial ${vouchedBy.serial},`;
  return `  ${short(keyId)} ${whose}: ${by} vouches for it; it signed ${signed} here`;
}

function short(keyId: string): string {
  return `${keyId.slice(0, 12)}…`;
}

function renderLine({ line, seq, to, occurredAt, actor, problems }: LineReport): string {
  const what = to === undefined ? 'not an event' : `${seq} ${to.padEnd(11)} ${occurredAt} by ${actor}`;
  const head = `  line ${String(line).padStart(3)}  ${problems.length === 0 ? 'holds ' : 'BROKEN'}  ${what}`;
  return [head, ...problems.map((problem) => `             ${problem}`)].join('\n');
}

function verdictOf({ holds, lines, changes, rotations, histories }: EvidenceReport): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`;
  const counted = [
    count(lines.length, 'line'),
    ...(changes.length > 0 || rotations.length + histories.length === 0
      ? [count(changes.length, 'change')]
      : []),
    ...(rotations.length > 0 ? [count(rotations.length, 'rotated credential')] : []),
    ...(histories.length > 0 ? [count(histories.length, 'contract')] : []),
  ].join(', ');
  return holds
    ? `Everything holds: ${counted}; signatures, order, states, plans and approvals.`
    : `This evidence does NOT hold (${counted}). The problems are listed above, by line.`;
}
