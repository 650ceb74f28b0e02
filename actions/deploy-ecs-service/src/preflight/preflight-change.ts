import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import { isPreApproved, MINUTE } from '@tenant-delivery/domain';
import type { ResolvedService } from '@tenant-delivery/tenancy';
import type { DeployWorld } from '../deploy-world.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { GivenContracted } from '../request/read-given.ts';
import { agreedPlacement, type KnownAnswers, type Preflight, preflight } from './preflight.ts';

/** What of a delivery's inputs a preflight is about. */
export type PreflightInputs = Pick<
  GivenContracted,
  'mode' | 'timeout-minutes' | 'if-in-progress' | 'waive-checks'
>;

/** A preflight of what a change is about to do, under its contract. */
export function preflightChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  { alarms = [] }: Pick<ResolvedService, 'alarms'>,
  { service, current, wanted, update }: Deployment,
  given: PreflightInputs,
  looked?: KnownAnswers,
): Promise<Preflight> {
  return preflight(world, {
    place: admission,
    agreed: agreedPlacement(admission),
    mode: given.mode,
    service,
    current,
    wanted: wanted.document,
    members: update.members,
    looked,
    alarms: alarms.map(({ value }) => value),
    ifInProgress: given['if-in-progress'],
    wait: given['timeout-minutes'] * MINUTE,
    recovers: isPreApproved(change.kind),
    waivers: given['waive-checks'],
  });
}
