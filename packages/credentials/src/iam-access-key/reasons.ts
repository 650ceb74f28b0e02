import { DISTRIBUTION_REMEDIES } from '@tenant-delivery/rotation/distribution/reasons';
import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why a rotation stops and waits for somebody, and why one does not begin. Each has a page in `docs/failures`. */
const REMEDIES = {
  ...DISTRIBUTION_REMEDIES,
  ROTATION_STRANGER:
    'Find out from the facts who made this key and who uses it. If nobody does, have its owner delete it, or make it Inactive and run again with `resolve` and its fingerprint.',
  ROTATION_UNATTRIBUTED:
    'Look for the CreateAccessKey event of this key in CloudTrail. If this rotation made it, make the key Inactive and delete it; if somebody else did, ask them. Then run again.',
  ROTATION_OUTAGE:
    'Make the key in escrow Active again, because its users are probably failing. Then find out who disabled it.',
  ROTATION_KEY_GONE:
    'Somebody deleted a key that is in use. Put a working pair into escrow as AWSCURRENT, or delete what is left and run again with `bootstrap: yes`.',
  ROTATION_CREATES_FAILED:
    'CreateAccessKey was tried several times without an answer that could be kept. Look at the health page of IAM, then run again.',
  ROTATION_NO_KEY: 'Run again with `bootstrap: yes` if the user should get its first key.',
  ROTATION_UNMANAGED:
    'Ask the owner of this key. If they agree that it will be retired, run again with `adopt` and its fingerprint.',
  ROTATION_SELF: 'Run this action as a role that is not the user whose key rotates.',
  ROTATION_USER: 'Compare the name of the user with the account that the credentials belong to.',
} as const;

export type ReasonCode = keyof typeof REMEDIES;

export const { reason, hold } = withRemedies(REMEDIES);
