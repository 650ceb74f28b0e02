import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import { SEVERITIES } from '@tenant-delivery/domain';
import type { DecidedRow } from '@tenant-delivery/findings/decide-rows';
import type { EffectivePolicy } from '@tenant-delivery/findings/effective-policy';
import { explainRow } from '@tenant-delivery/findings/explain';
import type { ByLayer } from '@tenant-delivery/findings/layers';
import { orderRows } from '@tenant-delivery/findings/order-rows';
import type { Judgement, Verdict } from '@tenant-delivery/findings/verdict';
import type { WaiverUse } from '@tenant-delivery/findings/waiver-report';
import type { AgainstRunning } from './compare-with-running.ts';
import { remedyOf } from './remedy.ts';

const ROWS = 200; // of a kind in the summary; the document has all
const SECTION = 180_000; // bytes of one table, of which there are four
const CELL = 120; // characters; GitHub drops a summary over 1 MiB as a whole

export function headlineOf(
  verdict: Pick<Verdict, 'decision' | 'reasons' | 'children' | 'uninspected'>,
): string {
  if (verdict.decision === 'allow') {
    const answers = answersOf(verdict);
    const count = verdict.children.length - answers.length;
    const platforms = count === 1 ? 'one platform' : `${count} platforms`;
    const inside = count === 0 ? [] : [`The image is inside every limit on ${platforms}.`];
    return [...inside, ...answers].join(' ');
  }
  return `The image is denied: ${verdict.reasons.join('; ')}.`;
}

/** Who answers for platforms that no scanner understands. */
export function answersOf({ uninspected = [] }: Pick<Verdict, 'uninspected'>): readonly string[] {
  return uninspected.map(
    ({ platform, owner, expires }) =>
      `Nothing could inspect ${platform}, which is allowed because ${owner} answers for it until ${expires}.`,
  );
}

/** What blocks and why, for the log: worst first, with each waiver that nearly covers it. */
export function rowsOf(judgement: Judgement): readonly string[] {
  const waivers = judgement.waivers.map(({ waiver }) => waiver);
  const rows = orderRows(judgement.blocking)
    .slice(0, LINES)
    .flatMap((row) => explainRow(row, waivers))
    .map((line) => `  ${line}`);
  const more = judgement.blocking.length - LINES;
  return more > 0 ? [...rows, `  and ${more} more in the findings document`] : rows;
}

const LINES = 20;

export function summaryOf(
  verdict: Verdict,
  facts: {
    /** Nothing without a contract. */
    readonly change?: string;
    readonly judgement: Judgement;
    readonly policy: EffectivePolicy;
    readonly against?: AgainstRunning | undefined;
    /** Nothing where no record says who brought which layer. */
    readonly byLayer?: ByLayer;
    /** The file that has what does not fit here. */
    readonly document: string;
  },
): string {
  const { change, judgement, policy, against, byLayer, document } = facts;
  const allowed = verdict.decision === 'allow';
  const kind = (effect: DecidedRow['effect']) =>
    orderRows(judgement.rows.filter((row) => row.effect === effect));
  const beside = [
    ...section('What is warned of', kind('warn'), document),
    ...section('What is waived', kind('waived'), document),
    ...(judgement.waivers.length > 0 ? ['**Waivers**', waiverTable(judgement.waivers, document)] : []),
    ...(against ? sinceRunning(against, document) : []),
    `${change === undefined ? 'Image' : `Change ${code(change)}, image`} ${code(verdict.subject.digest)}${allowed ? `; the verdict is good until ${verdict.validUntil}` : ''}.`,
  ];
  const layers = byLayer && judgement.rows.length > 0 ? [`By layer: ${layersOf(byLayer)}.`] : [];
  if (allowed)
    return folded(
      'Gate: allowed',
      sayAllowed(verdict, judgement),
      policyTable(judgement, policy),
      ...layers,
      ...beside,
    );
  return [
    '### Gate: denied',
    escapeMarkdown(headlineOf(verdict)),
    `**What to do:** ${escapeMarkdown(remedyOf(judgement))}`,
    ...section('What blocks', kind('block'), document),
    folded('Limits, and what else was found', '', policyTable(judgement, policy), ...layers, ...beside),
  ].join('\n\n');
}

/** What somebody reads who does not open the rest: that it is allowed, and in spite of what. */
function sayAllowed(verdict: Verdict, { rows }: Judgement): string {
  const count = (effect: DecidedRow['effect']) => rows.filter((row) => row.effect === effect).length;
  const [warned, waived] = [count('warn'), count('waived')];
  return [
    headlineOf(verdict),
    ...(warned > 0 ? [`Warned of: ${warned}.`] : []),
    ...(waived > 0 ? [`Waived: ${waived}.`] : []),
  ].join(' ');
}

