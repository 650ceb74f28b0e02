import { credentialKind } from '../credential-kind.ts';
import { RepositoryCredentials } from './terms.ts';

export const repositoryCredentials = credentialKind({
  terms: RepositoryCredentials,
  role: 'rotate-secret',
  changes: 'the secret',
  resource: ({ secret }) => ({ service: 'secretsmanager', resource: `secret:${secret}` }),
  owns: ({ secret }) => [{ what: 'secret', name: secret }],
  needsApp: () => false,
  lint: () => [],
  report: {
    mostDays: 90,
    subject: ({ secret }) => `secret ${secret}`,
    users: () => ['tasks of the cluster, as its rotation finds them'],
    load: () => import('../report/secret-age.ts'),
  },
});
