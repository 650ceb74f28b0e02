import { openSecretsManager, secretSubject } from './ecs-secret.ts';
import type { CredentialOpening } from './opening.ts';

/** What tasks pull their images with: a task that really pulled is the proof. */
export const opening: CredentialOpening<'repository-credentials'> = {
  subject: secretSubject,
  open: openSecretsManager,
};
