import type { Outcome } from '@tenant-delivery/action-kit';
import { type Admission, type ChangeHandle, takePlace, verifyRollback } from '@tenant-delivery/delivery';
import { breakerNotes, NOTHING_ASKED } from '@tenant-delivery/deployment';
import { canonicalJson, formatImage, isPreApproved } from '@tenant-delivery/domain';
import type { Decision } from '@tenant-delivery/evidence';
import { putDocument } from '@tenant-delivery/vault';
import type { DeployWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { type PreflightInputs, preflightChange } from '../preflight/preflight-change.ts';
import type { GivenContracted } from '../request/read-given.ts';
import { requestOf } from '../request/resolve-request.ts';
import { rollbackRequest } from '../request/rollback-request.ts';
import { migrationIn } from '../request/service-request.ts';
import { type ObservedChange, observeChange } from './observe-change.ts';
import { planSummary } from './plan-summary.ts';
import { type Intent, prepare } from './prepare.ts';
import { assertSteady } from './steady.ts';
import { reportSuperseded, sayPlace } from './succession.ts';

const TAKEN_OVER: Decision = {
  result: 'allow',
  reasons: ['ROLLBACK_REFERENCES_VERIFIED'],
  note: 'The image was gated and verified here before, in the change that this one goes back to.',
};

/** Records what a deploy would do. Nothing is asked of ECS, ECR or the balancer but what is there. */
export async function planChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  given: PreflightInputs & Pick<GivenContracted, 'serviceRequest'>,
): Promise<Outcome> {
  const { runner, vault } = world;
  if (change.kind === 'rollback' && change.state === 'proposed') {
    await runner.group('Verify the record of the version to go back to', async () => {
      const image = await verifyRollback(world, admission.target, change);
      const evidence = Object.fromEntries(
        ['image-record', 'verdict'].flatMap((name) => {
          const digest = change.evidence(name);
          return digest ? [[name, digest] as const] : [];
        }),
      );
      await change.append('gated', { image, evidence, decision: TAKEN_OVER });
      runner.info(`${formatImage(image)} was gated and verified here before`);
    });
  }
  const { request, notes, prepared } = await runner.group(
    'Look at the service and the image, and plan from what is there',
    async () => {
      const [asked, observed] = await Promise.all([
        requestOf(world, admission, given.serviceRequest),
        observeChange(world, admission, change),
      ]);
      const migration = migrationIn(given.serviceRequest);
      if (isPreApproved(change.kind)) assertNothingAsked(change, { request: asked, migration });
      const { request, notes } =
        change.kind === 'rollback'
          ? await rollbackRequest(world, admission, change, observed)
          : { request: asked, notes: [] };
      const prepared = await prepare(world, admission, change, observed, { request, migration });
      return { request, notes: [...notes, ...overdueVerdict(world, change, observed)], prepared };
    },
  );
  const { plan } = prepared;
  for (const note of [...plan.notes, ...notes]) runner.warning(note);
  const advice = breakerNotes(plan.target.service, prepared.service, prepared.update);
  for (const note of advice) runner.info(note);
  if (!plan.changes) await assertSteady(world, admission, prepared);
  const looked = plan.changes
    ? await runner.group('Look at what the deploy needs', () =>
        preflightChange(world, { admission, change, resolved: prepared.resolved }, prepared, given, {
          images: new Map([[formatImage(prepared.image), prepared.stored]]),
        }),
      )
    : undefined;
  return runner.group(plan.changes ? 'Record the plan' : 'Record that nothing changes', async () => {
    const [digest, named, preflight] = await Promise.all([
      putDocument(vault, plan),
      putDocument(vault, request),
      looked && putDocument(vault, looked.report(change.id)),
    ]);
    await change.append(plan.changes ? 'planned' : 'unchanged', {
      plan: digest,
      evidence: { plan: digest, request: named, ...(preflight && { preflight }) },
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
    return {
      outcome: plan.changes ? 'planned' : 'unchanged',
      reasonCode: 'OK',
      ok: true,
      headline: plan.changes
        ? `${change.id} would bring ${plan.image.to} to ${plan.target.service}.`
        : `${plan.target.service} already runs ${plan.image.to}; nothing to do.`,
      facts: {
        change: change.id,
        plan: digest,
        needsApproval,
        changes: plan.changes,
        image: plan.image,
        withdrawn: place.withdrawn,
      },
      summary: [
        planSummary(change.id, digest, plan, [...notes, ...advice, ...beside]),
        ...(looked ? [looked.summary] : []),
      ].join('\n\n'),
    };
  });
}

/** What takes a verdict over goes on with one that has run out, and says so: the way back is never shut. */
function overdueVerdict(
  { clock }: DeployWorld,
  { kind }: ChangeHandle,
  { verdict, image }: ObservedChange,
): readonly string[] {
  if (!isPreApproved(kind) || clock.now() < Date.parse(verdict.validUntil)) return [];
  return [
    `The verdict on ${formatImage(image)} was good until ${verdict.validUntil}: what was found since has not been judged. Deliver a judged image as soon as the service is well.`,
  ];
}

/** What is approved by its kind was approved before: whatever else was asked for would be approved by nobody. */
function assertNothingAsked({ kind }: ChangeHandle, { request, migration }: Intent): void {
  if (canonicalJson(request) === canonicalJson(NOTHING_ASKED) && migration === null) return;
  const brings = kind === 'rollback' ? 'a rollback restores' : 'an exercise brings';
  throw failures.requestInvalid([`${brings} what was verified: ask for nothing beside it`]);
}
