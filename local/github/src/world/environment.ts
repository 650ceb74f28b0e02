import { matchesPattern } from './ref-pattern.ts';
import type { Repository } from './repository.ts';
import type { User } from './user.ts';
import { userWithId } from './user.ts';
import type { World } from './world.ts';

/** Which refs may deploy to an environment. A pattern's `*` does not cross a slash. */
export type BranchPolicy =
  | { readonly kind: 'all' }
  | { readonly kind: 'protected' }
  | { readonly kind: 'custom'; readonly patterns: readonly RefPattern[] };

export interface RefPattern {
  readonly id: number;
  readonly type: 'branch' | 'tag';
  readonly pattern: string;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly reviewers: readonly User[];
  readonly preventSelfReview: boolean;
  readonly adminsBypass: boolean;
  readonly branchPolicy: BranchPolicy;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface EnvironmentSettings {
  readonly name: string;
  /** Ids of users. They are given read access when they have none, as GitHub asks of reviewers. */
  readonly reviewers?: readonly number[];
  readonly preventSelfReview?: boolean;
  /** GitHub's default is true. */
  readonly adminsBypass?: boolean;
  /** Patterns of branches, or `protected`. Without branches and tags every ref may deploy. */
  readonly branches?: readonly string[] | 'protected';
  readonly tags?: readonly string[];
}

const MOST_REVIEWERS = 6;

/** Creates the environment or replaces its settings; the id stays. */
export function setEnvironment(
  world: World,
  repository: Repository,
  settings: EnvironmentSettings,
): Environment {
  const known = repository.environments.get(settings.name.toLowerCase());
  if ((settings.reviewers?.length ?? 0) > MOST_REVIEWERS) {
    throw new Error(`${settings.name} has more than ${MOST_REVIEWERS} reviewers, which GitHub refuses.`);
  }
  const reviewers = (settings.reviewers ?? []).map((id) => {
    const user = userWithId(world, id);
    if (!user) throw new Error(`There is no user with the id ${id} to review ${settings.name}.`);
    const login = user.login.toLowerCase();
    if (!repository.collaborators.has(login)) repository.collaborators.set(login, 'read');
    return user;
  });
  const environment: Environment = {
    id: known?.id ?? world.nextId(),
    name: known?.name ?? settings.name,
    reviewers,
    preventSelfReview: settings.preventSelfReview ?? false,
    adminsBypass: settings.adminsBypass ?? true,
    branchPolicy: branchPolicyOf(world, settings),
    createdAt: known?.createdAt ?? world.clock.now(),
    updatedAt: world.clock.now(),
  };
  repository.environments.set(settings.name.toLowerCase(), environment);
  return environment;
}

/** A job that names an unknown environment brings it into being, unprotected: GitHub's behaviour, and its trap. */
export function environmentOf(world: World, repository: Repository, name: string): Environment {
  return repository.environments.get(name.toLowerCase()) ?? setEnvironment(world, repository, { name });
}

/** Whether a workflow at this full ref (`refs/heads/main`) may deploy there. */
export function admitsRef(repository: Repository, environment: Environment, ref: string): boolean {
  const policy = environment.branchPolicy;
  if (policy.kind === 'all') return true;
  if (policy.kind === 'protected') {
    return ref.startsWith('refs/heads/') && repository.protectedBranches.has(ref.slice('refs/heads/'.length));
  }
  return policy.patterns.some(({ type, pattern }) => {
    const prefix = type === 'tag' ? 'refs/tags/' : ref.startsWith('refs/pull/') ? '' : 'refs/heads/';
    return ref.startsWith(prefix) && matchesPattern(pattern, ref.slice(prefix.length));
  });
}

function branchPolicyOf(world: World, { branches = [], tags = [] }: EnvironmentSettings): BranchPolicy {
  if (branches === 'protected') return { kind: 'protected' };
  if (branches.length + tags.length === 0) return { kind: 'all' };
  return {
    kind: 'custom',
    patterns: [
      ...branches.map((pattern) => ({ id: world.nextId(), type: 'branch' as const, pattern })),
      ...tags.map((pattern) => ({ id: world.nextId(), type: 'tag' as const, pattern })),
    ],
  };
}
