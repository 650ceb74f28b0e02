import type { User } from '../../world/user.ts';
import type { World } from '../../world/world.ts';
import { timeOf } from '../../world/world.ts';
import { apiOf } from '../url.ts';
import { nodeId } from './node-id.ts';

/** GitHub's "simple user". */
export function showUser(world: World, { login, id, type }: User) {
  const page = type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : encodeURIComponent(login);
  const url = `${apiOf(world)}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${world.url}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** GitHub's "public user". */
export function showProfile(world: World, user: User) {
  return {
    ...showUser(world, user),
    name: user.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timeOf(world, 0),
    updated_at: timeOf(world, 0),
  };
}
