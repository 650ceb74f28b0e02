import { compareFindings, deployedFindings, neededWaivers } from '@tenant-delivery/findings/compare-findings';
import { type EffectivePolicy, policyOf } from '@tenant-delivery/findings/effective-policy';
import { type Exploitation, exploitationByRow } from '@tenant-delivery/findings/exploitation';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { countByLayer } from '@tenant-delivery/findings/layers';
import type { Policy } from '@tenant-delivery/findings/policy';
import { findingsThatHang, type Judgement, judgeImage } from '@tenant-delivery/findings/verdict';
import type { WaiverPlace } from '@tenant-delivery/findings/waiver';
import type { AgainstRunning, Running } from './compare-with-running.ts';
import type { Found } from './find-change.ts';
import type { GateWorld } from './gate-world.ts';

/** What the findings come to, and what they were judged by. */
export interface Judged {
  readonly judgement: Judgement;
  readonly effective: EffectivePolicy;
  readonly policy: Policy;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
  /** Beside the version that runs, where there is one. */
  readonly against: AgainstRunning | undefined;
}

/** The image of a change, under the limits of its service. */
export async function judgeChange(
  world: GateWorld,
  { admission, record, resolved }: Found,
  children: readonly InspectedChild[],
  running: Running | undefined,
): Promise<Judged> {
  const { scan: limits, scanRules: rules } = resolved;
  const effective = { limits, ...(rules && { rules }) };
  const policy = policyOf(effective);
  const at = world.clock.now();
  const place = {
    repository: admission.names.repository,
    now: at,
    ...(running && {
      deployed: deployedFindings(running.findings),
      needed: neededWaivers(running.findings),
    }),
  };
  const judgement = await judgeFound(world, children, policy, place);
  const compared = running && compareFindings(judgement.rows, running.findings);
  const against = compared && {
    change: running.change,
    ...compared,
    freshBy: countByLayer(compared.fresh, record.layers),
  };
  return { judgement, effective, policy, at, against };
}

/** Judges what was found, once it was asked what is known of exploitation where that decides. */
export async function judgeFound(
  world: GateWorld,
  children: readonly InspectedChild[],
  policy: Policy,
  place: WaiverPlace,
): Promise<Judgement> {
  const exploitation = await exploitationOfAll(world, children, policy, place);
  return judgeImage(children, policy, place, exploitation);
}

/** What could not be learned stays unknown, and is said. */
async function exploitationOfAll(
  { runner, enrichment }: GateWorld,
  children: readonly InspectedChild[],
  policy: Policy,
  place: WaiverPlace,
): Promise<ReadonlyMap<string, Exploitation>> {
  const findings = findingsThatHang(children, policy, place);
  if (findings.length === 0) return new Map();
  const { enriched, troubles } = await enrichment.enrich(findings);
  runner.verbatim(
    troubles.map((trouble) => `Not known of every finding whether it is exploited: ${trouble}`),
  );
  return exploitationByRow(findings, enriched);
}
