import { type Table, tableOf } from './match.ts';
import { checks } from './rooms/checks.ts';
import { comments } from './rooms/comments.ts';
import { commits } from './rooms/commits.ts';
import { contents } from './rooms/contents.ts';
import { deployments } from './rooms/deployments.ts';
import { environments } from './rooms/environments.ts';
import { oidc } from './rooms/oidc.ts';
import { pulls } from './rooms/pulls.ts';
import { refs } from './rooms/refs.ts';
import { repository } from './rooms/repository.ts';
import { reviewsOfRuns } from './rooms/reviews-of-runs.ts';
import { runs } from './rooms/runs.ts';
import { users } from './rooms/users.ts';

/** Everything that is served. Checks stand before commits, whose ref takes slashes. */
export const table: Table = tableOf([
  ...users,
  ...repository,
  ...environments,
  ...deployments,
  ...reviewsOfRuns,
  ...runs,
  ...pulls,
  ...checks,
  ...commits,
  ...contents,
  ...comments,
  ...oidc,
  ...refs,
]);
