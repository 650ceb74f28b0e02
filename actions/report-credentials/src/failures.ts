import { failures as ofContracts } from '@tenant-delivery/tenancy/failures';

/** The state of a credential is an outcome with a reason, not a failure of this action. */
export const failures = { credentialNotAgreed: ofContracts.credentialNotAgreed };
