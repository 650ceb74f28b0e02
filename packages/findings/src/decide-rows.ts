import { DAY, SEVERITIES, type Severity } from '@tenant-delivery/domain';
import { endOf } from './answered-for.ts';
import { isDeployed } from './compare-findings.ts';
import { hasExploit, type JudgedFinding } from './exploitation.ts';
import { mayBeMended } from './fix.ts';
import { ACTIONS, type Action, type Limit, mapSeverities, type Policy } from './policy.ts';
import { matchWaiver, type Waiver, type WaiverPlace } from './waiver.ts';

/** What becomes of one finding, and why. */
export interface DecidedRow {
  readonly finding: JudgedFinding;
  readonly effect: Action | 'waived';
  /** The rule that decided: a severity, `kev`, `exploitAvailable`, `epss`, `baseline`, or `suppressedUpstream`. */
  readonly rule: string;
  /** In one sentence, without its full stop. */
  readonly why: string;
  /** The waiver that covers it, by its place in the policy. */
  readonly waiver?: number;
  /** Waivers of the same vulnerability that do not cover it, and why. */
  readonly nearly: readonly { readonly waiver: number; readonly why: readonly string[] }[];
  /** When time alone may turn this row against the image, in milliseconds since the epoch. */
  readonly until?: number;
}

interface Weighed extends Omit<DecidedRow, 'effect'> {
  /** What the row is by itself; `counts` waits for the others of its severity. */
  readonly effect: DecidedRow['effect'] | 'counts';
  /** What it is at least, where its severity is inside the limit. */
  readonly least?: Pick<DecidedRow, 'effect' | 'rule' | 'why'>;
}

/** Each finding under each rule: what a waiver covers, what an override decides, what counts against a limit. */
export function decideRows(
  findings: readonly JudgedFinding[],
  policy: Policy,
  place: WaiverPlace,
): readonly DecidedRow[] {
  const weighed = findings.map((finding) => weigh(finding, policy, place));
  const counted = countRows(weighed);
  const over = mapSeverities((severity) => isOver(counted[severity], policy.rules[severity].maxCount));
  // One sentence for all rows of a severity: there may be very many.
  const whys = mapSeverities((severity) => {
    const { maxCount } = policy.rules[severity];
    return over[severity]
      ? `${numbered(counted[severity], severity)}, at most ${maxCount} allowed`
      : `inside the limit of ${maxCount}`;
  });
  return weighed.map((row): DecidedRow => {
    const { effect, least, ...rest } = row;
    if (effect !== 'counts') return { ...rest, effect };
    const { severity } = row.finding;
    return over[severity]
      ? { ...rest, effect: policy.rules[severity].action, why: whys[severity] }
      : { ...rest, effect: 'report', why: whys[severity], ...least };
  });
}

/**
 * Whether exploitation can decide about a finding. It cannot if the finding would be waived or left out even in the worst
 * case.
 */
export function hangsOnExploitation(finding: JudgedFinding, policy: Policy, place: WaiverPlace): boolean {
  const { waiver, rule } = weigh({ ...finding, kev: true, exploit: 'yes', epss: 1 }, policy, place);
  return waiver === undefined && rule !== 'suppressedUpstream';
}

function numbered(count: number, severity: Severity): string {
  return `${count} ${severity} ${count === 1 ? 'finding' : 'findings'}`;
}

function isOver(count: number, limit: Limit): boolean {
  return limit !== 'unlimited' && count > limit;
}

function countRows(rows: readonly Weighed[]): Readonly<Record<Severity, number>> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>; // every severity is a key
  for (const { effect, finding } of rows) if (effect === 'counts') counts[finding.severity] += 1;
  return counts;
}

function weigh(finding: JudgedFinding, policy: Policy, place: WaiverPlace): Weighed {
  const { covering, nearly } = waiversOf(finding, policy, place);
  const row = { finding, nearly };
  if (covering !== undefined) {
    const waiver = policy.waivers[covering] as Waiver; // its place was just found
    return {
      ...row,
      effect: 'waived',
      rule: finding.severity,
      why: `waived until ${waiver.expires} by ${waiver.approvedBy}`,
      waiver: covering,
      until: endOf(waiver),
    };
  }
  if (finding.suppressed === true && policy.suppressedUpstream === 'report') {
    return {
      ...row,
      effect: 'report',
      rule: 'suppressedUpstream',
      why: 'suppressed by a rule of the registry, and the floor lets that count',
    };
  }
  const raised = raise(finding, policy.overrides);
  if (isOfBaseline(finding, policy, place, raised?.effect)) {
    const why = 'the version that runs has it too, and only what is new decides';
    return { ...row, effect: 'report', rule: 'baseline', why, ...(raised?.effect === 'warn' && raised) };
  }
  if (raised?.effect === 'block') return { ...row, ...raised };
  const byRule = weighByRule(finding, policy, place.now);
  // What an override warns of still counts against the limit of its severity.
  if (byRule.effect === 'counts') return { ...row, ...byRule, ...(raised && { least: raised }) };
  return { ...row, ...byRule, ...raised };
}

