import { credentialKind } from '../credential-kind.ts';
import { idsOf } from '../report/declared-consumer.ts';
import { lintGithubAppKey } from './lint.ts';
import { GithubAppKey } from './terms.ts';

export const githubAppKey = credentialKind({
  terms: GithubAppKey,
  role: 'rotate',
  changes: 'the escrow',
  resource: ({ escrow }) => ({ service: 'secretsmanager', resource: `secret:${escrow}` }),
  owns: ({ escrow }) => [{ what: 'secret', name: escrow }],
  needsApp: () => false,
  lint: lintGithubAppKey,
  report: {
    mostDays: 180,
    subject: ({ app }) => `private key of App ${app}`,
    users: idsOf,
    load: () => import('../report/secret-age.ts'),
  },
});
