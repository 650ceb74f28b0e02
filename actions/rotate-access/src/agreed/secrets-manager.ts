import { openSecretsManager, secretSubject } from './ecs-secret.ts';
import type { CredentialOpening } from './opening.ts';

export const opening: CredentialOpening<'secrets-manager'> = {
  subject: secretSubject,
  open: openSecretsManager,
};
