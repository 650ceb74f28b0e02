import type { Mistake } from '@tenant-delivery/action-kit/document';
import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { daysOf, samePerson } from './answered-for.ts';
import {
  ACTIONS,
  type Action,
  BASELINES,
  Baseline,
  Limit,
  mapSeverities,
  type Overrides,
  type Policy,
  type Rule,
  type ScanFloor,
  type ScanWish,
  SeverityFrom,
  STRICTEST,
  type Stated,
  sizeOf,
} from './policy.ts';
import { Unscannable, UnscannableTerms } from './unscannable.ts';
import { longestOf, sameId, Waiver, WaiverTerms } from './waiver.ts';

/** Who said a value: the contract's floor and the service's manifest, or without a contract its policy file. */
const ORIGINS = ['floor', 'manifest', 'policy', 'default'] as const;
export type Origin = (typeof ORIGINS)[number];

const sourced = <Value extends v.GenericSchema>(value: Value) =>
  v.strictObject({ value, from: v.picklist(ORIGINS) });
const act = v.optional(sourced(v.picklist(ACTIONS)));
const rule = v.optional(
  v.strictObject({
    action: act,
    fixableOnly: v.optional(sourced(v.boolean())),
    graceDays: v.optional(sourced(v.number())),
  }),
);

/** How many findings of each severity may count, and who said so. */
export const EffectiveLimits = v.strictObject({
  critical: sourced(Limit),
  high: sourced(Limit),
  medium: sourced(Limit),
  low: sourced(Limit),
  informational: sourced(Limit),
  unknown: sourced(Limit),
});
export type EffectiveLimits = v.InferOutput<typeof EffectiveLimits>;

/** What a policy says besides limits; a rule that is not here blocks every finding at once, fixable or not. */
export const EffectiveRules = v.strictObject({
  rules: v.optional(
    v.strictObject({
      critical: rule,
      high: rule,
      medium: rule,
      low: rule,
      informational: rule,
      unknown: rule,
    }),
  ),
  overrides: v.optional(
    v.strictObject({
      kev: act,
      exploitAvailable: act,
      epss: v.optional(
        v.strictObject({ atLeast: sourced(v.number()), action: sourced(v.picklist(ACTIONS)) }),
      ),
      unknown: act,
    }),
  ),
  suppressedUpstream: v.optional(sourced(v.picklist(['count', 'report']))),
  severityFrom: v.optional(sourced(SeverityFrom)),
  baseline: v.optional(sourced(Baseline)),
  unscannable: v.optional(
    v.strictObject({
      terms: v.optional(sourced(UnscannableTerms)),
      allowance: v.optional(sourced(Unscannable)),
    }),
  ),
  terms: v.optional(sourced(WaiverTerms)),
  waivers: v.optional(v.array(sourced(Waiver))),
});
export type EffectiveRules = v.InferOutput<typeof EffectiveRules>;

export interface EffectivePolicy {
  readonly limits: EffectiveLimits;
  /** Absent where both sides name limits alone. */
  readonly rules?: EffectiveRules;
}

interface Sourced<T> {
  readonly value: T;
  readonly from: Origin;
}

/**
 * Floor ⊓ wish: of each value the stricter one, and whose it is. A wish that is looser than the floor anywhere is a
 * breach, never quietly ignored; a floor value holds wherever it was breached too.
 */
export function meetPolicies(
  floor: ScanFloor,
  wish: ScanWish | undefined,
): { readonly policy: EffectivePolicy; readonly breaches: readonly Mistake[] } {
  const breaches: Mistake[] = [];
  const stricter = strictly(breaches);
  const rules = mapSeverities((severity) => meetRule(floor[severity], wish?.[severity], severity, stricter));
  const shown = showRules(rules);
  const overrides = meetOverrides(floor.overrides, wish?.overrides, stricter);
  const upstream = stricter(
    'suppressedUpstream',
    floor.suppressedUpstream ?? 'count',
    wish?.suppressedUpstream,
    (value) => (value === 'count' ? 0 : 1),
  );
  const baseline = stricter('baseline', floor.baseline ?? 'none', wish?.baseline, (value) =>
    BASELINES.indexOf(value),
  );
  breaches.push(
    ...judgeSource(floor.severityFrom ?? 'inspector', wish?.severityFrom),
    ...judgeAllowance(floor.unscannable, wish?.unscannable),
    ...judgeWaivers(floor.waivers, wish?.waivers ?? []),
  );
  const unscannable = {
    ...(floor.unscannable && { terms: { value: floor.unscannable, from: 'floor' as const } }),
    ...(floor.unscannable &&
      wish?.unscannable && { allowance: { value: wish.unscannable, from: 'manifest' as const } }),
  };
  const more: EffectiveRules = {
    ...(shown && { rules: shown }),
    ...(overrides && { overrides }),
    ...(floor.suppressedUpstream !== undefined || upstream.from === 'manifest'
      ? { suppressedUpstream: upstream }
      : {}),
    ...(floor.severityFrom && { severityFrom: { value: floor.severityFrom, from: 'floor' as const } }),
    ...(floor.baseline !== undefined || baseline.from === 'manifest' ? { baseline } : {}),
    ...(Object.keys(unscannable).length > 0 && { unscannable }),
    ...(floor.waivers && { terms: { value: floor.waivers, from: 'floor' as const } }),
    ...(wish?.waivers && wish.waivers.length > 0
      ? { waivers: wish.waivers.map((value) => ({ value, from: 'manifest' as const })) }
      : {}),
  };
  return {
    policy: {
      limits: mapSeverities((severity) => rules[severity].maxCount),
      ...(Object.keys(more).length > 0 && { rules: more }),
    },
    breaches,
  };
}

