import { DAY, type Digest, isPreApproved } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import type { ChangeAdmission, ChangeHandle } from './change.ts';
import { failures } from './failures.ts';

/**
 * The digest of the plan that may be deployed now: planned, and approved by name unless the kind of the
 * change is its approval. An approval counts for as many days as the contract says.
 */
export function assertApproved(admission: ChangeAdmission, change: ChangeHandle, now: number): Digest {
  const planned = newest(change, 'planned');
  const plan = digestOfPlan(planned);
  if (!planned || !plan) throw failures.notApproved(change.id, `it is ${change.state} and has no plan`);
  const ready = isPreApproved(change.kind) ? 'planned' : 'approved';
  if (change.state !== ready && change.state !== 'deploying') {
    throw failures.notApproved(
      change.id,
      `it is ${change.state}, and only an ${ready} change is deployed`.replace('an planned', 'a planned'),
    );
  }
  if (isPreApproved(change.kind)) return plan;
  const named = digestOfPlan(newest(change, 'approved'));
  if (named !== plan) {
    throw failures.notApproved(
      change.id,
      `the approval names ${named ?? 'no plan'}, and the plan is ${plan}`,
    );
  }
  if (change.state !== 'deploying') assertStillApproved(admission, change, now);
  return plan;
}

/**
 * What was begun may always be followed; but an update that was never sent needs an approval that still counts, under the
 * contract that was approved.
 */
export function assertStillApproved(
  admission: ChangeAdmission,
  change: ChangeHandle,
  now: number,
  agreed = change.evidence('contract'),
): void {
  if (agreed !== admission.contractDigest) {
    throw failures.contractChanged(change.id, agreed ?? 'none that it names', admission.contractDigest);
  }
  if (isPreApproved(change.kind)) return;
  const approved = newest(change, 'approved');
  if (!approved) throw failures.notApproved(change.id, 'nobody approved it');
  const until = Date.parse(approved.occurredAt) + admission.environment.approval.days * DAY;
  if (!(now < until)) {
    throw failures.notApproved(change.id, `its approval was good until ${new Date(until).toISOString()}`);
  }
}

function newest(change: ChangeHandle, state: 'planned' | 'approved'): ChangeEvent | undefined {
  return change.events.findLast(({ transition }) => transition.to === state);
}

function digestOfPlan(event: ChangeEvent | undefined): Digest | undefined {
  return event?.plan ? `sha256:${event.plan.digest.sha256}` : undefined;
}
