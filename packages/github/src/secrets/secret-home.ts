/** Whose secrets and variables they are. Each has a public key of its own. */
export type SecretHome =
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'environment'; readonly repository: string; readonly environment: string }
  | { readonly kind: 'organisation'; readonly organisation: string };

/** What an App's token needs to keep a credential there, and no more, by GitHub's names of the permissions. */
export function permissionsFor(home: SecretHome): Readonly<Record<string, 'read' | 'write'>> {
  switch (home.kind) {
    case 'repository':
      return { secrets: 'write', actions_variables: 'write', actions: 'write' };
    case 'environment':
      return { environments: 'write', actions: 'write' };
    case 'organisation':
      return { organization_secrets: 'write', organization_actions_variables: 'write', actions: 'read' };
  }
}

/** What it takes beside that to start the workflow that proves a key, where one token for all would reach too far. */
export const PROVING = { actions: 'write' } as const;

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
