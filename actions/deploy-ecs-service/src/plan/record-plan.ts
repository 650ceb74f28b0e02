import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { takePlace } from '@tenant-delivery/delivery/take-place';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { canonicalJson } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Preflight } from '../preflight/preflight.ts';
import { planSummary } from './plan-summary.ts';
import type { Prepared } from './prepare.ts';
import { reportSuperseded, sayPlace } from './succession.ts';

/** A plan that is to be recorded, with the preflight of it and what its reader is to know. */
interface PlanToRecord {
  readonly prepared: Prepared;
  readonly preflight: Preflight | undefined;
  readonly notes: readonly string[];
  readonly advice: readonly string[];
}

/** Records a plan, takes the place of older ones that wait, and says whether people are to approve it. */
export async function recordPlan(
  world: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
  { prepared, preflight, notes, advice }: PlanToRecord,
): Promise<Outcome> {
  const { runner } = world;
  const { plan, request } = prepared;
  const digest = digestOf(canonicalJson(plan));
  const outcome = plan.changes ? 'planned' : 'unchanged';
  await change.append(outcome, {
    plan: digest,
    documents: { plan, request, ...(preflight && { preflight: preflight.report(change.id) }) },
  });
  const place = await takePlace(world, admission, change);
  const superseded = place.kind === 'superseded';
  const needsApproval = plan.changes && plan.class === 'normal' && !superseded;
  runner.output('plan', digest);
  runner.output('needs-approval', String(needsApproval));
  runner.output('revision', plan.taskDefinition.from);
  if (superseded) return reportSuperseded(change, plan, place.note);
  const beside = sayPlace(place);
  for (const line of beside) runner.info(line);
  const { changes, image, target } = plan;
  return {
    outcome,
    reasonCode: 'OK',
    ok: true,
    headline: changes
      ? `${change.id} would bring ${image.to} to ${target.service}.`
      : `${target.service} already runs ${image.to}; nothing to do.`,
    facts: { change: change.id, plan: digest, needsApproval, changes, image, withdrawn: place.withdrawn },
    summary: planSummary(change.id, digest, plan, {
      approval: admission.environment.approval,
      notes: [...notes, ...beside],
      advice,
      preflight,
    }),
  };
}
