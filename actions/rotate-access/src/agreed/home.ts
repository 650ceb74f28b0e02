import type { SecretHome } from '@tenant-delivery/github/secrets/secret-home';
import type { CredentialConsumer } from '@tenant-delivery/tenancy/credential-kinds/consumers';

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