/** The same policy without its origins, as the judge takes it. */
export function policyOf({ limits, rules: more }: EffectivePolicy): Policy {
  const { kev, exploitAvailable, epss, unknown } = more?.overrides ?? {};
  const { terms, allowance } = more?.unscannable ?? {};
  return {
    rules: mapSeverities((severity) => {
      const said = more?.rules?.[severity];
      return {
        action: said?.action?.value ?? STRICTEST.action,
        fixableOnly: said?.fixableOnly?.value ?? STRICTEST.fixableOnly,
        graceDays: said?.graceDays?.value ?? STRICTEST.graceDays,
        maxCount: limits[severity].value,
      };
    }),
    overrides: {
      ...(kev && { kev: kev.value }),
      ...(exploitAvailable && { exploitAvailable: exploitAvailable.value }),
      ...(epss && { epss: { atLeast: epss.atLeast.value, action: epss.action.value } }),
      unknown: unknown?.value ?? 'block',
    },
    suppressedUpstream: more?.suppressedUpstream?.value ?? 'count',
    ...(more?.severityFrom && { severityFrom: more.severityFrom.value }),
    ...(more?.baseline && { baseline: more.baseline.value }),
    ...(terms && allowance && { unscannable: { terms: terms.value, allowance: allowance.value } }),
    ...(more?.terms && { terms: more.terms.value }),
    waivers: (more?.waivers ?? []).map(({ value }) => value),
  };
}

type Stricter = <T extends string | number | boolean>(
  path: string,
  floor: T,
  wish: T | undefined,
  /** Smaller is stricter. */
  rank: (value: T) => number,
) => Sourced<T>;

function strictly(breaches: Mistake[]): Stricter {
  return (path, floor, wish, rank) => {
    if (wish === undefined || rank(wish) === rank(floor)) return { value: floor, from: 'floor' };
    if (rank(wish) < rank(floor)) return { value: wish, from: 'manifest' };
    breaches.push({
      path: `scan.${path}`,
      problem: `is ${wish}; it may only tighten the floor of ${floor}`,
    });
    return { value: floor, from: 'floor' };
  };
}

const byAction = (value: Action) => ACTIONS.indexOf(value);

type SourcedRule = { readonly [Key in keyof Rule]: Sourced<Rule[Key]> };

function meetRule(
  floor: Stated,
  wish: Stated | undefined,
  severity: Severity,
  stricter: Stricter,
): SourcedRule {
  const base = inFull(floor);
  const asked: Partial<Rule> =
    wish === undefined ? {} : typeof wish === 'object' ? given(wish) : inFull(wish);
  const limitPath = typeof wish === 'object' ? `${severity}.maxCount` : severity;
  return {
    action: stricter(`${severity}.action`, base.action, asked.action, byAction),
    fixableOnly: stricter(`${severity}.fixableOnly`, base.fixableOnly, asked.fixableOnly, Number),
    graceDays: stricter(`${severity}.graceDays`, base.graceDays, asked.graceDays, Number),
    maxCount: stricter(limitPath, base.maxCount, asked.maxCount, sizeOf),
  };
}

/** A rule as a floor means it: a part that is left out has its strictest value. */
export function inFull(stated: Stated): Rule {
  return typeof stated === 'object' ? { ...STRICTEST, ...given(stated) } : { ...STRICTEST, maxCount: stated };
}

/** Without the members that are there and undefined. */
function given(stated: Exclude<Stated, Limit>): Partial<Rule> {
  const { action, fixableOnly, graceDays, maxCount } = stated;
  return {
    ...(action !== undefined && { action }),
    ...(fixableOnly !== undefined && { fixableOnly }),
    ...(graceDays !== undefined && { graceDays }),
    ...(maxCount !== undefined && { maxCount }),
  };
}

/** Of each rule what is not as a plain limit would have it, or what the manifest made so. */
function showRules(rules: Readonly<Record<Severity, SourcedRule>>): EffectiveRules['rules'] {
  const shown: NonNullable<EffectiveRules['rules']> = {};
  for (const severity of SEVERITIES) {
    const { action, fixableOnly, graceDays } = rules[severity];
    const said = {
      ...(differs(action, STRICTEST.action) && { action }),
      ...(differs(fixableOnly, STRICTEST.fixableOnly) && { fixableOnly }),
      ...(differs(graceDays, STRICTEST.graceDays) && { graceDays }),
    };
    if (Object.keys(said).length > 0) shown[severity] = said;
  }
  return Object.keys(shown).length > 0 ? shown : undefined;
}