/** `deployed` ignores findings of the running version, except those that an override blocks and those that are critical and fixable. */
function isOfBaseline(
  finding: JudgedFinding,
  { baseline = 'none' }: Policy,
  { deployed }: WaiverPlace,
  raised: DecidedRow['effect'] | undefined,
): boolean {
  if (baseline === 'none' || !isDeployed(finding, deployed)) return false;
  const worst = finding.severity === 'critical' || finding.severity === 'unknown';
  return baseline === 'all-deployed' || (raised !== 'block' && !(worst && mayBeMended(finding)));
}

function weighByRule(
  finding: JudgedFinding,
  policy: Policy,
  now: number,
): Pick<Weighed, 'effect' | 'rule' | 'why' | 'until'> {
  const rule = policy.rules[finding.severity];
  const reported = (why: string) => ({ effect: 'report' as const, rule: finding.severity, why });
  if (rule.fixableOnly && !mayBeMended(finding)) return reported('no version fixes it yet');
  const graceEnds = Date.parse(finding.firstObservedAt ?? '') + rule.graceDays * DAY; // NaN, and no grace, where no day is known
  if (rule.graceDays > 0 && now < graceEnds) {
    return {
      ...reported(`first seen less than ${rule.graceDays} days ago; counts from ${dayOf(graceEnds)} on`),
      until: graceEnds,
    };
  }
  return { effect: 'counts', rule: finding.severity, why: '' };
}

/** What the strictest matching override makes of a row. Nothing if no override matches. */
function raise(
  finding: JudgedFinding,
  { kev, exploitAvailable, epss, unknown }: Policy['overrides'],
): Pick<DecidedRow, 'effect' | 'rule' | 'why'> | undefined {
  const likely = epss && finding.epss !== undefined ? finding.epss >= epss.atLeast : undefined;
  const facts = [
    { rule: 'kev', action: kev, holds: finding.kev, what: 'known to be exploited (KEV)' },
    {
      rule: 'exploitAvailable',
      action: exploitAvailable,
      holds: hasExploit(finding),
      what: 'a public exploit is available',
    },
    {
      rule: 'epss',
      action: epss?.action,
      holds: likely,
      what: `EPSS is ${likely === undefined ? 'at least' : `${finding.epss}, at or over`} ${epss?.atLeast}`,
    },
  ];
  return facts
    .flatMap(({ rule, action, holds, what }) => {
      if (action === undefined || holds === false) return [];
      if (holds) return [{ rule, effect: action, why: what }];
      const effect = ACTIONS[Math.max(ACTIONS.indexOf(action), ACTIONS.indexOf(unknown))] ?? 'block';
      return [{ rule, effect, why: `not known whether ${what}` }];
    })
    .filter(({ effect }) => effect !== 'report')
    .sort((a, b) => ACTIONS.indexOf(a.effect) - ACTIONS.indexOf(b.effect))[0];
}

const NONE: DecidedRow['nearly'] = [];

function waiversOf(finding: JudgedFinding, policy: Policy, place: WaiverPlace) {
  const nearly: { waiver: number; why: readonly string[] }[] = [];
  let covering: number | undefined;
  for (const [index, waiver] of policy.waivers.entries()) {
    const match = matchWaiver(waiver, finding, place, policy.terms);
    if (match.kind === 'covers' && outlasts(waiver, policy.waivers[covering ?? -1])) covering = index;
    if (match.kind === 'near') nearly.push({ waiver: index, why: match.why });
  }
  return { covering, nearly: nearly.length === 0 ? NONE : nearly };
}

/** If several cover a finding, the one that lasts longest counts: the row is good until then. */
function outlasts(waiver: Waiver, other: Waiver | undefined): boolean {
  return other === undefined || waiver.expires > other.expires;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
