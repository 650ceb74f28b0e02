import { credentialKind } from '../credential-kind.ts';
import { ownedBy } from '../owned-by.ts';
import { idsOf } from '../report/declared-consumer.ts';
import { lintGithubDeployKey } from './lint.ts';
import { GithubDeployKey } from './terms.ts';

export const githubDeployKey = credentialKind({
  terms: GithubDeployKey,
  role: 'rotate',
  changes: 'the escrow',
  resource: ({ escrow }) => ({ service: 'secretsmanager', resource: `secret:${escrow}` }),
  owns: ({ escrow, consumers }) => [{ what: 'secret', name: escrow }, ...ownedBy(consumers, ['A', 'B'])],
  needsApp: () => true,
  lint: lintGithubDeployKey,
  report: {
    mostDays: 180,
    subject: ({ repository }) => `deploy key of ${repository}`,
    users: idsOf,
    replacement: () =>
      'An installation token of a GitHub App, which lasts an hour and is made when a job needs it.',
    load: () => import('./report.ts'),
  },
});
