import { whole } from '@tenant-delivery/action-kit/schema';
import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { Finding } from './finding.ts';
import type { SeveritySource } from './severity.ts';
import { Unscannable, UnscannableTerms } from './unscannable.ts';
import { Waiver, WaiverTerms } from './waiver.ts';

/** What becomes of findings that a rule counts, strictest first: a denial, a warning, a row in the report. */
export const ACTIONS = ['block', 'warn', 'report'] as const;
export type Action = (typeof ACTIONS)[number];

/** The most findings of a severity that an image may have. */
export const Limit = v.union(
  [whole(0, 1_000_000), v.literal('unlimited')],
  'must be a whole number or unlimited',
);
export type Limit = v.InferOutput<typeof Limit>;

const action = v.picklist(ACTIONS, 'must be block, warn or report');
const flag = v.boolean('must be true or false');

/** A rule in full. What it leaves out is the strictest in a floor, and the floor's in a wish. */
const StatedRule = v.strictObject({
  action: v.optional(action),
  /** Counts only findings that a newer version mends. */
  fixableOnly: v.optional(flag),
  /** Days after a finding was first observed in which it does not count. */
  graceDays: v.optional(whole(0, 365)),
  maxCount: v.optional(Limit),
});

/** A number is a rule too: block every finding beyond it, fixable or not, at once. */
const Stated = v.lazy((value) => (typeof value === 'object' && value !== null ? StatedRule : Limit));
export type Stated = v.InferOutput<typeof Stated>;

const Overrides = v.strictObject({
  /** For a finding of CISA's catalogue of exploited vulnerabilities. */
  kev: v.optional(action),
  exploitAvailable: v.optional(action),
  /** For a finding whose EPSS score (0 to 1) is at least this. */
  epss: v.optional(
    v.strictObject({
      atLeast: v.pipe(
        v.number('must be a number'),
        v.minValue(0, 'must be at least 0'),
        v.maxValue(1, 'must be at most 1'),
      ),
      action: v.optional(action),
    }),
  ),
  /** For a finding without a fact that an override needs; `block` by default. */
  unknown: v.optional(action),
});
export type Overrides = v.InferOutput<typeof Overrides>;

/** Whether findings that the registry's own suppression rules hide count like any other; `count` when it is not said. */
const SuppressedUpstream = v.picklist(['count', 'report'], 'must be count or report');
export type SuppressedUpstream = v.InferOutput<typeof SuppressedUpstream>;

/** Whose word a severity is: the registry's (Amazon Inspector's), the vendor's, or the worse of both. */
export const SeverityFrom = v.picklist(['inspector', 'vendor', 'max'], 'must be inspector, vendor or max');

/**
 * Whether a finding decides that the running version has too. Strictest first: all findings decide; new ones decide, and old
 * ones that are exploited, or critical and fixable; only new ones decide.
 */
export const BASELINES = ['none', 'deployed', 'all-deployed'] as const;
export const Baseline = v.picklist(BASELINES, 'must be none, deployed or all-deployed');
export type Baseline = v.InferOutput<typeof Baseline>;

const bySeverity = <Schema extends v.GenericSchema>(schema: Schema) =>
  ({
    critical: schema,
    high: schema,
    medium: schema,
    low: schema,
    informational: schema,
    unknown: schema,
  }) satisfies Record<Severity, Schema>;

/** The provider's floor: a rule for every severity, so that nothing is allowed by silence. */
export const ScanFloor = v.strictObject({
  ...bySeverity(Stated),
  overrides: v.optional(Overrides),
  suppressedUpstream: v.optional(SuppressedUpstream),
  /** `inspector` when it is not said. */
  severityFrom: v.optional(SeverityFrom),
  /** `none` when it is not said. */
  baseline: v.optional(Baseline),
  /** Where an image that no scanner understands may be used; nowhere when it is not said. */
  unscannable: v.optional(UnscannableTerms),
  /** What may be waived, by whom and for how long; nothing may when it is not said. */
  waivers: v.optional(WaiverTerms),
});
export type ScanFloor = v.InferOutput<typeof ScanFloor>;

/** A service's wish: any of the rules, each as strict as the floor or stricter, and waivers inside the floor's terms. */
export const ScanWish = v.strictObject({
  ...bySeverity(v.optional(Stated)),
  overrides: v.optional(Overrides),
  suppressedUpstream: v.optional(SuppressedUpstream),
  /** Must equal the floor's: another source may rate a finding milder, and no source is the stricter one everywhere. */
  severityFrom: v.optional(SeverityFrom),
  baseline: v.optional(Baseline),
  unscannable: v.optional(Unscannable),
  waivers: v.optional(v.array(Waiver, 'must be a list, whose items begin with `- `')),
});
export type ScanWish = v.InferOutput<typeof ScanWish>;

export interface Rule {
  readonly action: Action;
  readonly fixableOnly: boolean;
  readonly graceDays: number;
  readonly maxCount: Limit;
}

/** The policy that an image is judged by. */
export interface Policy {
  readonly rules: Readonly<Record<Severity, Rule>>;
  readonly overrides: {
    readonly kev?: Action;
    readonly exploitAvailable?: Action;
    readonly epss?: { readonly atLeast: number; readonly action: Action };
    readonly unknown: Action;
  };
  readonly suppressedUpstream: SuppressedUpstream;
  /** `inspector` when absent. */
  readonly severityFrom?: SeveritySource;
  /** `none` when absent. */
  readonly baseline?: Baseline;
  /** An allowance holds only where the floor's terms and the service's word are both there. */
  readonly unscannable?: { readonly terms: UnscannableTerms; readonly allowance: Unscannable };
  readonly terms?: WaiverTerms;
  readonly waivers: readonly Waiver[];
}

export type Limits = Readonly<Record<Severity, Limit>>;

/** A policy that knows limits alone. */
export function policyOfLimits(limits: Limits): Policy {
  return {
    rules: mapSeverities((severity) => ({ ...STRICTEST, maxCount: limits[severity] })),
    overrides: { unknown: 'block' },
    suppressedUpstream: 'count',
    waivers: [],
  };
}

/** Worst first, without the severity that may hide any of them. */
export const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'informational'] as const;

export function sizeOf(limit: Limit): number {
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit;
}

/** What a rule is where nothing is said. */
export const STRICTEST: Rule = { action: 'block', fixableOnly: false, graceDays: 0, maxCount: 0 };

export type Counts = Readonly<Record<Severity, number>>;

export function countFindings(findings: readonly Pick<Finding, 'severity'>[]): Counts {
  const counts = mapSeverities(() => 0);
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

export function mapSeverities<T>(of: (severity: Severity) => T): Record<Severity, T> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, of(severity)])) as Record<Severity, T>; // every severity is a key
}
