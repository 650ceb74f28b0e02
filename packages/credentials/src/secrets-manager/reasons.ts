import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why the rotation of a secret that tasks are given stops and waits, or does not begin. Each has a page in `docs/failures`. */
const REMEDIES = {
  ROTATION_SECRET:
    'Compare the secret with what the contract says of it: that it is there, that it has a current value, and whether a function makes its values.',
  ROTATION_STUCK:
    'Mend the rotation function at the step that the facts name. Then take AWSPENDING off the version with UpdateSecretVersionStage, and run again. CancelRotateSecret would turn rotation off for good.',
  ROTATION_VALUE_AWAITED:
    'Let the owner make a new value upstream and put it into the secret themselves, staged TDPENDING alone (put-secret-value --version-stages TDPENDING). Never pass it to a workflow. Then run again.',
  ROTATION_WINDOW:
    'Agree on a time in which the users of this secret may fail, and put it into `outages` of the credential; or give the secret a rotation function for alternating users.',
  ROTATION_NO_SERVICES:
    'Name the secret in the task definition of a service of the cluster, or take the credential out of the contract.',
  ROTATION_SERVICE: 'Mend what the message says at this service, and run again.',
  ROTATION_DEPLOY_FAILED:
    'Read why the tasks did not become healthy. When the value is at fault, let its owner stage another one; when it was something else, mend it and run again with `wish: forced`.',
  ROTATION_NOT_PROVEN:
    'No task works with the new value, so nothing shows that it is right. Let at least one service of the secret run a task, and run again.',
  ROTATION_SECRET_CHANGED:
    'Find out who changed the secret while the rotation was under way, put back what the facts say was expected, and run again.',
  ROTATION_REPLICA:
    'Mend the replica that the facts name, or take its region out of the replication, and run again.',
  ROTATION_TASKS_LEFT:
    'The facts name tasks that still have the old value. Let whoever runs them replace or stop them, and run again.',
} as const;

export type SecretsManagerReasonCode = keyof typeof REMEDIES;

export const { reason, hold } = withRemedies<SecretsManagerReasonCode>(REMEDIES);
