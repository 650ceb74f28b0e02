import { resolveCommit } from '../../git/resolve.ts';
import {
  addDeployment,
  addDeploymentStatus,
  type Deployment,
  type DeploymentState,
} from '../../world/deployment.ts';
import { environmentOf } from '../../world/environment.ts';
import { authorOf } from '../author.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, unprocessable, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showDeployment, showDeploymentStatus } from '../show/deployment.ts';
import { checksOf, newestOfEachName } from './checks-of-commit.ts';

const STATES: readonly DeploymentState[] = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
];
const LONGEST_DESCRIPTION = 140;

export const deployments: readonly Route[] = [
  read(['deployments'], '/deployments', (call) => {
    const { query, repository, world } = call;
    const asked = (['sha', 'ref', 'task', 'environment'] as const)
      .map((name) => [name, query.get(name)] as const)
      .filter(([, value]) => value !== null && value !== '' && value !== 'none');
    const found = repository.deployments.filter((each) =>
      asked.every(([name, value]) => each[name] === value),
    );
    return page(call, found.toReversed(), (some) => some.map((each) => showDeployment(world, each)));
  }),
  write('POST', ['deployments'], '/deployments', create),
  read(['deployments'], '/deployments/{id}', (call) => ok(showDeployment(call.world, deploymentIn(call)))),
  read(['deployments'], '/deployments/{id}/statuses', (call) => {
    const deployment = deploymentIn(call);
    return page(call, deployment.statuses.toReversed(), (some) =>
      some.map((each) => showDeploymentStatus(call.world, deployment, each)),
    );
  }),
  write('POST', ['deployments'], '/deployments/{id}/statuses', createStatus),
  read(['deployments'], '/deployments/{id}/statuses/{status}', (call) => {
    const deployment = deploymentIn(call);
    const status = deployment.statuses.find(({ id }) => id === Number(call.parameters['status']));
    if (!status) throw notFound();
    return ok(showDeploymentStatus(call.world, deployment, status));
  }),
];

async function create(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const body = bodyOf(call, 'Deployment');
  const ref = body.text('ref');
  const sha = await resolveCommit(repository.path, ref);
  if (!sha) throw unprocessable(`No ref found for: ${ref}`);
  requireContexts(call, ref, sha);
  const environment = environmentOf(world, repository, body.optionalText('environment') ?? 'production');
  const production = body.optionalBoolean('production_environment');
  const deployment = addDeployment(world, repository, {
    ref,
    sha,
    environment: environment.name,
    creator: authorOf(call),
    task: body.optionalText('task') ?? 'deploy',
    description: body.optionalText('description') ?? '',
    payload: call.body['payload'] ?? {},
    transient: body.optionalBoolean('transient_environment') ?? false,
    ...(production === undefined ? {} : { production }),
  });
  return ok(showDeployment(world, deployment), 201);
}

/** Every check of the commit must be good, or those that the request names; an empty list asks for none. */
function requireContexts({ world, repository, body }: RepositoryCall, ref: string, sha: string): void {
  const named = body['required_contexts'] as readonly string[] | undefined; // as GitHub's description has it
  const checks = newestOfEachName(checksOf(world, repository, sha));
  const wanted = named ?? checks.map(({ name }) => name);
  const stateOf = (context: string) => {
    const check = checks.find(({ name }) => name === context);
    if (check?.conclusion === undefined || check.conclusion === null) return 'pending';
    return ['success', 'neutral', 'skipped'].includes(check.conclusion) ? 'success' : 'failure';
  };
  const contexts = wanted
    .map((context) => ({ context, state: stateOf(context) }))
    .filter(({ state }) => state !== 'success');
  if (contexts.length > 0)
    throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, [
      { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' },
    ]);
}

function createStatus(call: RepositoryCall): Reply {
  const deployment = deploymentIn(call);
  const body = bodyOf(call, 'DeploymentStatus');
  const description = body.optionalText('description') ?? '';
  if (description.length > LONGEST_DESCRIPTION) {
    const message = `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`;
    throw validationFailed({ resource: 'DeploymentStatus', field: 'description', code: 'custom', message });
  }
  const environment = body.optionalText('environment');
  const status = addDeploymentStatus(
    call.world,
    deployment,
    {
      state: body.oneOf('state', STATES),
      creator: authorOf(call),
      description,
      ...(environment === undefined ? {} : { environment }),
      environmentUrl: body.optionalUrl('environment_url') ?? '',
      logUrl: body.optionalUrl('log_url') ?? body.optionalUrl('target_url') ?? '',
    },
    body.optionalBoolean('auto_inactive') === false,
  );
  return ok(showDeploymentStatus(call.world, deployment, status), 201);
}

function deploymentIn({ repository, parameters }: RepositoryCall): Deployment {
  const deployment = repository.deployments.find(({ id }) => id === Number(parameters['id']));
  if (!deployment) throw notFound();
  return deployment;
}
