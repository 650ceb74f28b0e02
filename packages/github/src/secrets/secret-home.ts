import type { SecretHome } from '@tenant-delivery/credentials/secret-home';

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
