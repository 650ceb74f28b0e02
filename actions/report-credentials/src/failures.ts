import { failures as ofContracts } from '@tenant-delivery/tenancy/failures';

/** What a credential is found to be is an outcome with a reason, and no failure of this action. */
export const failures = { credentialNotAgreed: ofContracts.credentialNotAgreed };
