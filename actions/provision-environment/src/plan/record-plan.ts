import type { Outcome } from '@tenant-delivery/action-kit/main';
import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { type ChangeHandle, resumeChange } from '@tenant-delivery/delivery/change';
import { takePlace } from '@tenant-delivery/delivery/take-place';
import { canonicalJson, isEnd } from '@tenant-delivery/domain';
import { changesAnything } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { digestOf, putBytes } from '@tenant-delivery/vault/objects';
import { failures } from '../failures.ts';
import type { PlanWorld } from '../ports.ts';
import { sayRecovery } from '../recovery/look-at-recovery.ts';
import { planSummary } from '../report/plan-summary.ts';
import { dropChangeSets } from './drop-change-sets.ts';
import { otherChanges } from './judge-part.ts';
import type { ObservedPart } from './observe-stacks.ts';
import type { PlannedPart } from './plan-part.ts';

/** What the rules said before people are asked, as the record keeps it. */
function rulesOf({ part, target }: StacksAdmission, { kind }: ChangeHandle, refused: readonly string[]) {
  return { schemaVersion: 1, environment: target.environment, part, kind, refused };
}

/** Records why there is no plan. Nothing was changed, and nothing waits for anybody. */
export async function recordRefusal(
  admission: StacksAdmission,
  change: ChangeHandle,
  refused: readonly string[],
): Promise<Outcome> {
  const failure = failures.planRefused(change.id, refused);
  await change.append('denied', {
    documents: { rules: rulesOf(admission, change, refused) },
    decision: { result: 'deny', reasons: [failure.code], note: refused.join('; ').slice(0, 2000) },
  });
  const headline = `${change.id} is refused: ${refused.length === 1 ? refused[0] : `${refused.length} things speak against it`}.`;
  return {
    outcome: 'denied',
    reasonCode: failure.code,
    ok: false,
    headline: refused.length === 1 ? headline : `${headline} ${refused.join('; ')}`,
    remedy: failure.remedy,
    facts: { change: change.id, refused },
    summary: [
      `### Refused: ${escapeMarkdown(`${admission.part} of ${admission.contract.id}/${admission.target.environment}`)}`,
      refused.map((why) => `- ${escapeMarkdown(why)}`).join('\n'),
      `**What to do:** ${escapeMarkdown(failure.remedy)}`,
    ].join('\n\n'),
  };
}

/** Records the plan with its templates, takes the place of older ones, and says whether people are to approve it. */
export async function recordPlan(
  world: PlanWorld,
  admission: StacksAdmission,
  change: ChangeHandle,
  { plan, drafts, observed }: PlannedPart,
): Promise<Outcome> {
  const { runner, vault } = world;
  const digest = digestOf(canonicalJson(plan));
  const outcome = changesAnything(plan) ? 'planned' : 'unchanged';
  const bodies = drafts.flatMap(({ body }) => (body === undefined ? [] : [Buffer.from(body)]));
  await Promise.all(bodies.map((body) => putBytes(vault, body)));
  await change.append('gated', {
    documents: { rules: rulesOf(admission, change, []) },
    decision: {
      result: 'allow',
      reasons: ['RULES_MET'],
      note: 'No stack is in the way, and nothing that has data or serves is replaced.',
    },
  });
  await change.append(outcome, { plan: digest, documents: { plan } });
  const place = await takePlace(world, admission, change);
  await dropOthers(world, admission, observed);
  const superseded = place.kind === 'superseded';
  if (superseded) await dropChangeSets(world, plan.stacks, change.id);
  const needsApproval = outcome === 'planned' && !superseded;
  runner.output('plan', digest);
  runner.output('needs-approval', String(needsApproval));
  const what = `${admission.part} of ${plan.tenant}/${plan.environment}`;
  if (superseded) {
    return {
      outcome: 'superseded',
      reasonCode: 'CHANGE_SUPERSEDED',
      ok: true,
      headline: `${change.id} gives way: ${place.note}`,
      facts: { change: change.id, plan: digest, needsApproval },
      summary: `### Superseded: ${escapeMarkdown(what)}\n\n${escapeMarkdown(place.note)}`,
    };
  }
  const missing = (plan.recovery ?? []).filter(({ state }) => state !== 'ready').map(sayRecovery);
  const waits = missing.length > 0 ? ` The administrator has something to do: ${missing.join('; ')}.` : '';
  if (waits !== '') runner.warning(waits.trim());
  const said =
    outcome === 'planned'
      ? `${change.id} would ${plan.kind === 'withdrawal' ? 'withdraw' : 'change'} ${what}.`
      : `${what} is as the contract says; nothing to do.`;
  return {
    outcome,
    reasonCode: waits !== '' && outcome === 'unchanged' ? 'RECOVERY_NOT_READY' : 'OK',
    ok: true,
    headline: `${said}${waits}`,
    facts: { change: change.id, plan: digest, needsApproval, withdrawn: place.withdrawn },
    summary: planSummary(change.id, digest, plan, admission.environment.approval),
  };
}

/** Change sets of earlier changes that have ended in the meantime: a plan that nobody approved leaves nothing behind. */
async function dropOthers(
  world: PlanWorld,
  admission: StacksAdmission,
  observed: ObservedPart,
): Promise<void> {
  const stacks = observed.stacks.map(({ wanted }) => wanted);
  for (const id of otherChanges(observed)) {
    const { state } = await resumeChange(world, admission, id);
    if (isEnd(state)) await dropChangeSets(world, stacks, id);
  }
}
