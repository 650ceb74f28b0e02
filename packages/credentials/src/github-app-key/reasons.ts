import { DISTRIBUTION_REMEDIES } from '@tenant-delivery/rotation/distribution/reasons';
import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why the rotation of an App's key stops and waits for somebody, and why one does not begin. */
const REMEDIES = {
  ...DISTRIBUTION_REMEDIES,
  ROTATION_DRAIN_OVERDUE:
    "Have the consumers in the facts take the new key from escrow and acknowledge it, then delete the old key on the App's settings page. Or allow more days.",
  ROTATION_KEY_GONE:
    'Make a new private key on the settings page of the App, and put the file into the escrow secret as a version labelled TDPENDING. Then run again.',
  ROTATION_NO_KEY:
    'Make a private key on the settings page of the App, and put the file into the escrow secret as its first version. Then run again.',
  ROTATION_STAGED_KEY:
    'Put the file that GitHub let you download when the key was made into the escrow secret, whole and unchanged, as a version labelled TDPENDING. Then run again.',
} as const;

export const { reason, hold } = withRemedies(REMEDIES);
