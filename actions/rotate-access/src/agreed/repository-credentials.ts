import type { CredentialOpening } from './opening.ts';
import { openSecretsManager, secretSubject } from './secrets-manager.ts';

/** What tasks pull their images with: a task that really pulled is the proof. */
export const opening: CredentialOpening<'repository-credentials'> = {
  subject: secretSubject,
  open: openSecretsManager,
};