function differs<T>({ value, from }: Sourced<T>, usual: T): boolean {
  return value !== usual || from === 'manifest';
}

/** No override is the loosest; `report` is as loose in effect, and says so. */
function meetOverrides(
  floor: Overrides | undefined,
  wish: Overrides | undefined,
  stricter: Stricter,
): EffectiveRules['overrides'] {
  if (!floor && !wish) return undefined;
  const meet = (name: 'kev' | 'exploitAvailable') =>
    meetOptional(name, floor?.[name], wish?.[name], stricter);
  const kev = meet('kev');
  const exploitAvailable = meet('exploitAvailable');
  const epss = meetEpss(floor?.epss, wish?.epss, stricter);
  const asksNothing = !floor?.kev && !floor?.exploitAvailable && !floor?.epss;
  const unknown =
    floor?.unknown === undefined && asksNothing
      ? meetOptional('unknown', undefined, wish?.unknown, stricter)
      : stricter('overrides.unknown', floor?.unknown ?? 'block', wish?.unknown, byAction);
  return {
    ...(kev && { kev }),
    ...(exploitAvailable && { exploitAvailable }),
    ...(epss && { epss }),
    ...(unknown && { unknown }),
  };
}

function meetOptional(
  name: string,
  floor: Action | undefined,
  wish: Action | undefined,
  stricter: Stricter,
): Sourced<Action> | undefined {
  if (floor !== undefined) return stricter(`overrides.${name}`, floor, wish, byAction);
  return wish === undefined ? undefined : { value: wish, from: 'manifest' };
}

function meetEpss(floor: Overrides['epss'], wish: Overrides['epss'], stricter: Stricter) {
  if (!floor) {
    return wish
      ? {
          atLeast: { value: wish.atLeast, from: 'manifest' as const },
          action: { value: wish.action ?? ('block' as const), from: 'manifest' as const },
        }
      : undefined;
  }
  return {
    atLeast: stricter('overrides.epss.atLeast', floor.atLeast, wish?.atLeast, Number),
    action: stricter('overrides.epss.action', floor.action ?? 'block', wish?.action, byAction),
  };
}

/** No source is milder or stricter than another for every finding, so there is nothing to tighten. */
function judgeSource(floor: string, wish: string | undefined): readonly Mistake[] {
  if (wish === undefined || wish === floor) return [];
  const problem = `is ${wish}; whose severity counts is said by the floor alone, which says ${floor}`;
  return [{ path: 'scan.severityFrom', problem }];
}

function judgeAllowance(
  terms: UnscannableTerms | undefined,
  allowance: Unscannable | undefined,
): readonly Mistake[] {
  if (!allowance) return [];
  const at = (part: string) => `scan.unscannable${part}`;
  if (!terms)
    return [{ path: at(''), problem: 'is there, but the floor allows no image that nothing can inspect' }];
  const { approvedBy } = allowance;
  return [
    ...(terms.approvers.some((name) => samePerson(name, approvedBy))
      ? []
      : [
          {
            path: at('.approvedBy'),
            problem: `is ${approvedBy}; the floor lets approve: ${terms.approvers.join(', ')}`,
          },
        ]),
    ...(daysOf(allowance) > terms.maximumDays
      ? [
          {
            path: at('.expires'),
            problem: `is ${daysOf(allowance)} days long; the floor allows at most ${terms.maximumDays}`,
          },
        ]
      : []),
  ];
}

/** What is wrong with waivers before anything was found: what only a finding shows is judged against the finding. */
function judgeWaivers(terms: WaiverTerms | undefined, waivers: readonly Waiver[]): readonly Mistake[] {
  if (waivers.length === 0) return [];
  if (!terms) return [{ path: 'scan.waivers', problem: 'is there, but the floor allows no waivers' }];
  const most = longestOf(terms);
  return waivers.flatMap((waiver, index) => {
    const at = (part: string) => `scan.waivers.${index}.${part}`;
    const twin = waivers.findIndex((other) => sameScope(other, waiver));
    return [
      ...(terms.approvers.some((name) => samePerson(name, waiver.approvedBy))
        ? []
        : [
            {
              path: at('approvedBy'),
              problem: `is ${waiver.approvedBy}; the floor lets approve: ${terms.approvers.join(', ')}`,
            },
          ]),
      ...(daysOf(waiver) > most
        ? [
            {
              path: at('expires'),
              problem: `is ${daysOf(waiver)} days long; the floor allows at most ${most}`,
            },
          ]
        : []),
      ...((terms.nonWaivable ?? []).some((id) => sameId(id, waiver.id))
        ? [{ path: at('id'), problem: `is ${waiver.id}, which the floor lets nobody waive` }]
        : []),
      ...(twin < index ? [{ path: at('id'), problem: `is the same as scan.waivers.${twin}` }] : []),
    ];
  });
}

function sameScope(a: Waiver, b: Waiver): boolean {
  const scope = ({ id, package: name, repositories, paths = [] }: Waiver) =>
    JSON.stringify([id.toLowerCase(), name, repositories.toSorted(), paths.toSorted()]);
  return scope(a) === scope(b);
}
