import type { Check, Severity, Verdict } from './check.ts';
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

/** Without a contract, only what AWS would refuse or could never start stops a deploy. */
interface Under extends Judging {
  readonly contracted: boolean;
}

/** Every check that applies. Under a contract an unknown of a blocking check blocks, unless the check says why not. */
export function judgeAll(facts: Facts, judging: Judging): readonly Check[] {
  return CHECKS.flatMap((definition) => {
    const verdict = definition.judge(facts);
    return verdict ? [checkOf(definition, verdict, { ...judging, contracted: facts.contracted })] : [];
  });
}

function checkOf(definition: CheckDefinition, verdict: Verdict, judging: Under): Check {
  const { id, owner, expected } = definition;
  const severity = severityOf(definition, verdict, judging);
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
    remedy: remedyOf(definition, verdict, judging),
    blocks: severity === 'block' && blocks(definition, verdict, judging),
    ...(waiver && { waiver: waiver.reason }),
  };
}

function severityOf({ severity, alone }: CheckDefinition, verdict: Verdict, { contracted }: Under): Severity {
  if (verdict.result === 'fail' && verdict.warns) return 'warn';
  if (contracted) return severity;
  return verdict.result === 'unknown' || alone === 'warn' ? 'warn' : severity;
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

function remedyOf({ unknownPasses }: CheckDefinition, verdict: Verdict, { contracted }: Under): string {
  if (verdict.result === 'pass') return '';
  if (verdict.result === 'fail') return verdict.remedy;
  const see = verdict.missing
    ? `Allow ${verdict.missing} to the role of this step, as ${contracted ? 'templates/iam/permissions' : 'the policy on the page of deploy-ecs-service'} does.`
    : 'Run again when it can be seen.';
  return unknownPasses ? `${see} It does not stop a deploy: ${unknownPasses}.` : see;
}
