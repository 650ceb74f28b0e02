import type { App } from '../../world/app.ts';
import { ACTIONS_APP } from '../../world/check-run.ts';
import { addUser } from '../../world/user.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { showUser } from './user.ts';

/** The GitHub App behind every job's `GITHUB_TOKEN`; its id is GitHub's. */
export function showActionsApp(world: World) {
  return {
    id: ACTIONS_APP,
    slug: 'github-actions',
    node_id: nodeId('Integration', ACTIONS_APP),
    owner: showUser(world, addUser(world, { login: 'github', id: 9_919, type: 'Organization' })),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: `${world.url}/features/actions`,
    html_url: `${world.url}/apps/github-actions`,
    created_at: timeOf(world, 0),
    updated_at: timeOf(world, 0),
    permissions: {},
    events: [],
  };
}

export function showApp(world: World, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: showUser(world, app.owner),
    name: app.slug,
    description: null,
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: timeOf(world, app.createdAt),
    updated_at: timeOf(world, app.createdAt),
    permissions: { metadata: 'read', ...app.permissions },
    events: [],
  };
}
