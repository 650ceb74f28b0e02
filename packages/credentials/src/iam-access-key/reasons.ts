import { DISTRIBUTION_REMEDIES } from '@tenant-delivery/rotation/distribution/reasons';
import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why a rotation stops and waits for somebody, and why one does not begin. Each has a page in `docs/failures`. */
const REMEDIES = {
  ...DISTRIBUTION_REMEDIES,
  ROTATION_STRANGER:
    'Find out from the facts who made this key and who uses it. When nobody does, let its owner delete it, or make it Inactive and run again with `resolve` naming its fingerprint.',
  ROTATION_UNATTRIBUTED:
    'Look for the CreateAccessKey event of this key in CloudTrail. When it was this rotation, make the key Inactive and delete it; when it was somebody else, ask them. Then run again.',
  ROTATION_OUTAGE:
    'Make the key that is in escrow Active again, for its users are probably failing. Then find out who disabled it.',
  ROTATION_KEY_GONE:
    'Somebody deleted a key that is in use. Put a working pair into escrow as AWSCURRENT, or delete what is left and run again with `bootstrap: yes`.',
  ROTATION_CREATES_FAILED:
    'CreateAccessKey was tried several times without an answer that could be kept. Look at the health page of IAM, then run again.',
  ROTATION_NO_KEY: 'Run again with `bootstrap: yes` when the user should get its first key.',
  ROTATION_UNMANAGED:
    'Ask the owner of this key. When they agree that it will be retired, run again with `adopt` naming its fingerprint.',
  ROTATION_SELF: 'Run this action as a role that is not the user whose key rotates.',
  ROTATION_USER: 'Compare the name of the user with the account that the credentials belong to.',
} as const;

export type ReasonCode = keyof typeof REMEDIES;

export const { reason, hold } = withRemedies(REMEDIES);
