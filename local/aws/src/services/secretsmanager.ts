import { lifeOperations } from '../secrets/life.ts';
import { listOperations } from '../secrets/list.ts';
import { replicaOperations } from '../secrets/replicate.ts';
import { rotationOperations } from '../secrets/rotate.ts';
import { secretRules } from '../secrets/rules.ts';
import { valueOperations } from '../secrets/values.ts';
import { versionOperations } from '../secrets/versions.ts';
import type { Service } from '../world/service.ts';

export { failReplication } from '../secrets/replicas.ts';
export { loginsOf, type RotationScript, type RotationStep, scriptRotation } from '../secrets/rotate.ts';
export { deleteSecret, type SecretSeed, secretsOf, seedSecret } from '../secrets/state.ts';

/** Secrets Manager: values in versions, the labels on them, rotation by a function's script, replicas. */
export const secretsmanager: Service = {
  name: 'secretsmanager',
  sdk: '@aws-sdk/client-secrets-manager',
  operations: {
    ...lifeOperations,
    ...listOperations,
    ...valueOperations,
    ...versionOperations,
    ...rotationOperations,
    ...replicaOperations,
  },
  rules: secretRules,
};
