import { withRemedies } from '../remedies.ts';

/** What keeps a key from its consumers, or an old one from its end, whatever kind it is. */
export const DISTRIBUTION_REMEDIES = {
  ROTATION_INTERFERED:
    'Find out who changed this while the rotation was under way, and put it back to what the facts say was expected. Then run again.',
  ROTATION_PROOF_FAILED:
    "Read the consumer's own run, which the facts name, mend what it says, and run again.",
  ROTATION_DRAIN_OVERDUE:
    'The old key is still used. The facts name by whom; move them to the new key, or allow a longer drain.',
  ROTATION_ESCROW:
    'Create the secret of Secrets Manager that holds this credential, with an enabled key, or stop its deletion.',
  ROTATION_NO_CONSUMERS:
    'Name at least one place where the key is used; without one, delete the key instead.',
  ROTATION_CONSUMER: 'Mend what the message says at this consumer, and run again.',
  ROTATION_POLICY: 'Correct the policy of this credential.',
} as const;

export const { reason, hold } = withRemedies(DISTRIBUTION_REMEDIES);
