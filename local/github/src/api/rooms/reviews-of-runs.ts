import { decide, objection } from '../../world/approval.ts';
import type { Environment } from '../../world/environment.ts';
import type { Run } from '../../world/run.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';
import { showDeployment } from '../show/deployment.ts';
import { showEnvironment, showEnvironmentName, showReviewers } from '../show/environment.ts';
import { showUser } from '../show/user.ts';
import { runIn } from './runs.ts';

export const reviewsOfRuns: readonly Route[] = [
  read(['actions'], '/actions/runs/{run}/approvals', (call) => {
    const { world, repository } = call;
    return ok(
      runIn(call).approvals.map(({ state, comment, environments, user }) => ({
        state,
        comment,
        environments: environments.map((each) => {
          const { protection_rules, deployment_branch_policy, can_admins_bypass, ...shown } = showEnvironment(
            world,
            repository,
            each,
          );
          return shown;
        }),
        user: showUser(world, user),
      })),
    );
  }),
  read(['actions'], '/actions/runs/{run}/pending_deployments', (call) => {
    const { world, repository } = call;
    const run = runIn(call);
    return ok(
      waitingEnvironments(run).map((environment) => ({
        environment: showEnvironmentName(world, repository, environment),
        wait_timer: 0,
        wait_timer_started_at: null,
        current_user_can_approve: objection(run, environment, authorOf(call)) === undefined,
        reviewers: showReviewers(world, environment),
      })),
    );
  }),
  write('POST', ['deployments'], '/actions/runs/{run}/pending_deployments', review, 'read'),
];

/** A reviewer decides. One refusal refuses all: nothing is decided in part. */
function review(call: RepositoryCall): Reply {
  const run = runIn(call);
  const body = bodyOf(call, 'PendingDeployment');
  const ids = body.integers('environment_ids');
  const state = body.oneOf('state', ['approved', 'rejected']);
  const comment = body.text('comment');
  const user = authorOf(call);
  const environments = waitingEnvironments(run).filter(({ id }) => ids.includes(id));
  if (environments.length === 0 || environments.length < new Set(ids).size) {
    throw unprocessable('No pending deployment requests to approve or reject');
  }
  const reasons = environments.flatMap((environment) => objection(run, environment, user) ?? []);
  if (reasons.length > 0) throw unprocessable('Validation Failed', ...reasons);
  const decided = decide(run, { state, comment, environments, user });
  const deployments = decided.flatMap(({ job }) => job.deployment ?? []);
  return ok(deployments.map((deployment) => showDeployment(call.world, deployment)));
}

function waitingEnvironments(run: Run): readonly Environment[] {
  return [...new Map(run.pending.map(({ environment }) => [environment.id, environment])).values()];
}
