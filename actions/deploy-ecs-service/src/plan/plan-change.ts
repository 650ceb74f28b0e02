import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { verifyRollback } from '@tenant-delivery/delivery/rollback-target';
import { breakerNotes } from '@tenant-delivery/deployment/plan/breaker-notes';
import { NOTHING_ASKED } from '@tenant-delivery/deployment/plan/nothing-asked';
import { canonicalJson, formatImage, isPreApproved } from '@tenant-delivery/domain';
import type { Decision } from '@tenant-delivery/evidence/change-event';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { PlanWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { type PreflightInputs, preflightChange } from '../preflight/preflight-change.ts';
import type { GivenContracted } from '../request/read-given.ts';
import { requestOf } from '../request/resolve-request.ts';
import { rollbackRequest } from '../request/rollback-request.ts';
import { migrationIn } from '../request/service-request.ts';
import { type ObservedChange, observeChange } from './observe-change.ts';
import { type Intent, type Prepared, prepare } from './prepare.ts';
import { recordPlan } from './record-plan.ts';
import { assertSteady } from './steady.ts';

const TAKEN_OVER: Decision = {
  result: 'allow',
  reasons: ['ROLLBACK_REFERENCES_VERIFIED'],
  note: 'The image was gated and verified here before, in the change that this one goes back to.',
};

/** Records what a deploy would do. Nothing is asked of ECS, ECR or the balancer but what is there. */
export async function planChange(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
  given: PreflightInputs & Pick<GivenContracted, 'serviceRequest'>,
): Promise<Outcome> {
  const { runner } = world;
  if (change.kind === 'rollback' && change.state === 'proposed') {
    await runner.group('Verify the record of the version to go back to', () =>
      takeOver(world, admission, change),
    );
  }
  const { prepared, notes } = await runner.group(
    'Look at the service and the image, and plan from what is there',
    () => planFromNow(world, admission, change, given.serviceRequest),
  );
  const { plan } = prepared;
  for (const note of [...plan.notes, ...notes]) runner.warning(note);
  const advice = breakerNotes(plan.target.service, prepared.service, prepared.update);
  for (const note of advice) runner.info(note);
  if (!plan.changes) await assertSteady(world, admission, prepared);
  const preflight = plan.changes
    ? await runner.group('Look at what the deploy needs', () =>
        preflightChange(world, { admission, change, resolved: prepared.resolved }, prepared, given, {
          images: new Map([[formatImage(prepared.image), prepared.stored]]),
        }),
      )
    : undefined;
  return runner.group(plan.changes ? 'Record the plan' : 'Record that nothing changes', () =>
    recordPlan(world, admission, change, { prepared, preflight, notes, advice }),
  );
}

/** The image of a rollback passed the gate in the change that it goes back to. */
async function takeOver(world: PlanWorld, admission: Admission, change: ChangeHandle): Promise<void> {
  const image = await verifyRollback(world, admission.target, change);
  const evidence = Object.fromEntries(
    ['image-record', 'verdict'].flatMap((name) => {
      const digest = change.evidence(name);
      return digest ? [[name, digest] as const] : [];
    }),
  );
  await change.append('gated', { image, evidence, decision: TAKEN_OVER });
  world.runner.info(`${formatImage(image)} was gated and verified here before`);
}

/** The plan of what is asked for, from what is there, and what its reader is to know beside it. */
async function planFromNow(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
  serviceRequest: GivenContracted['serviceRequest'],
): Promise<{ readonly prepared: Prepared; readonly notes: readonly string[] }> {
  const [asked, observed] = await Promise.all([
    requestOf(world, admission, serviceRequest),
    observeChange(world, admission, change),
  ]);
  const migration = migrationIn(serviceRequest);
  if (isPreApproved(change.kind)) assertNothingAsked(change, { request: asked, migration });
  const { request, notes } =
    change.kind === 'rollback'
      ? await rollbackRequest(world, admission, change, observed)
      : { request: asked, notes: [] };
  const prepared = await prepare(world, admission, change, observed, { request, migration });
  return { prepared, notes: [...notes, ...overdueVerdict(world, change, observed)] };
}

/** What takes a verdict over goes on with one that has run out, and says so: the way back is never shut. */
function overdueVerdict(
  { clock }: PlanWorld,
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
