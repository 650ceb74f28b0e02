import type { Check, Verdict } from './check.ts';
import { CHECKS, type CheckDefinition, type Facts } from './checks.ts';

/** A check that was accepted beforehand, and why. */
export interface Waiver {
  readonly id: string;
  readonly reason: string;
}

export interface Judging {
  /** A rollback or a recovery: a check that cannot be made does not hold it up, nor does a fault that it may fix. */
  readonly recovers: boolean;
  /** A plan; its deploy comes later. */
  readonly plans: boolean;
  readonly waivers: readonly Waiver[];
}

/** Every check that applies. An unknown of a blocking check blocks, unless the check says why not. */
export function judgeAll(facts: Facts, judging: Judging): readonly Check[] {
  return CHECKS.flatMap((definition) => {
    const verdict = definition.judge(facts);
    return verdict ? [checkOf(definition, verdict, judging)] : [];
  });
}

function checkOf(definition: CheckDefinition, verdict: Verdict, judging: Judging): Check {
  const { id, owner, severity, expected } = definition;
  const waiver =
    verdict.result !== 'pass' && severity === 'warn'
      ? judging.waivers.find((each) => each.id === id)
      : undefined;
  return {
    id,
    owner,
    severity,
    result: waiver ? 'waived' : verdict.result,
    expected,
    observed: verdict.observed,
    remedy: remedyOf(definition, verdict),
    blocks: severity === 'block' && blocks(definition, verdict, judging),
    ...(waiver && { waiver: waiver.reason }),
  };
}

function blocks(definition: CheckDefinition, verdict: Verdict, { recovers, plans }: Judging): boolean {
  if (plans && definition.planPasses) return false;
  switch (verdict.result) {
    case 'pass':
      return false;
    case 'unknown':
      return !recovers && definition.unknownPasses === undefined;
    case 'fail':
      return !(recovers && definition.recoveryPasses);
  }
}

function remedyOf({ unknownPasses }: CheckDefinition, verdict: Verdict): string {
  if (verdict.result === 'pass') return '';
  if (verdict.result === 'fail') return verdict.remedy;
  const see = verdict.missing
    ? `Allow ${verdict.missing} to the role of this step, as templates/iam/permissions does.`
    : 'Run again when it can be seen.';
  return unknownPasses ? `${see} It does not stop a deploy: ${unknownPasses}.` : see;
}
