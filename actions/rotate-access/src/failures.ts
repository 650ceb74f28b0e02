import { failure } from '@tenant-delivery/action-kit/failure';
import { failures as ofRotations } from '@tenant-delivery/rotation/failures';

/** Every other end of this action is an outcome with a reason. */
export const failures = {
  journalBroken: ofRotations.journalBroken,
  rotationNotApproved: failure(
    'ROTATION_NOT_APPROVED',
    (credential: string, why: readonly string[]) => ({
      message: `The answer to a leak of ${credential}, or the acknowledgement for it, is not approved: ${why.join('; ')}. Nothing was changed.`,
      details: why,
    }),
    'Start a new run by hand, and have somebody else with an approval role in the contract approve it. Protect the approval environment with required reviewers, without self-review or bypass.',
  ),
};
