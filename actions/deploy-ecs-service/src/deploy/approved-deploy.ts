import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { assertApproved } from '@tenant-delivery/delivery/approved-plan';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { observeVisibility, type Visibility } from '@tenant-delivery/deployment/follow/visibility';
import { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { Plan } from '@tenant-delivery/deployment/plan/plan';
import type { Digest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { PlanWorld } from '../deploy-world.ts';
import { type ObservedChange, observeChange } from '../plan/observe-change.ts';
import { observeService } from '../plan/observe-service.ts';
import { type Intent, type Prepared, prepare } from '../plan/prepare.ts';

/** A change that may be deployed: what was approved, and what is there now. */
export interface ApprovedDeploy {
  readonly admission: Admission;
  readonly change: ChangeHandle;
  readonly approved: Plan;
  readonly planDigest: Digest;
  readonly intent: Intent;
  readonly observed: ObservedChange;
  /** `undefined` when an earlier attempt may have begun: what was begun may always be followed. */
  readonly prepared: Prepared | undefined;
  readonly visibility: Visibility;
}

/** Reads what was approved and looks at what is there. Sends nothing that changes. */
export async function approvedDeploy(
  world: PlanWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<ApprovedDeploy> {
  const planDigest = assertApproved(admission, change, world.clock.now());
  const seen = observeService(world.services, admission);
  const [approved, request, observed, visibility] = await inOrder([
    change.document('plan', Plan),
    change.document('request', DeployRequest),
    observeChange(world, admission, change, seen),
    seen.then(({ service }) => observeVisibility(world, admission, service)),
  ]);
  const intent = { request, migration: approved.migration };
  const begun = change.state === 'deploying';
  const prepared = begun ? undefined : await prepare(world, admission, change, observed, intent);
  return { admission, change, approved, planDigest, intent, observed, prepared, visibility };
}
