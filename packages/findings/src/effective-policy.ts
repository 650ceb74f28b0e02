import * as v from 'valibot';
import { ACTIONS, Baseline, Limit, mapSeverities, type Policy, SeverityFrom, STRICTEST } from './policy.ts';
import { Unscannable, UnscannableTerms } from './unscannable.ts';
import { Waiver, WaiverTerms } from './waiver.ts';

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

export interface Sourced<T> {
  readonly value: T;
  readonly from: Origin;
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
