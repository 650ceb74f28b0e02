import { failure } from '@tenant-delivery/action-kit/failure';
import { failures as ofRotations } from '@tenant-delivery/rotation/failures';

/** Every other end of this action is an outcome with a reason. */
export const failures = {
  journalBroken: ofRotations.journalBroken,
  grantNotApproved: failure(
    'GRANT_NOT_APPROVED',
    (why: readonly string[]) => `The grant is not approved: ${why.join('; ')}. Nothing was changed.`,
    'Start a new run, and have as many people approve it as the contract says: not the person who asks, and nobody without an approval role. Protect both environments with required reviewers, without self-review or bypass.',
  ),
};
