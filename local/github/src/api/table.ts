import { type Table, tableOf } from './match.ts';
import { activity } from './rooms/activity.ts';
import { apps } from './rooms/apps.ts';
import { attestations } from './rooms/attestations.ts';
import { checks } from './rooms/checks.ts';
import { comments } from './rooms/comments.ts';
import { commits } from './rooms/commits.ts';
import { contents } from './rooms/contents.ts';
import { deployKeys } from './rooms/deploy-keys.ts';
import { deployments } from './rooms/deployments.ts';
import { environmentSettings } from './rooms/environment-settings.ts';
import { environments } from './rooms/environments.ts';
import { gitObjects } from './rooms/git-objects.ts';
import { issues } from './rooms/issues.ts';
import { meta } from './rooms/meta.ts';
import { oidc } from './rooms/oidc.ts';
import { pulls } from './rooms/pulls.ts';
import { refs } from './rooms/refs.ts';
import { releases } from './rooms/releases.ts';
import { repository } from './rooms/repository.ts';
import { reviewsOfRuns } from './rooms/reviews-of-runs.ts';
import { rulesets } from './rooms/rulesets.ts';
import { runs } from './rooms/runs.ts';
import { secrets } from './rooms/secrets.ts';
import { users } from './rooms/users.ts';
import { variables } from './rooms/variables.ts';
import { workflows } from './rooms/workflows.ts';

/** Everything that is served. Checks stand before commits, whose ref takes slashes. */
export const table: Table = tableOf([
  ...users,
  ...repository,
  ...activity,
  ...environments,
  ...environmentSettings,
  ...rulesets,
  ...deployments,
  ...reviewsOfRuns,
  ...runs,
  ...pulls,
  ...checks,
  ...commits,
  ...contents,
  ...comments,
  ...issues,
  ...oidc,
  ...refs,
  ...gitObjects,
  ...releases,
  ...attestations,
  ...secrets,
  ...variables,
  ...deployKeys,
  ...workflows,
  ...apps,
  ...meta,
]);