/** Each rule with who set each value of it, and then the overrides. */
function policyTable({ counts }: Judgement, { limits, rules: scanRules }: EffectivePolicy): string {
  const said = (value: { readonly value: unknown; readonly from: string } | undefined, what: string) =>
    value === undefined ? [] : [`${what} (${value.from})`];
  const bySeverity = table(
    ['severity', 'found', 'allowed', 'limit from', 'further rules'],
    SEVERITIES.map((severity) => {
      const { action, fixableOnly, graceDays } = scanRules?.rules?.[severity] ?? {};
      return [
        severity,
        String(counts[severity]),
        String(limits[severity].value),
        limits[severity].from,
        [
          ...said(action, `${action?.value}`),
          ...said(fixableOnly, fixableOnly?.value ? 'only with a fix' : 'with or without a fix'),
          ...said(graceDays, `${graceDays?.value} days of grace`),
        ].join(', '),
      ];
    }),
  );
  const { kev, exploitAvailable, epss, unknown } = scanRules?.overrides ?? {};
  const overrides = [
    ...said(kev, `exploited (KEV): ${kev?.value}`),
    ...said(exploitAvailable, `exploit available: ${exploitAvailable?.value}`),
    ...said(epss?.action, `EPSS from ${epss?.atLeast.value} on: ${epss?.action.value}`),
    ...said(unknown, `not known: ${unknown?.value}`),
    ...said(
      scanRules?.suppressedUpstream,
      `suppressed in the account: ${scanRules?.suppressedUpstream?.value}`,
    ),
  ];
  const others = [
    ...said(scanRules?.severityFrom, `severity by the word of: ${scanRules?.severityFrom?.value}`),
    ...said(scanRules?.baseline, `against what runs: ${scanRules?.baseline?.value}`),
    ...said(
      scanRules?.unscannable?.terms,
      'images that nothing can inspect: where the service answers for them',
    ),
    ...said(
      scanRules?.unscannable?.allowance,
      `answered for by ${scanRules?.unscannable?.allowance?.value.owner} until ${scanRules?.unscannable?.allowance?.value.expires}`,
    ),
  ];
  return [
    bySeverity,
    ...(overrides.length > 0 ? [`Overrides: ${overrides.join(', ')}.`] : []),
    ...(others.length > 0 ? [escapeMarkdown(`Further: ${others.join(', ')}.`)] : []),
  ].join('\n');
}

function section(title: string, rows: readonly DecidedRow[], document: string): readonly string[] {
  if (rows.length === 0) return [];
  const cells: string[][] = [];
  let length = 0;
  for (const { finding, why } of rows.slice(0, ROWS)) {
    const { vulnerability, severity, package: name, version, fixedIn = 'not known' } = finding;
    const row = [vulnerability, severity, `${name} ${version}`, fixedIn, why].map(cellOf);
    length += Buffer.byteLength(row.join(' | '));
    if (length > SECTION) break;
    cells.push(row);
  }
  const head = ['vulnerability', 'severity', 'package', 'fixed in', 'why'];
  return [`**${title}**`, table(head, cells) + moreIn(rows.length - cells.length, document)];
}

/** Who brought what was found. Basic scanning names no layer, and some images cannot be looked into. */
function layersOf({ base, own, unknown }: ByLayer): string {
  const told = [`${base} in the base image's layers`, `${own} in the image's own`];
  const untold = unknown > 0 ? [`${unknown} in an unknown layer`] : [];
  return base + own === 0 ? untold.join() : [...told, ...untold].join(', ');
}

function sinceRunning(
  { change, fresh, freshBy, fixed, unchanged }: AgainstRunning,
  document: string,
): readonly string[] {
  const counts = `${fresh.length} new, ${fixed.length} gone, ${unchanged} as before`;
  const by = fresh.length > 0 ? ` What is new by layer: ${layersOf(freshBy)}.` : '';
  return [
    `Against the version of ${code(change)}, which was verified last: ${counts}.${by}`,
    ...section('What is new', orderRows(fresh), document),
  ];
}

function waiverTable(uses: readonly WaiverUse[], document: string): string {
  const cells = uses.slice(0, ROWS).map(({ waiver, state, covers, missed }) => {
    const { id, package: name, owner, approvedBy, expires } = waiver;
    return [id, name, state, String(covers), `${owner}, ${approvedBy}`, expires, missed.join('; ')].map(
      cellOf,
    );
  });
  const head = [
    'vulnerability',
    'package',
    'state',
    'covers',
    'owner, approver',
    'expires',
    'does not cover',
  ];
  return table(head, cells) + moreIn(uses.length - ROWS, document);
}

function moreIn(more: number, document: string): string {
  return more > 0 ? `\n${more} more in ${code(document)}.\n` : '';
}

function cellOf(text: string): string {
  return escapeMarkdown(text.length > CELL ? `${text.slice(0, CELL - 1).toWellFormed()}…` : text);
}
