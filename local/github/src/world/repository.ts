import type { Activity } from './activity.ts';
import type { Attestation } from './attestation.ts';
import type { CheckRun } from './check-run.ts';
import type { IssueComment } from './comment.ts';
import type { Deployment } from './deployment.ts';
import type { Environment } from './environment.ts';
import type { Issue } from './issue.ts';
import type { PullRequest } from './pull-request.ts';
import type { Release } from './release.ts';
import type { Ruleset } from './ruleset.ts';
import type { Run } from './run.ts';
import { addUser, type User } from './user.ts';
import type { World } from './world.ts';

export type Role = 'read' | 'write' | 'admin';

/** How the `sub` of a repository's identity tokens is made (GitHub, "OpenID Connect reference"). */
export interface SubjectCustomisation {
  readonly useDefault: boolean;
  readonly claimKeys: readonly string[];
  /** `repo:OWNER@OWNERID/NAME@ID:…` instead of `repo:OWNER/NAME:…`. */
  readonly immutable: boolean;
}

export interface Repository {
  /** `owner/name`. */
  readonly fullName: string;
  readonly name: string;
  readonly owner: User;
  readonly id: number;
  /** The git repository on disk, bare or not. */
  readonly path: string;
  readonly defaultBranch: string;
  readonly visibility: 'public' | 'private' | 'internal';
  readonly parent?: Repository;
  readonly createdAt: number;
  subject: SubjectCustomisation;
  /** Branches that a rule protects: what `protected_branches` of an environment means. */
  readonly protectedBranches: Set<string>;
  /** Roles of users by login in lower case. Nobody else sees a private repository. */
  readonly collaborators: Map<string, Role>;
  /** By name in lower case: GitHub compares environment names without regard to case. */
  readonly environments: Map<string, Environment>;
  readonly deployments: Deployment[];
  readonly runs: Run[];
  readonly pulls: PullRequest[];
  readonly issues: Issue[];
  readonly comments: IssueComment[];
  readonly checkRuns: CheckRun[];
  /** How its branches came to be where they are, oldest first. */
  readonly activities: Activity[];
  readonly rulesets: Ruleset[];
  readonly releases: Release[];
  readonly attestations: Attestation[];
  /** Releases that are published from now on can't be changed. */
  immutableReleases: boolean;
  /** Jobs may open pull requests ("Allow GitHub Actions to create and approve pull requests"); off unless switched on. */
  actionsOpenPullRequests: boolean;
}

export interface NewRepository {
  readonly owner: string;
  readonly ownerId: number;
  readonly name: string;
  readonly id: number;
  readonly path: string;
  /** Subjects with ids in them: what a repository made since 2026-07-15 has. */
  readonly immutableSub?: boolean;
  /** `main` unless told. */
  readonly defaultBranch?: string;
  /** `private` unless told. */
  readonly visibility?: Repository['visibility'];
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** `owner/name` of the repository that this one was forked from. */
  readonly forkOf?: string;
}

export function addRepository(world: World, given: NewRepository): Repository {
  const fullName = `${given.owner}/${given.name}`;
  if (world.repositories.has(fullName.toLowerCase())) throw new Error(`The repository ${fullName} exists.`);
  const owner = addUser(world, { login: given.owner, id: given.ownerId, type: 'Organization' });
  const repository: Repository = {
    fullName,
    name: given.name,
    owner,
    id: given.id,
    path: given.path,
    defaultBranch: given.defaultBranch ?? 'main',
    visibility: given.visibility ?? 'private',
    ...(given.forkOf === undefined ? {} : { parent: repositoryNamed(world, given.forkOf) }),
    createdAt: world.clock.now(),
    subject: { useDefault: true, claimKeys: [], immutable: given.immutableSub ?? false },
    protectedBranches: new Set(),
    collaborators: new Map(
      Object.entries(given.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role]),
    ),
    environments: new Map(),
    deployments: [],
    runs: [],
    pulls: [],
    issues: [],
    comments: [],
    checkRuns: [],
    activities: [],
    rulesets: [],
    releases: [],
    attestations: [],
    immutableReleases: false,
    actionsOpenPullRequests: false,
  };
  world.repositories.set(fullName.toLowerCase(), repository);
  return repository;
}

export function repositoryNamed(world: World, fullName: string): Repository {
  const repository = world.repositories.get(fullName.toLowerCase());
  if (!repository) {
    const known = [...world.repositories.values()].map((each) => each.fullName).join(', ');
    throw new Error(`There is no repository ${fullName}. Repositories: ${known}.`);
  }
  return repository;
}

export function roleOf(repository: Repository, user: User): Role | undefined {
  if (repository.owner.id === user.id) return 'admin';
  return (
    repository.collaborators.get(user.login.toLowerCase()) ??
    (repository.visibility === 'public' ? 'read' : undefined)
  );
}
