import type { Mistake } from '@tenant-delivery/action-kit/document';
import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import type { EffectivePolicy, EffectiveRules, Sourced } from './effective-policy.ts';
import { judgeAllowance, judgeSource, judgeWaivers } from './judge-wish.ts';
import {
  ACTIONS,
  type Action,
  BASELINES,
  type Limit,
  mapSeverities,
  type Overrides,
  type Rule,
  type ScanFloor,
  type ScanWish,
  STRICTEST,
  type Stated,
  sizeOf,
} from './policy.ts';

/**
 * Combines floor and wish: the stricter of each two values, and who set it. A wish that is looser than the floor is a
 * breach, and is never quietly ignored; the floor's value holds there.
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

/** A rule in full, as in a floor: a part that is left out has its strictest value. */
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

/** The parts of each rule that differ from those of a plain limit, or that the manifest set. */
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

/** A missing override is the loosest. `report` has the same effect, and is visible. */
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
