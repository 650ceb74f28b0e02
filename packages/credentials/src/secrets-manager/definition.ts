import { credentialKind } from '../credential-kind.ts';
import { lintSecretsManager } from './lint.ts';
import { SecretsManagerSecret } from './terms.ts';

export const secretsManager = credentialKind({
  terms: SecretsManagerSecret,
  role: 'rotate-secret',
  changes: 'the secret',
  resource: ({ secret }) => ({ service: 'secretsmanager', resource: `secret:${secret}` }),
  owns: ({ secret }) => [{ what: 'secret', name: secret }],
  needsApp: () => false,
  lint: lintSecretsManager,
  report: {
    mostDays: 90,
    subject: ({ secret }) => `secret ${secret}`,
    users: () => ['tasks of the cluster, as its rotation finds them'],
    load: () => import('../report/secret-age.ts'),
  },
});
