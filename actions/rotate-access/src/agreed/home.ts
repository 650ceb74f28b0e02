import type { CredentialConsumer } from '@tenant-delivery/credentials/consumers';
import type { SecretHome } from '@tenant-delivery/github/secrets/secret-home';

/** Where in GitHub a consumer of a contract has its secrets. */
export function homeOf({
  repository,
  environment,
  organisation,
}: CredentialConsumer & { readonly kind: 'github' }): SecretHome {
  if (organisation) return { kind: 'organisation', organisation: repository.split('/')[0] ?? '' };
  return environment === undefined
    ? { kind: 'repository', repository }
    : { kind: 'environment', repository, environment };
}
