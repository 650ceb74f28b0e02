import type { Mistake } from '@tenant-delivery/action-kit/document';
import { SEVERITIES } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { EffectivePolicy, Origin } from './effective-policy.ts';
import { lintFloor } from './lint-floor.ts';
import { meetPolicies } from './meet-policies.ts';
import { mapSeverities, type ScanFloor, ScanWish } from './policy.ts';
import { UnscannableTerms } from './unscannable.ts';
import { WaiverTerms } from './waiver.ts';

/** `scan-policy.yaml`: a service's scan policy in a file of its own. Under a contract a wish; without one all there is. */
export const ScanPolicyFile = v.strictObject({
  schemaVersion: v.literal(1, 'must be 1'),
  ...ScanWish.entries,
  /** What a contract's floor says about waivers. Only where there is no contract. */
  terms: v.optional(
    v.strictObject({ waivers: v.optional(WaiverTerms), unscannable: v.optional(UnscannableTerms) }),
  ),
});
export type ScanPolicyFile = v.InferOutput<typeof ScanPolicyFile>;

/** The file as a wish, which the floor of a contract bounds. */
export function wishOf({ schemaVersion: _, terms, ...wish }: ScanPolicyFile): {
  readonly wish: ScanWish;
  readonly mistakes: readonly Mistake[];
} {
  const problem = "is there; under a contract its floor says that, and a service's policy cannot";
  return { wish, mistakes: terms ? [{ path: 'terms', problem }] : [] };
}

/**
 * The file as the whole policy. A value that it leaves out is the strictest. Contradictions, and what only a contract can
 * say, are mistakes.
 */
export function policyAlone(file: ScanPolicyFile): {
  readonly policy: EffectivePolicy;
  readonly mistakes: readonly Mistake[];
} {
  const { schemaVersion: _, terms, waivers, unscannable, ...said } = file;
  const floor: ScanFloor = {
    ...said,
    ...mapSeverities((severity) => said[severity] ?? 0),
    ...(terms?.waivers && { waivers: terms.waivers }),
    ...(terms?.unscannable && { unscannable: terms.unscannable }),
  };
  const { policy, breaches } = meetPolicies(floor, {
    ...(waivers && { waivers }),
    ...(unscannable && { unscannable }),
  });
  const silent = SEVERITIES.filter((severity) => said[severity] === undefined);
  return {
    policy: renamed(policy, silent),
    mistakes: [
      ...breaches.map(({ path, problem }) => ({
        path: path.replace(/^scan\./, ''),
        problem: problem.replace('the floor', '`terms`'),
      })),
      ...lintFloor(floor).map((told) => contradiction(told, silent)),
      ...(file.baseline === undefined || file.baseline === 'none'
        ? []
        : [
            {
              path: 'baseline',
              problem: `is ${file.baseline}; without a contract there is no record of what runs, so leave it out`,
            },
          ]),
    ],
  };
}

/** `high: allows more than medium does, though it is worse`, and that medium is not said. */
function contradiction(told: string, silent: readonly string[]): Mistake {
  const [path = '', ...words] = told.split(': ');
  const problem = words.join(': ');
  const left = silent.find((severity) => problem.includes(` than ${severity} does`));
  return { path, problem: left ? `${problem}; ${left} is not said, so it allows none` : problem };
}

/** Names the origins of a policy without a floor: the file, or the default, which is the strictest. */
function renamed(policy: EffectivePolicy, silent: readonly string[]): EffectivePolicy {
  const limits = mapSeverities((severity) => ({
    value: policy.limits[severity].value,
    from: silent.includes(severity) ? ('default' as const) : ('policy' as const),
  }));
  return { limits, ...(policy.rules && { rules: ofTheFile(policy.rules) as typeof policy.rules }) }; // only origins differ
}

function ofTheFile(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(ofTheFile);
  if ('value' in node && 'from' in node) return { value: node.value, from: 'policy' satisfies Origin };
  return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, ofTheFile(member)]));
}
