import type { BranchPolicy, Environment, RefPattern } from '../../world/environment.ts';
import { type Repository, roleOf } from '../../world/repository.ts';
import { type User, userWithId } from '../../world/user.ts';
import type { World } from '../../world/world.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, unprocessable, validationFailed } from '../errors.ts';
import { write } from '../routes.ts';
import { showEnvironment } from '../show/environment.ts';
import { environmentIn, POLICIES, patternsOf, showPattern } from './environments.ts';

const MOST_REVIEWERS = 6;

/** Settings of environments: for admins, and for Apps with `administration: write`. No route changes who may bypass. */
export const environmentSettings: readonly Route[] = [
  write('PUT', ['administration'], '/environments/{environment}', set, 'admin'),
  write('POST', ['administration'], POLICIES, addPattern, 'admin'),
  write('DELETE', ['administration'], `${POLICIES}/{id}`, removePattern, 'admin'),
];

/** Makes the environment or replaces all its settings: what the body leaves out is as in a new one. */
function set(call: RepositoryCall): Reply {
  const { world, repository, parameters, body } = call;
  const name = parameters['environment'] ?? '';
  const known = repository.environments.get(name.toLowerCase());
  const reviewers = reviewersIn(world, repository, body['reviewers']);
  const environment: Environment = {
    id: known?.id ?? world.nextId(),
    name: known?.name ?? name,
    reviewers,
    preventSelfReview: bodyOf(call, 'Environment').optionalBoolean('prevent_self_review') ?? false,
    adminsBypass: known?.adminsBypass ?? true,
    branchPolicy: branchPolicyIn(body['deployment_branch_policy'], known),
    createdAt: known?.createdAt ?? world.clock.now(),
    updatedAt: world.clock.now(),
  };
  repository.environments.set(name.toLowerCase(), environment);
  return ok(showEnvironment(world, repository, environment));
}

function reviewersIn(world: World, repository: Repository, given: unknown): readonly User[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalid('reviewers', 'reviewers is not an array.');
  if (given.length > MOST_REVIEWERS)
    throw unprocessable(`You can have a maximum of ${MOST_REVIEWERS} reviewers.`);
  const reviewers = given.map((each: unknown) => reviewerIn(world, repository, each));
  // "Deployments and environments": required reviewers of a private repository come with GitHub Enterprise
  if (reviewers.length > 0 && repository.visibility !== 'public' && repository.owner.plan !== 'enterprise')
    throw unprocessable(
      'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
    );
  return reviewers;
}

function reviewerIn(world: World, repository: Repository, given: unknown): User {
  const { type, id } = Object(given) as { readonly type?: unknown; readonly id?: unknown }; // each member is looked at
  if (type !== 'User') throw invalid('reviewers', 'local-github knows no teams.');
  const user = typeof id === 'number' ? userWithId(world, id) : undefined;
  if (!user || roleOf(repository, user) === undefined)
    throw invalid('reviewers', `${String(id)} has no read access to the repository.`);
  return user;
}

function branchPolicyIn(given: unknown, known: Environment | undefined): BranchPolicy {
  if (given === undefined || given === null) return { kind: 'all' };
  const { protected_branches: ofProtected, custom_branch_policies: custom } = Object(given) as {
    readonly protected_branches?: unknown;
    readonly custom_branch_policies?: unknown;
  }; // each member is looked at
  if (typeof ofProtected !== 'boolean' || typeof custom !== 'boolean' || ofProtected === custom)
    throw unprocessable('protected_branches and custom_branch_policies cannot have the same value.');
  if (ofProtected) return { kind: 'protected' };
  return known?.branchPolicy.kind === 'custom' ? known.branchPolicy : { kind: 'custom', patterns: [] };
}

function addPattern(call: RepositoryCall): Reply {
  const { world, repository } = call;
  const environment = environmentIn(call);
  if (environment.branchPolicy.kind !== 'custom') throw notFound();
  const body = bodyOf(call, 'DeploymentBranchPolicy');
  const pattern = body.text('name');
  const type = body.optionalOneOf('type', ['branch', 'tag']) ?? 'branch';
  const { patterns } = environment.branchPolicy;
  if (patterns.some((each) => each.pattern === pattern && each.type === type)) return { status: 303 };
  const added: RefPattern = { id: world.nextId(), type, pattern };
  keep(repository, environment, [...patterns, added]);
  return ok(showPattern(added));
}

function removePattern(call: RepositoryCall): Reply {
  const environment = environmentIn(call);
  const patterns = patternsOf(environment.branchPolicy);
  const rest = patterns.filter(({ id }) => id !== Number(call.parameters['id']));
  if (rest.length === patterns.length) throw notFound();
  keep(call.repository, environment, rest);
  return { status: 204 };
}

function keep(repository: Repository, environment: Environment, patterns: readonly RefPattern[]): void {
  const branchPolicy = { kind: 'custom', patterns } as const;
  repository.environments.set(environment.name.toLowerCase(), { ...environment, branchPolicy });
}

function invalid(field: string, message: string) {
  return validationFailed({ resource: 'Environment', field, code: 'invalid', message });
}
