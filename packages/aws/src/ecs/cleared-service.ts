import { type Clearance, requireClearance } from '@tenant-delivery/tenancy/clearance';
import { requireUncontractedClearance, type Uncontracted } from '@tenant-delivery/tenancy/uncontracted';

/** The right to change one service: by its contract, or because no contract is about it. */
export type ServiceClearance = Clearance<'service'> | Uncontracted;

export interface ClearedService {
  readonly cluster: string;
  readonly service: string;
}

/** The one service that a clearance is about. Throws for one that nobody gave, or that is too old. */
export function clearedService(clearance: ServiceClearance, now: number): ClearedService {
  if ('names' in clearance) {
    requireClearance(clearance, now);
    return { cluster: clearance.names.cluster, service: clearance.target.service };
  }
  requireUncontractedClearance(clearance, now);
  return { cluster: clearance.cluster, service: clearance.service };
}
