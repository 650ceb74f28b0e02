import { credentialKind } from '../credential-kind.ts';
import { ownedBy } from '../owned-by.ts';
import { idsOf } from '../report/declared-consumer.ts';
import { lintIamAccessKey } from './lint.ts';
import { replacementOf } from './replacement.ts';
import { IamAccessKey } from './terms.ts';

export const iamAccessKey = credentialKind({
  terms: IamAccessKey,
  role: 'rotate',
  changes: 'the user',
  resource: ({ user }) => ({ service: 'iam', resource: `user/${user}`, global: true }),
  owns: ({ user, escrow, consumers }) => [
    { what: 'user', name: user },
    { what: 'secret', name: escrow },
    ...ownedBy(consumers, ['ID_A', 'SECRET_A', 'ID_B', 'SECRET_B']),
  ],
  needsApp: ({ consumers }) => consumers.some(({ kind }) => kind === 'github'),
  lint: lintIamAccessKey,
  report: {
    mostDays: 60,
    subject: ({ user }) => `user ${user}`,
    users: idsOf,
    replacement: replacementOf,
    load: () => import('./report.ts'),
  },
});
