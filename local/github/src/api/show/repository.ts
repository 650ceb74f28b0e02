import { type Repository, roleOf } from '../../world/repository.ts';
import type { Principal } from '../../world/tokens.ts';
import { timeOf, type World } from '../../world/world.ts';
import { apiOf } from '../url.ts';
import { nodeId } from './node-id.ts';
import { showUser } from './user.ts';

export function repositoryUrl(world: World, { fullName }: Repository): string {
  return `${apiOf(world)}/repos/${fullName}`;
}

/** Addresses below a repository's own, as templates. */
const BELOW: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** GitHub's "minimal repository". */
export function showRepository(world: World, repository: Repository) {
  const { fullName, name, id, owner, visibility, parent } = repository;
  const url = repositoryUrl(world, repository);
  const below = Object.entries(BELOW).map(([key, path]) => [key, `${url}${path}`]);
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: fullName,
    private: visibility !== 'public',
    owner: showUser(world, owner),
    html_url: `${world.url}/${fullName}`,
    description: null,
    fork: parent !== undefined,
    url,
    ...(Object.fromEntries(below) as Readonly<Record<string, string>>), // from a record of text to text
  };
}

/** GitHub's "full repository", and the "repository" of a pull request's ends. */
export function showFullRepository(world: World, repository: Repository, principal?: Principal) {
  const { fullName, defaultBranch, visibility, parent, createdAt, owner } = repository;
  const host = new URL(world.url).host;
  const role = principal?.kind === 'user' ? roleOf(repository, principal.user) : undefined;
  return {
    ...showRepository(world, repository),
    ...(owner.type === 'Organization' ? { organization: showUser(world, owner) } : {}),
    visibility,
    default_branch: defaultBranch,
    clone_url: `${world.url}/${fullName}.git`,
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `git@${host}:${fullName}.git`,
    svn_url: `${world.url}/${fullName}`,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    network_count: 0,
    subscribers_count: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    is_template: false,
    archived: false,
    disabled: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    pushed_at: timeOf(world, createdAt),
    created_at: timeOf(world, createdAt),
    updated_at: timeOf(world, createdAt),
    ...(role
      ? {
          permissions: {
            admin: role === 'admin',
            maintain: role === 'admin',
            push: role !== 'read',
            triage: role !== 'read',
            pull: true,
          },
        }
      : {}),
    ...(parent ? { parent: forkedFrom(world, parent), source: forkedFrom(world, parent) } : {}),
  };
}

function forkedFrom(world: World, parent: Repository): unknown {
  return showFullRepository(world, parent);
}
