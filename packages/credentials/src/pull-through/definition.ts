import { credentialKind } from '../credential-kind.ts';
import { lintPullThrough } from './lint.ts';
import { PullThrough } from './terms.ts';

export const pullThrough = credentialKind({
  terms: PullThrough,
  role: 'rotate-registry',
  changes: 'the secret',
  resource: ({ secret }) => ({ service: 'secretsmanager', resource: `secret:${secret}` }),
  owns: ({ secret }) => [{ what: 'secret', name: secret }],
  needsApp: () => false,
  lint: lintPullThrough,
  report: {
    mostDays: 90,
    subject: ({ prefix }) => `pull-through rule ${prefix}`,
    users: ({ prefix }) => [`pulls of images below ${prefix}/`],
    load: () => import('./report.ts'),
  },
});
