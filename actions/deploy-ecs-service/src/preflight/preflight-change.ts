import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { isPreApproved, MINUTE } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import type { PreflightWorld } from '../deploy-world.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { GivenContracted } from '../request/read-given.ts';
import { type Preflight, preflight } from './preflight.ts';
import { agreedPlacement, type KnownAnswers } from './subject.ts';

/** What of a delivery's inputs a preflight is about. */
export type PreflightInputs = Pick<
  GivenContracted,
  'mode' | 'timeout-minutes' | 'if-in-progress' | 'waive-checks'
>;

/** The change, with what its manifest and its contract say. */
export interface PreflightOf {
  readonly admission: Admission;
  readonly change: Pick<ChangeHandle, 'kind'>;
  readonly resolved: Pick<ResolvedService, 'alarms'>;
}

/** A preflight of what a change is about to do, under its contract. */
export function preflightChange(
  world: PreflightWorld,
  { admission, change, resolved }: PreflightOf,
  { service, current, wanted, update }: Deployment,
  given: PreflightInputs,
  known?: KnownAnswers,
): Promise<Preflight> {
  return preflight(world, {
    ref: admission,
    agreed: agreedPlacement(admission),
    mode: given.mode,
    service,
    current,
    wanted: wanted.document,
    members: update.members,
    known,
    alarms: (resolved.alarms ?? []).map(({ value }) => value),
    ifInProgress: given['if-in-progress'],
    wait: given['timeout-minutes'] * MINUTE,
    recovers: isPreApproved(change.kind),
    waivers: given['waive-checks'],
  });
}
