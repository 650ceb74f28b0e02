import { failures as ofContracts } from '@tenant-delivery/tenancy/failures';

/** What differs is an outcome with a reason, not a failure of this action. */
export const failures = {
  contractInvalid: ofContracts.contractInvalid,
  contractForeign: ofContracts.contractForeign,
};
