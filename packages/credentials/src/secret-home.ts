import type { CredentialConsumer } from './consumers.ts';

/** Whose secrets and variables they are. GitHub serves each level at addresses of its own, with keys of its own. */
export type SecretHome =
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'environment'; readonly repository: string; readonly environment: string }
  | { readonly kind: 'organisation'; readonly organisation: string };

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

/** As reports name it. */
export function nameOf(home: SecretHome): string {
  if (home.kind === 'organisation') return home.organisation;
  return home.kind === 'repository' ? home.repository : `${home.repository} (${home.environment})`;
}

/** The same in letters, digits and `./@-`, for the names of journal entries. */
export function placeOf(home: SecretHome): string {
  if (home.kind === 'organisation') return home.organisation;
  if (home.kind === 'repository') return home.repository;
  return `${home.repository}@${encodeURIComponent(home.environment).replaceAll('%', '.')}`;
}
