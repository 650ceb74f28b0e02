import type { Plan } from '@tenant-delivery/deployment/plan/plan';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { MINUTE } from '@tenant-delivery/domain';
import type { Uncontracted } from '@tenant-delivery/tenancy/uncontracted';
import type { AloneWorld } from '../deploy-world.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { Serving } from '../plan/serving.ts';
import type { GivenAlone } from '../request/read-given.ts';
import { type Preflight, preflight } from './preflight.ts';

/** A deploy of a service that no contract is about, before anything is changed. */
export interface Alone {
  readonly ref: ServiceRef;
  readonly deployment: Deployment;
  readonly clearance: Uncontracted;
  readonly serving: Serving;
  readonly differences: Pick<Plan, 'taskDefinition' | 'service' | 'changes'>;
}

/** What a start needs, known at once; without a contract only what makes it possible is judged. */
export function preflightAlone(
  world: AloneWorld,
  given: GivenAlone,
  { ref, deployment }: Pick<Alone, 'ref' | 'deployment'>,
): Promise<Preflight> {
  const { service, current, wanted, update } = deployment;
  return preflight(world, {
    ref,
    agreed: undefined,
    mode: given.mode,
    service,
    current,
    wanted: wanted.document,
    members: update.members,
    alarms: [],
    ifInProgress: given['if-in-progress'],
    wait: given.wait === 'true' ? given['timeout-minutes'] * MINUTE : 0,
    recovers: false,
    waivers: given['waive-checks'],
  });
}
