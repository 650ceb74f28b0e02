import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why a rotation of an upstream credential stops and waits for somebody. Each has a page in `docs/failures`. */
const REMEDIES = {
  ROTATION_VALUE_AWAITED:
    'Make a new credential at the upstream registry, and put it into the secret as a version with the single label TDPENDING (`aws secretsmanager put-secret-value --version-stages TDPENDING`). Never pass it as an input.',
  ROTATION_UPSTREAM_REFUSED:
    'The upstream registry does not accept the new credential, and the previous one is current again. Make another one, and put it into the secret as a version with the label TDPENDING.',
  ROTATION_UPSTREAM_LOST:
    'Images no longer come through this cache: put a working credential into the secret as a version with the label TDPENDING, and run again at once. Perhaps the new one was revoked in place of the old one.',
  ROTATION_CACHE_RULE:
    'Compare the rule in the contract with those of ECR, and give it this secret as its credential.',
  ROTATION_INTERFERED:
    'Find out who changed this during the rotation, and restore what the facts say was expected. Then run again.',
  ROTATION_ESCROW:
    'Create the secret in Secrets Manager for this credential, with an enabled KMS key, or cancel its deletion.',
  ROTATION_POLICY: 'Correct the policy of this credential.',
} as const;

export const { reason, hold } = withRemedies(REMEDIES);
