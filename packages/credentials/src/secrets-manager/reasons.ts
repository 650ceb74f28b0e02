import { withRemedies } from '@tenant-delivery/rotation/remedies';

/**
 * Why the rotation of a secret that tasks are given stops and waits, or does not begin. Each has a page in
 * `docs/failures`.
 */
const REMEDIES = {
  ROTATION_SECRET:
    'Compare the secret with the contract: whether it exists, has a current value, and has a function that makes its values.',
  ROTATION_STUCK:
    'Fix the rotation function at the step in the facts. Then remove AWSPENDING from the version with UpdateSecretVersionStage, and run again. CancelRotateSecret would turn rotation off for good.',
  ROTATION_VALUE_AWAITED:
    'Have the owner make a new value upstream and put it into the secret themselves, with the single label TDPENDING (put-secret-value --version-stages TDPENDING). Never pass it to a workflow. Then run again.',
  ROTATION_WINDOW:
    'Agree on a time in which the users of this secret may fail, and put it into `outages` of the credential; or give the secret a rotation function for alternating users.',
  ROTATION_NO_SERVICES:
    'Name the secret in the task definition of a service of the cluster, or take the credential out of the contract.',
  ROTATION_SERVICE: 'Fix what the message says about this service, and run again.',
  ROTATION_DEPLOY_FAILED:
    'Find out why the tasks did not become healthy. If the value is at fault, have its owner stage another one. If it was something else, fix it and run again with `wish: forced`.',
  ROTATION_NOT_PROVEN:
    'No task works with the new value, so nothing shows that it is right. Make at least one service with the secret run a task, and run again.',
  ROTATION_SECRET_CHANGED:
    'Find out who changed the secret during the rotation, restore what the facts say was expected, and run again.',
  ROTATION_REPLICA: 'Fix the replica in the facts, or remove its region from the replication, and run again.',
  ROTATION_TASKS_LEFT:
    'The facts name tasks that still have the old value. Have the people who run them replace or stop them, and run again.',
} as const;

export type SecretsManagerReasonCode = keyof typeof REMEDIES;

export const { reason, hold } = withRemedies<SecretsManagerReasonCode>(REMEDIES);
