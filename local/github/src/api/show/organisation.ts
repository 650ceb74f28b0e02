import type { User } from '../../world/user.ts';
import { timeOf, type World } from '../../world/world.ts';
import { apiOf } from '../url.ts';
import { showUser } from './user.ts';

/** GitHub's "organization full", without what only its owner sees. */
export function showOrganisation(world: World, organisation: User) {
  const { login, id, node_id, avatar_url, html_url, type } = showUser(world, organisation);
  const url = `${apiOf(world)}/orgs/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url,
    description: null,
    name: login,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url,
    created_at: timeOf(world, 0),
    updated_at: timeOf(world, 0),
    archived_at: null,
    type,
  };
}
