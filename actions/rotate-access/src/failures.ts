import { failures as ofRotations } from '@tenant-delivery/rotation/failures';

/** Everything else that this action ends with is an outcome with a reason. */
export const failures = { journalBroken: ofRotations.journalBroken };
