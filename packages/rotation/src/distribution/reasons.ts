import { withRemedies } from '../remedies.ts';

/** What keeps a key from its consumers, or an old one from its end, whatever kind it is. */
export const DISTRIBUTION_REMEDIES = {
  ROTATION_INTERFERED:
    'Find out who changed this during the rotation, and restore what the facts say was expected. Then run again.',
  ROTATION_PROOF_FAILED:
    "Read the consumer's own run, which the facts name, fix what it says, and run again.",
  ROTATION_DRAIN_OVERDUE:
    'The old key is still in use. The facts name its users; move them to the new key, or allow a longer drain.',
  ROTATION_ESCROW:
    'Create the secret in Secrets Manager for this credential, with an enabled key, or cancel its deletion.',
  ROTATION_NO_CONSUMERS:
    'Name at least one place that uses the key. If there is none, delete the key instead.',
  ROTATION_CONSUMER: 'Fix what the message says about this consumer, and run again.',
  ROTATION_POLICY: 'Correct the policy of this credential.',
} as const;

export const { reason, hold } = withRemedies(DISTRIBUTION_REMEDIES);
