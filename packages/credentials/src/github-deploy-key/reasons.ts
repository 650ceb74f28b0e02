import { DISTRIBUTION_REMEDIES } from '@tenant-delivery/rotation/distribution/reasons';
import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why the rotation of a deploy key stops and waits for somebody, and why one does not begin. */
const REMEDIES = {
  ...DISTRIBUTION_REMEDIES,
  ROTATION_STRANGER:
    "Find out from the facts who added this key under a title of ours. If nobody uses it, delete it on the repository's settings page; otherwise add it again under another title. Then run again.",
  ROTATION_OUTAGE:
    'Look at the deploy keys of the repository, and at what its organisation allows: the key in use was disabled. Enable it, because its users are probably failing.',
  ROTATION_KEY_GONE:
    'Somebody deleted a key that is in use. Add the public half from the facts to the repository again, or run again with `bootstrap: yes` to have a new one made.',
  ROTATION_CREATES_FAILED:
    'No new key could be put into escrow. Look at the health page of Secrets Manager and at the key of KMS, then run again.',
  ROTATION_NO_KEY: 'Run again with `bootstrap: yes` if the repository should get its first key.',
  ROTATION_UNMANAGED:
    'Ask the owner of this key. If they agree that it will be retired, run again with `adopt` and its fingerprint; with `bootstrap: yes` a new key is made and no other is touched.',
  ROTATION_REPOSITORY:
    'Compare the name of the repository with the contract, and give the App of the environment this repository.',
} as const;

export const { reason, hold } = withRemedies(REMEDIES);
